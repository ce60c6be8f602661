/*
 * binding.h - what the files of the addon share: the per-environment state and two macros.
 *
 * Every environment (main thread, each worker) has one Binding with its own kernel. It is the data of
 * every callback, so no file of the addon has state of its own.
 */
#ifndef SK_NAPI_BINDING_H
#define SK_NAPI_BINDING_H

#include <node_api.h>
#include <stdio.h>

#include "signal_kernel.h"

typedef struct Binding {
  napi_env env;
  sk_kernel_t *kernel;
  /* One per shared block: the ArrayBuffer whose memory the kernel uses. */
  napi_ref buffers[SK_BLOCK_SHARED_COUNT];
  /* The realm's ArrayBuffer, taken at load, and the function that makes typed errors (or null). */
  napi_ref array_buffer;
  napi_ref make_error;
  /* Calls into C so far; JavaScript reads it by stats(). */
  uint64_t crossings;
#ifdef SK_FAULTS
  /* Requests for memory so far; the one that is refused, 0 for none; whether those after it are, too. */
  uint64_t requests;
  uint64_t refuse_at;
  bool refuse_on;
#endif
} Binding;

/* Whether this request for memory is refused. Only a build for tests ever does; see test/napi_faults.cc. */
#ifdef SK_FAULTS
bool sk_napi_refuses(Binding *binding);
bool sk_napi_export_faults(Binding *binding, napi_value exports);
#else
static inline bool sk_napi_refuses(Binding *) {
  return false;
}
static inline bool sk_napi_export_faults(Binding *, napi_value) {
  return true;
}
#endif

/* A JavaScript exception may be pending, or the worker is terminating: go back at once. */
#define SK_TRY(call)                       \
  do {                                     \
    if ((call) != napi_ok) return nullptr; \
  } while (0)

/* A failure here is an error of the addon itself. */
#define SK_MUST(call)                                                                  \
  do {                                                                                 \
    if ((call) != napi_ok)                                                             \
      napi_fatal_error(__FILE__, NAPI_AUTO_LENGTH, "unexpected N-API failure: " #call, \
                       NAPI_AUTO_LENGTH);                                              \
  } while (0)

typedef napi_value (*sk_napi_callback)(napi_env env, napi_callback_info info);

/* Adds one function to the exports; its data is the Binding. False: an exception is pending. */
bool sk_napi_add(Binding *binding, napi_value exports, const char *name, sk_napi_callback call);

/* Reads up to `count` arguments into `argv` (missing ones are undefined) and counts the crossing. */
Binding *sk_napi_enter(napi_env env, napi_callback_info info, size_t count, napi_value *argv);

/* Throws the typed error of a negative kernel status; returns nullptr for the callback to return. */
napi_value sk_napi_throw(napi_env env, int status, const char *what);

/* A number argument as an integer in [0, 2^53); false: a TypeError that names it is pending. */
bool sk_napi_integer(napi_env env, napi_value value, const char *name, uint64_t *out);

/* Enters with `count` integer arguments; nullptr: an exception is pending. */
Binding *sk_napi_integers(napi_env env, napi_callback_info info, size_t count,
                          const char *const *names, uint64_t *values);

/* Returns a status as a number, or throws the error that it is. */
napi_value sk_napi_answer(napi_env env, int status, const char *what);

napi_value sk_napi_number(napi_env env, double value);

/* A kernel function without arguments as a callback. What it finds is in the words, so that the hot
   calls make no value: they return undefined. */
template <int (*call)(sk_kernel_t *)>
napi_value sk_napi_hot(napi_env env, napi_callback_info info) {
  Binding *binding = sk_napi_enter(env, info, 0, nullptr);
  int status = call(binding->kernel);
  return status < 0 ? sk_napi_throw(env, status, "the reactive graph") : nullptr;
}

/* A kernel function without arguments that returns a count, as a callback. */
template <int (*call)(sk_kernel_t *)>
napi_value sk_napi_plain(napi_env env, napi_callback_info info) {
  Binding *binding = sk_napi_enter(env, info, 0, nullptr);
  int status = call(binding->kernel);
  return sk_napi_answer(env, status, "a transaction");
}

/* Each file of calls adds its own. */
bool sk_napi_export_graph(Binding *binding, napi_value exports);
bool sk_napi_export_transaction(Binding *binding, napi_value exports);
bool sk_napi_export_task(Binding *binding, napi_value exports);

#endif
