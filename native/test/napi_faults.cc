/*
 * napi_faults.cc - memory of the addon that can be refused: a part of builds for tests, with SK_FAULTS.
 */
#include "binding.h"

bool sk_napi_refuses(Binding *binding) {
  uint64_t request = ++binding->requests;
  if (binding->refuse_at == 0) return false;
  return request == binding->refuse_at || (binding->refuse_on && request > binding->refuse_at);
}

/* refuse(nth, andLater) -> how many requests there were since the last call. From here on the nth is
   refused, counted from 1; 0: none is. */
static napi_value Refuse(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  uint64_t nth = 0;
  bool on = false;
  Binding *binding = sk_napi_enter(env, info, 2, argv);
  if (!sk_napi_integer(env, argv[0], "nth", &nth)) return nullptr;
  SK_TRY(napi_get_value_bool(env, argv[1], &on));
  uint64_t requests = binding->requests;
  binding->requests = 0;
  binding->refuse_at = nth;
  binding->refuse_on = on;
  return sk_napi_number(env, static_cast<double>(requests));
}

bool sk_napi_export_faults(Binding *binding, napi_value exports) {
  return sk_napi_add(binding, exports, "refuse", Refuse);
}
