/** Builds the addon for tests unless it is there; returns its path. */
export function buildAddon(variant: "faults" | "limit" | "sanitize" | "thread"): string;
/** What a program needs in its environment to use an addon. */
export function addonEnvironment(addon: string): Record<string, string>;
/** The library of a sanitizer, which must be loaded before Node itself. */
export function sanitizerLibrary(name: "asan" | "tsan"): string;
