/*
 * task.cc - the calls about asynchronous cells. Handles and versions travel as numbers: both are
 * integers below 2^53.
 */
#include "binding.h"

namespace {

constexpr char kWhat[] = "an asynchronous cell";

napi_value Answer(napi_env env, int status) {
  return sk_napi_answer(env, status, kWhat);
}

constexpr const char *kArguments[] = {"task", "version", "outcome"};

/* taskCreate(kind) -> task */
napi_value Create(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"kind"};
  uint64_t kind = 0;
  sk_task_t task = 0;
  Binding *binding = sk_napi_integers(env, info, 1, names, &kind);
  if (binding == nullptr) return nullptr;
  int status = kind > SK_TASK_STREAM
                   ? static_cast<int>(SK_E_INVALID)
                   : sk_task_create(binding->kernel, static_cast<sk_task_kind>(kind), &task);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  return sk_napi_number(env, static_cast<double>(task));
}

/* taskStart(task) -> version */
napi_value Start(napi_env env, napi_callback_info info) {
  uint64_t values[1];
  uint64_t version = 0;
  Binding *binding = sk_napi_integers(env, info, 1, kArguments, values);
  if (binding == nullptr) return nullptr;
  int status = sk_task_start(binding->kernel, values[0], &version);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  return sk_napi_number(env, static_cast<double>(version));
}

/* taskEmit(task, version) -> verdict */
napi_value Emit(napi_env env, napi_callback_info info) {
  uint64_t values[2];
  Binding *binding = sk_napi_integers(env, info, 2, kArguments, values);
  if (binding == nullptr) return nullptr;
  return Answer(env, sk_task_emit(binding->kernel, values[0], values[1]));
}

/* taskSettle(task, version, outcome) -> verdict */
napi_value Settle(napi_env env, napi_callback_info info) {
  uint64_t values[3];
  Binding *binding = sk_napi_integers(env, info, 3, kArguments, values);
  if (binding == nullptr) return nullptr;
  if (values[2] > SK_TASK_CANCELLED) return sk_napi_throw(env, SK_E_INVALID, kWhat);
  return Answer(env, sk_task_settle(binding->kernel, values[0], values[1],
                                    static_cast<sk_task_state>(values[2])));
}

/* taskCancel(task) -> verdict */
napi_value Cancel(napi_env env, napi_callback_info info) {
  uint64_t values[1];
  Binding *binding = sk_napi_integers(env, info, 1, kArguments, values);
  if (binding == nullptr) return nullptr;
  return Answer(env, sk_task_cancel(binding->kernel, values[0]));
}

/* taskSeed(task, version, state) -> newest version */
napi_value Seed(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"task", "version", "state"};
  uint64_t values[3];
  uint64_t newest = 0;
  Binding *binding = sk_napi_integers(env, info, 3, names, values);
  if (binding == nullptr) return nullptr;
  if (values[2] > SK_TASK_CANCELLED) return sk_napi_throw(env, SK_E_INVALID, kWhat);
  int status = sk_task_seed(binding->kernel, values[0], values[1],
                            static_cast<sk_task_state>(values[2]), &newest);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  return sk_napi_number(env, static_cast<double>(newest));
}

/* taskDispose(task) */
napi_value Dispose(napi_env env, napi_callback_info info) {
  uint64_t values[1];
  Binding *binding = sk_napi_integers(env, info, 1, kArguments, values);
  if (binding == nullptr) return nullptr;
  int status = sk_task_dispose(binding->kernel, values[0]);
  return status < 0 ? sk_napi_throw(env, status, kWhat) : nullptr;
}

/* taskInspect(task) -> [state, version] */
napi_value Inspect(napi_env env, napi_callback_info info) {
  uint64_t values[1];
  uint64_t version = 0;
  sk_task_state state = SK_TASK_IDLE;
  napi_value pair;
  Binding *binding = sk_napi_integers(env, info, 1, kArguments, values);
  if (binding == nullptr) return nullptr;
  int status = sk_task_inspect(binding->kernel, values[0], &state, &version);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  SK_TRY(napi_create_array_with_length(env, 2, &pair));
  SK_TRY(napi_set_element(env, pair, 0, sk_napi_number(env, state)));
  SK_TRY(napi_set_element(env, pair, 1, sk_napi_number(env, static_cast<double>(version))));
  return pair;
}

}  // namespace

bool sk_napi_export_task(Binding *binding, napi_value exports) {
  return sk_napi_add(binding, exports, "taskCreate", Create) &&
         sk_napi_add(binding, exports, "taskStart", Start) &&
         sk_napi_add(binding, exports, "taskEmit", Emit) &&
         sk_napi_add(binding, exports, "taskSettle", Settle) &&
         sk_napi_add(binding, exports, "taskCancel", Cancel) &&
         sk_napi_add(binding, exports, "taskSeed", Seed) &&
         sk_napi_add(binding, exports, "taskInspect", Inspect) &&
         sk_napi_add(binding, exports, "taskDispose", Dispose);
}
