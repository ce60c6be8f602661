/*
 * support.cc - arguments in, results and errors out; shared by the files of calls.
 */
#include <math.h>

#include "binding.h"

bool sk_napi_add(Binding *binding, napi_value exports, const char *name, sk_napi_callback call) {
  napi_value function;
  return napi_create_function(binding->env, name, NAPI_AUTO_LENGTH, call, binding, &function) ==
             napi_ok &&
         napi_set_named_property(binding->env, exports, name, function) == napi_ok;
}

Binding *sk_napi_enter(napi_env env, napi_callback_info info, size_t count, napi_value *argv) {
  void *data = nullptr;
  SK_MUST(napi_get_cb_info(env, info, &count, argv, nullptr, &data));
  Binding *binding = static_cast<Binding *>(data);
  binding->crossings++;
  return binding;
}

napi_value sk_napi_throw(napi_env env, int status, const char *what) {
  Binding *binding = nullptr;
  SK_TRY(napi_get_instance_data(env, reinterpret_cast<void **>(&binding)));
  napi_value make, receiver, error, argv[2];
  if (binding->make_error == nullptr) {
    napi_throw_error(env, "ERR_SK_STATE", what);
    return nullptr;
  }
  SK_TRY(napi_get_reference_value(env, binding->make_error, &make));
  SK_TRY(napi_get_undefined(env, &receiver));
  SK_TRY(napi_create_int32(env, status, &argv[0]));
  SK_TRY(napi_create_string_utf8(env, what, NAPI_AUTO_LENGTH, &argv[1]));
  SK_TRY(napi_call_function(env, receiver, make, 2, argv, &error));
  SK_TRY(napi_throw(env, error));
  return nullptr;
}

bool sk_napi_integer(napi_env env, napi_value value, const char *name, uint64_t *out) {
  double number = -1;
  napi_status status = napi_get_value_double(env, value, &number);
  if (status == napi_ok && number >= 0 && number < 9007199254740992.0 && floor(number) == number) {
    *out = static_cast<uint64_t>(number);
    return true;
  }
  char message[128];
  snprintf(message, sizeof message, "The argument \"%s\" must be an integer from 0 to 2^53 - 1",
           name);
  if (status == napi_number_expected)
    napi_throw_type_error(env, "ERR_SK_INVALID_ARG", message);
  else if (status == napi_ok)
    napi_throw_range_error(env, "ERR_SK_INVALID_ARG", message);
  return false;
}

napi_value sk_napi_number(napi_env env, double value) {
  napi_value result;
  SK_TRY(napi_create_double(env, value, &result));
  return result;
}

Binding *sk_napi_integers(napi_env env, napi_callback_info info, size_t count,
                          const char *const *names, uint64_t *values) {
  napi_value argv[4];
  Binding *binding = sk_napi_enter(env, info, count, argv);
  for (size_t i = 0; i < count; i++)
    if (!sk_napi_integer(env, argv[i], names[i], &values[i])) return nullptr;
  return binding;
}

napi_value sk_napi_answer(napi_env env, int status, const char *what) {
  if (status < 0) return sk_napi_throw(env, status, what);
  return sk_napi_number(env, status);
}
