/*
 * string.h - what the kernel uses of the C library, as instructions: WebAssembly has them since the
 * proposal of bulk memory operations, which every engine of these days implements.
 */
#ifndef SK_WASM_STRING_H
#define SK_WASM_STRING_H

#include <stddef.h>

#define memcpy __builtin_memcpy
#define memmove __builtin_memmove
#define memset __builtin_memset

#endif
