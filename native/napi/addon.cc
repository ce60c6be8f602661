/*
 * addon.cc - module, per-environment state, and the host that the kernel lives on.
 *
 * Shared blocks are ordinary ArrayBuffers, made by the realm's own constructor: that works where
 * external ones are refused, and a failure is an exception instead of an abort. The kernel writes
 * into their memory; a reference keeps each alive.
 *
 * At teardown cleanup hooks run first, then finalizers of objects, then that of the instance data:
 * the kernel is freed in the last one, so that everything else may still use it.
 */
#include <napi.h>
#include <stdlib.h>
#include <string.h>

#include "binding.h"

namespace {

/* A new ArrayBuffer of `bytes` and its memory; nullptr when memory is out. */
void *NewBuffer(Binding *binding, size_t bytes, napi_ref *reference) {
  napi_env env = binding->env;
  napi_value constructor, size, buffer;
  void *data = nullptr;
  size_t length = 0;
  bool made = napi_get_reference_value(env, binding->array_buffer, &constructor) == napi_ok &&
              napi_create_double(env, static_cast<double>(bytes), &size) == napi_ok &&
              napi_new_instance(env, constructor, 1, &size, &buffer) == napi_ok &&
              napi_get_arraybuffer_info(env, buffer, &data, &length) == napi_ok &&
              length == bytes && napi_create_reference(env, buffer, 1, reference) == napi_ok;
  if (made) return data;
  bool pending = false;
  napi_value ignored;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(env, &ignored);
  return nullptr;
}

void *ResizeShared(Binding *binding, sk_block block, void *old, size_t old_bytes,
                   size_t new_bytes) {
  napi_env env = binding->env;
  napi_handle_scope scope;
  napi_ref reference = nullptr;
  void *data = nullptr;
  if (new_bytes > 0) {
    if (napi_open_handle_scope(env, &scope) != napi_ok) return nullptr;
    data = NewBuffer(binding, new_bytes, &reference);
    SK_MUST(napi_close_handle_scope(env, scope));
    if (data == nullptr) return nullptr;
    if (old_bytes > 0) memcpy(data, old, old_bytes < new_bytes ? old_bytes : new_bytes);
  }
  if (binding->buffers[block] != nullptr) napi_delete_reference(env, binding->buffers[block]);
  binding->buffers[block] = reference;
  return data;
}

void *Resize(void *context, sk_block block, void *old, size_t old_bytes, size_t new_bytes) {
  Binding *binding = static_cast<Binding *>(context);
  if (new_bytes > 0 && sk_napi_refuses(binding)) return nullptr;
  if (block < SK_BLOCK_SHARED_COUNT) return ResizeShared(binding, block, old, old_bytes, new_bytes);
  if (new_bytes > 0) return realloc(old, new_bytes);
  free(old);
  return nullptr;
}

void Close(Napi::Env, Binding *binding) {
  sk_kernel_close(binding->kernel);
  if (binding->array_buffer != nullptr) napi_delete_reference(binding->env, binding->array_buffer);
  if (binding->make_error != nullptr) napi_delete_reference(binding->env, binding->make_error);
  delete binding;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Binding *binding = new Binding();
  binding->env = env;
  env.SetInstanceData<Binding, Close>(binding);
  napi_value constructor = env.Global().Get("ArrayBuffer");
  sk_host_t host = {binding, Resize};
  int status = SK_E_STATE;
  if (napi_create_reference(env, constructor, 1, &binding->array_buffer) == napi_ok)
    status = sk_kernel_open(&host, &binding->kernel);
  if (status < 0) {
    Napi::Error::New(env, "signal-kernel: no memory for a kernel").ThrowAsJavaScriptException();
    return exports;
  }
  exports.Set("abi", Napi::Number::New(env, SK_ABI));
  /* Each returns false with an exception pending, which require() throws. */
  (void)(sk_napi_export_graph(binding, exports) && sk_napi_export_transaction(binding, exports) &&
         sk_napi_export_task(binding, exports) && sk_napi_export_faults(binding, exports));
  return exports;
}

}  // namespace

NODE_API_MODULE(signal_kernel, Init)
