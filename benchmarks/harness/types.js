// @ts-check
// The vocabulary of the benchmarks, as types only: what an adapter, a shape, a suite and a result
// are.

/**
 * A readable value. Reading it inside a computed or an effect is a dependency.
 *
 * @template T
 * @typedef {{ read(): T }} Readable
 */

/**
 * A readable value that can be written.
 *
 * @template T
 * @typedef {{ read(): T, write(value: T): void }} Writable
 */

/**
 * One library, seen through the operations that every shape is written in.
 *
 * Handles are instances of a small class with one field and methods on the prototype, never a pair
 * of closures: so every library pays the same 16-byte wrapper, and each call site keeps the type
 * feedback that it would have in a program written for that library alone.
 *
 * @typedef {object} Adapter
 * @property {string} name The name shown in tables and given to `--libs`.
 * @property {boolean} exactCounts Whether the library runs each computed as rarely as a lazy,
 *   dynamic graph can. Where it does not (eager memos, static supersets), run counts are a lower
 *   bound.
 * @property {<T>(initial: T) => Writable<T>} signal
 * @property {<T>(fn: () => T, superset?: Readable<any>[]) => Readable<T>} computed `superset` lists
 *   all that `fn` may ever read. Only the floor looks at it.
 * @property {(fn: () => void) => void} effect
 * @property {(fn: () => void) => void} batch Effects due have run when it returns.
 * @property {<T>(fn: () => T) => { result: T, dispose: () => void }} withBuild Builds a graph under
 *   an owner, where the library has owners; `dispose` lets go of everything built.
 * @property {() => void} [crossing] Calls the kernel, where there is one, for next to nothing.
 * @property {() => number} [kernelBytes] Memory of the kernel, where there is one.
 */

/**
 * A cell whose value comes from a promise. Its functions work detached.
 *
 * @typedef {object} AsyncCell
 * @property {() => Promise<unknown>} run Starts the next run, superseding one in flight; resolves
 *   when it is over.
 * @property {() => unknown} value
 * @property {() => string} status
 */

/**
 * A cell that adds up the numbers emitted.
 *
 * @typedef {object} SumStream
 * @property {() => Promise<(chunk: number) => void>} open The emitter, once the producer has
 *   started.
 * @property {() => number | undefined} value
 */

/**
 * One way to hold the outcome of promises.
 *
 * @typedef {object} AsyncAdapter
 * @property {string} name
 * @property {(producer: (context: { readonly signal: AbortSignal }) => Promise<unknown>) =>
 *   AsyncCell} cell
 * @property {() => SumStream} [stream] Without it the library has nothing of the kind.
 * @property {(cell: AsyncCell | SumStream, seen: () => void) => void} observe Calls `seen` now and
 *   after each change of the cell.
 * @property {() => void} flush Observers due have been called when it returns.
 * @property {boolean} batches Whether observers are called once after several changes, and not after
 *   each of them.
 * @property {boolean} settlesSuperseded Whether the promise of a superseded run is fulfilled, with
 *   undefined.
 * @property {<T>(fn: () => T) => { result: T, dispose: () => void }} withBuild
 */

/**
 * Some values as text, and back.
 *
 * @typedef {object} Codec
 * @property {(values: unknown[]) => { write: () => string, read: (text: string) => void, values: ()
 *   => unknown[] }} open `write` leaves the values as they are, `read` puts those of a text into their
 *   place.
 * @property {<T>(fn: () => T) => { result: T, dispose: () => void }} withBuild
 */

/**
 * How much of a shape to run: `full` is the size of the public benchmark, `check` only tells right
 * from wrong.
 *
 * @typedef {object} Scale
 * @property {"full" | "quick" | "check"} mode
 * @property {import("../adapters/wrap.js").Form} handles How the adapters wrap them.
 */

/**
 * What is measured. `run` must verify what it computes, or leave it to `release`, and throw when it
 * is wrong.
 *
 * @typedef {object} Instance
 * @property {() => unknown} run A promise is awaited.
 * @property {() => void} [prepare] Before each run, not measured.
 * @property {() => void} [release] After each run, not measured.
 * @property {number} [operations] A run's time is divided by this, in suites that report
 *   nanoseconds.
 */

