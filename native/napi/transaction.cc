/*
 * transaction.cc - the calls about transactions: the log of synchronous ones, the sets of asynchronous
 * ones. Handles and clocks travel as numbers: both are integers below 2^53.
 */
#include "binding.h"

namespace {

constexpr char kWhat[] = "an asynchronous transaction";

/* stagingOpen(parent, clock) -> staging */
napi_value Open(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"parent", "clock"};
  uint64_t values[2];
  sk_staging_t staging = 0;
  Binding *binding = sk_napi_integers(env, info, 2, names, values);
  if (binding == nullptr) return nullptr;
  int status = sk_staging_open(binding->kernel, values[0], values[1], &staging);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  return sk_napi_number(env, static_cast<double>(staging));
}

/* stagingTouch(staging, id, how, clock) -> offset of the signal's record in VERSIONS */
napi_value Touch(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"staging", "id", "how", "clock"};
  uint64_t values[4];
  Binding *binding = sk_napi_integers(env, info, 4, names, values);
  if (binding == nullptr) return nullptr;
  if (values[1] > UINT32_MAX || values[2] > UINT32_MAX)
    return sk_napi_throw(env, SK_E_INVALID, kWhat);
  return sk_napi_answer(
      env,
      sk_staging_touch(binding->kernel, values[0], static_cast<sk_id_t>(values[1]),
                       static_cast<uint32_t>(values[2]), values[3]),
      kWhat);
}

/* stagingCheck(staging, how) -> number of conflicts, listed in CONFLICTS */
napi_value Check(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"staging", "how"};
  uint64_t values[2];
  Binding *binding = sk_napi_integers(env, info, 2, names, values);
  if (binding == nullptr) return nullptr;
  if (values[1] > UINT32_MAX) return sk_napi_throw(env, SK_E_INVALID, kWhat);
  return sk_napi_answer(
      env, sk_staging_check(binding->kernel, values[0], static_cast<uint32_t>(values[1])), kWhat);
}

/* stagingCommit(staging, clock) -> its place among the commits, 0 of an inner one */
napi_value Commit(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"staging", "clock"};
  uint64_t values[2];
  uint64_t order = 0;
  Binding *binding = sk_napi_integers(env, info, 2, names, values);
  if (binding == nullptr) return nullptr;
  int status = sk_staging_commit(binding->kernel, values[0], values[1], &order);
  if (status < 0) return sk_napi_throw(env, status, kWhat);
  return sk_napi_number(env, static_cast<double>(order));
}

/* stagingDiscard(staging) */
napi_value Discard(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"staging"};
  uint64_t values[1];
  Binding *binding = sk_napi_integers(env, info, 1, names, values);
  if (binding == nullptr) return nullptr;
  int status = sk_staging_discard(binding->kernel, values[0]);
  return status < 0 ? sk_napi_throw(env, status, kWhat) : nullptr;
}

}  // namespace

bool sk_napi_export_transaction(Binding *binding, napi_value exports) {
  return sk_napi_add(binding, exports, "txnBegin", sk_napi_plain<sk_txn_begin>) &&
         sk_napi_add(binding, exports, "txnCommit", sk_napi_plain<sk_txn_commit>) &&
         sk_napi_add(binding, exports, "txnRollback", sk_napi_plain<sk_txn_rollback>) &&
         sk_napi_add(binding, exports, "stagingOpen", Open) &&
         sk_napi_add(binding, exports, "stagingTouch", Touch) &&
         sk_napi_add(binding, exports, "stagingCheck", Check) &&
         sk_napi_add(binding, exports, "stagingCommit", Commit) &&
         sk_napi_add(binding, exports, "stagingDiscard", Discard);
}
