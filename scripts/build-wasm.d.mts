/** What the module is made of, as one number; `read` gives the text of a path. */
export function hashOfSources(read?: (path: string) => string): string;
/** Whether the text of lib/engine/wasm/module.ts was made of the sources with this number. */
export function isCurrent(text?: string, hash?: string): boolean;
