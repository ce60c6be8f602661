/*
 * transaction.cc - the calls about the transaction log.
 */
#include "binding.h"

bool sk_napi_export_transaction(Binding *binding, napi_value exports) {
  return sk_napi_add(binding, exports, "txnBegin", sk_napi_plain<sk_txn_begin>) &&
         sk_napi_add(binding, exports, "txnCommit", sk_napi_plain<sk_txn_commit>) &&
         sk_napi_add(binding, exports, "txnRollback", sk_napi_plain<sk_txn_rollback>);
}
