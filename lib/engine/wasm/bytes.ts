/**
 * The bytes of the module. In the build for Node bytes-node.ts takes the place of this file.
 */
import { WASM_MODULE } from "./module.js";

/** What a hexadecimal digit stands for, by its character code: "0" is 0x30, "a" is 0x61. */
const digit = (code: number) => (code & 15) + (code >> 6) * 9;

export function moduleBytes(): Uint8Array<ArrayBuffer> {
  /* Named once: the build puts constants where they are used. */
  const text: string = WASM_MODULE;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = digit(text.charCodeAt(2 * i)) * 16 + digit(text.charCodeAt(2 * i + 1));
  return bytes;
}
