/**
 * Makes every call into a WebAssembly kernel detach all views of its memory, as growing it does: what
 * the run loop keeps in a local variable over a call, or does not make again, is found.
 */
const CALLS =
  /^(sync|mark|flush|plan|inspect|reserve|check|txn|staging|task(Create|Start|Emit|Settle|Cancel|Dispose))/;

const Instance = WebAssembly.Instance;

class Moving {
  readonly exports: Record<string, unknown>;

  constructor(module: WebAssembly.Module) {
    const exports = new Instance(module).exports;
    const memory = exports.memory as WebAssembly.Memory;
    const moving = (call: (...given: number[]) => number) =>
      function moved(...given: number[]) {
        const result = call(...given);
        /* Growing by nothing makes a new buffer, too. */
        memory.grow(0);
        return result;
      };
    const entries = Object.entries(exports).map(([name, value]) => [
      name,
      CALLS.test(name) ? moving(value as (...given: number[]) => number) : value,
    ]);
    this.exports = Object.fromEntries(entries);
  }
}

WebAssembly.Instance = Moving as typeof WebAssembly.Instance;
