/** The text of lib/engine/layout.ts for the text of a C header. */
export function layout(header: string): string;
