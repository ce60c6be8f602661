/*
 * graph.cc - the calls about graph, schedule and shared words.
 */
#include "binding.h"

namespace {

/* reserve(block, words) */
napi_value Reserve(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  uint64_t block = 0;
  uint64_t words = 0;
  Binding *binding = sk_napi_enter(env, info, 2, argv);
  if (!sk_napi_integer(env, argv[0], "block", &block)) return nullptr;
  if (!sk_napi_integer(env, argv[1], "words", &words)) return nullptr;
  int status = SK_E_LIMIT;
  if (block >= SK_BLOCK_SHARED_COUNT)
    status = SK_E_INVALID;
  else if (words <= UINT32_MAX)
    status =
        sk_reserve(binding->kernel, static_cast<sk_block>(block), static_cast<uint32_t>(words));
  if (status < 0) return sk_napi_throw(env, status, "a block of shared words");
  return nullptr;
}

/* view(block) -> Int32Array over the ArrayBuffer of a shared block. Its buffer must never be handed on:
   a transfer detaches it. */
napi_value View(napi_env env, napi_callback_info info) {
  constexpr const char *names[] = {"block"};
  uint64_t block = 0;
  Binding *binding = sk_napi_integers(env, info, 1, names, &block);
  if (binding == nullptr) return nullptr;
  if (block >= SK_BLOCK_SHARED_COUNT)
    return sk_napi_throw(env, SK_E_INVALID, "a block of shared words");
  size_t words = 0;
  sk_kernel_words(binding->kernel, static_cast<sk_block>(block), &words);
  napi_value buffer, view;
  SK_TRY(napi_get_reference_value(env, binding->buffers[block], &buffer));
  SK_TRY(napi_create_typedarray(env, napi_int32_array, words, buffer, 0, &view));
  return view;
}

bool SetCount(napi_env env, napi_value object, const char *name, uint64_t count) {
  napi_value value;
  return napi_create_double(env, static_cast<double>(count), &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

/* stats() -> counters as plain numbers; asking is not counted as a crossing. */
napi_value Stats(napi_env env, napi_callback_info info) {
  Binding *binding = sk_napi_enter(env, info, 0, nullptr);
  binding->crossings--;
  sk_stats_t stats;
  sk_kernel_stats(binding->kernel, &stats);
  napi_value object;
  SK_TRY(napi_create_object(env, &object));
  if (!SetCount(env, object, "crossings", binding->crossings) ||
      !SetCount(env, object, "nodes", stats.nodes) ||
      !SetCount(env, object, "edges", stats.edges) ||
      !SetCount(env, object, "effects", stats.effects) ||
      !SetCount(env, object, "tasks", stats.tasks) ||
      !SetCount(env, object, "transactions", stats.transactions) ||
      !SetCount(env, object, "queued", stats.queued) ||
      !SetCount(env, object, "bytes", stats.bytes) ||
      !SetCount(env, object, "marks", stats.marks) || !SetCount(env, object, "links", stats.links))
    return nullptr;
  return object;
}

/* check() -> undefined, or the sentence that does not hold. */
napi_value Check(napi_env env, napi_callback_info info) {
  Binding *binding = sk_napi_enter(env, info, 0, nullptr);
  const char *fault = sk_kernel_check(binding->kernel);
  if (fault == nullptr) return nullptr;
  napi_value sentence;
  SK_TRY(napi_create_string_utf8(env, fault, NAPI_AUTO_LENGTH, &sentence));
  return sentence;
}

/* onError(make): `make(status, what)` returns the error to throw for a negative status. */
napi_value OnError(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  napi_valuetype type;
  Binding *binding = sk_napi_enter(env, info, 1, argv);
  SK_TRY(napi_typeof(env, argv[0], &type));
  if (type != napi_function) {
    napi_throw_type_error(env, "ERR_SK_INVALID_ARG", "The argument \"make\" must be a function");
    return nullptr;
  }
  if (binding->make_error != nullptr) SK_MUST(napi_delete_reference(env, binding->make_error));
  binding->make_error = nullptr;
  SK_TRY(napi_create_reference(env, argv[0], 1, &binding->make_error));
  return nullptr;
}

}  // namespace

bool sk_napi_export_graph(Binding *binding, napi_value exports) {
  return sk_napi_add(binding, exports, "sync", sk_napi_hot<sk_sync>) &&
         sk_napi_add(binding, exports, "mark", sk_napi_hot<sk_mark>) &&
         sk_napi_add(binding, exports, "flush", sk_napi_hot<sk_flush>) &&
         sk_napi_add(binding, exports, "plan", sk_napi_hot<sk_plan>) &&
         sk_napi_add(binding, exports, "inspect", sk_napi_hot<sk_inspect>) &&
         sk_napi_add(binding, exports, "reserve", Reserve) &&
         sk_napi_add(binding, exports, "view", View) &&
         sk_napi_add(binding, exports, "stats", Stats) &&
         sk_napi_add(binding, exports, "check", Check) &&
         sk_napi_add(binding, exports, "onError", OnError);
}
