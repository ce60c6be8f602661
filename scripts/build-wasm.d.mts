export function hashOfSources(read?: (path: string) => string): string;
export function isCurrent(text?: string, hash?: string): boolean;
export function compile(): Buffer;