/**
 * @template [Lib=Adapter]
 * @template [Built=Instance]
 * @typedef {object} Shape
 * @property {string} name The name given to `--only`.
 * @property {string} set Shapes of one set share a process.
 * @property {string} row The row of the summary table; several shapes may add up to one row.
 * @property {(scale: Scale) => unknown} [expect] Computed once by the parent with no library at all
 *   and handed to each process: what the shape must find.
 * @property {(lib: Lib, scale: Scale, expected: any) => Built} build
 */

/**
 * @typedef {object} Effort How long one process measures one shape.
 * @property {number} warmupMs Runs that do not count go on for at least this long.
 * @property {number} repetitions Runs that count.
 * @property {number} limitMs A shape that takes longer gets no further runs: one that counts is enough.
 */

/**
 * What is compared: a library, or another way to do the same.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string | null} package The npm package whose version is printed; null for code of our own.
 * @property {Record<string, string>} [env] Set in its processes.
 */

/**
 * A family of shapes, the things that it compares, and the way it measures.
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {string} unit
 * @property {number} digits After the point, in tables.
 * @property {import("../adapters/wrap.js").Form} [handles] How handles are wrapped; default "field".
 * @property {Shape<any, any>[]} shapes
 * @property {Contender[]} libraries
 * @property {string[]} quickLibraries
 * @property {{ full: number, quick: number }} [rounds] Where others than the usual ones are needed.
 * @property {string[]} [execArgv] Flags of Node that its processes need.
 * @property {string[]} subjects Ours.
 * @property {string[]} against The columns that ratios are taken against, the most important one
 *   first.
 * @property {(library: string, set: string) => Promise<any>} load
 * @property {(lib: any) => unknown} [keep] Makes what stays alive while the library is measured.
 * @property {(library: string, shape: Shape<any, any>) => string | undefined} [lacks] Why the shape
 *   cannot be measured of that library: it has nothing of the kind.
 * @property {(lib: any, shape: Shape<any, any>, scale: Scale, expected: unknown, effort: Effort) =>
 *   Promise<number[]>} measure The figures of all runs that count.
 * @property {(runs: number[]) => number} pick The one that stands for the process.
 */

/**
 * What the parent asks of a process.
 *
 * @typedef {object} Job
 * @property {string} suite
 * @property {string} library
 * @property {string[]} shapes
 * @property {Scale} scale
 * @property {Effort} effort
 * @property {Record<string, unknown>} expected By name of the shape.
 */

/**
 * What a process tells the parent: one message a shape.
 *
 * @typedef {object} Sample
 * @property {string} shape
 * @property {number} [value]
 * @property {number[]} [runs]
 * @property {string} [limit] What the library cannot do, so that there is no figure.
 * @property {string} [error] Why there is no figure.
 */

/**
 * One shape of one library: a figure a round, or the reason why there is none.
 *
 * @typedef {object} Cell
 * @property {number[]} rounds
 * @property {number[][]} runs
 * @property {string} [lacks] The library has nothing of the kind.
 * @property {string} [limit] It tried, and came to a limit of its own.
 * @property {string} [error] It gave a wrong answer, or died.
 */

/**
 * All that a report needs to know: it is made of this alone.
 *
 * @typedef {object} Results
 * @property {string} suite
 * @property {string} title
 * @property {string} unit
 * @property {number} digits
 * @property {string[]} subjects
 * @property {string[]} against
 * @property {Scale} scale
 * @property {string[]} flags Of Node.
 * @property {Effort} effort
 * @property {number} rounds
 * @property {Record<string, string>} versions By library.
 * @property {string[]} libraries
 * @property {{ name: string, row: string, of: number }[]} shapes `of`: how many the suite has of that row.
 * @property {Record<string, Record<string, Cell>>} cells By shape, then library.
 * @property {number} seconds
 */

/**
 * One run of the benchmarks, as it is written to a file.
 *
 * @typedef {object} Report
 * @property {1} format
 * @property {import("./machine.js").Machine} machine
 * @property {Results[]} suites
 */

export {};
