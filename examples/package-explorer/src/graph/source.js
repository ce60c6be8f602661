// @ts-check

/**
 * What the graph is made of, and where it comes from. The graph itself does not know whether that is a
 * disk or a server: on the server a source reads node_modules (source/disk.js), in the browser it asks
 * the server (source/http.js). All of it is plain data, so that it can be part of a snapshot.
 *
 * @typedef {"dependency" | "peer" | "optional" | "optional peer" | "dev"} DependencyKind
 *
 * One dependency and what Node would load for it: the package with id `to`, or something above the
 * explored folder (`outside`), or nothing.
 *
 * @typedef {{ name: string, range: string, kind: DependencyKind, to: string | null, outside: boolean }} Edge
 *
 * @typedef {object} Package
 * @property {string} id its folder relative to the root, "." for the root itself
 * @property {string} label its name, or its folder's where the manifest has none
 * @property {string} version "" when there is none
 * @property {string} description
 * @property {string} licence the SPDX expression, or "none declared"
 * @property {string} homepage
 * @property {boolean} installed false for the root and for workspaces
 * @property {string} problem what is wrong with its manifest, or ""
 * @property {Edge[]} edges
 *
 * @typedef {{ id: string, message: string }} Problem
 * @typedef {{ what: string, ok: boolean, detail: string }} Check
 * @typedef {"verified" | "mismatch" | "unlisted" | "unchecked"} IntegrityState
 * @typedef {{ id: string, state: IntegrityState, checks: Check[] }} Verdict
 * @typedef {{ id: string, bytes: number, files: number, failure: string }} Size
 * @typedef {"scanning" | "measuring" | "ready"} Phase
 *
 * @typedef {object} Parts the parts that are known together but change at different times
 * @property {{ list: Package[], problems: Problem[] }} packages
 * @property {Size[]} sizes
 * @property {{ list: Verdict[], problems: Problem[] }} verdicts
 * @property {Status} status
 *
 * @typedef {object} Status
 * @property {string} root the explored folder
 * @property {Phase} phase
 * @property {number} done
 * @property {number} of
 * @property {string} watching "live", "off", or what keeps it from being live
 * @property {string} error why there is no scan, or ""
 *
 * @typedef {"readmes" | "sources"} SearchPlace
 * @typedef {{ id: string, file: string, line: number, before: string, hit: string, after: string }} Match
 * @typedef {{ matches: Match[], files: number, unreadable: number, complete: boolean }} Found
 *
 * @typedef {object} Source
 * @property {{ [Name in keyof Parts]: Part<Parts[Name]> }} parts
 * @property {(text: string, place: SearchPlace, signal: AbortSignal) => Promise<Found>} search
 * @property {(id: string, signal: AbortSignal) => AsyncIterable<string[]>} readme a package's README as
 *   finished blocks of safe HTML, a few at a time
 */

/**
 * The source and the producer of one resource: whenever what `input` reads has changed, `run` is called.
 *
 * @template T
 * @typedef {object} Part
 * @property {() => unknown} input
 * @property {(input: any, context: { signal: AbortSignal }) => T | Promise<T>} run
 */

export {};
