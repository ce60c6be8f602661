/*
 * room.h - makes sure that there is stack for a call of the kernel before it changes anything.
 *
 * In WebAssembly every function checks the stack when it is entered, and where a program has filled it
 * the engine throws a RangeError out of the middle of the kernel, past all that it had begun. The addon
 * does not have this: native code may use the reserve that V8 keeps for it. So each entry point first
 * calls functions whose frames are larger than what any call of the kernel needs. That throws before
 * anything has happened, or there is room.
 */
#ifndef SK_WASM_ROOM_H
#define SK_WASM_ROOM_H

#include <stdint.h>

/* Needs 2 KB of stack, and as much for each of `more`. `even` is any even number that the compiler does
   not know to be one. */
void sk_wasm_room(uintptr_t even, unsigned more);

#endif
