// @ts-check
import { createScope, signal, TransactionAbortedError } from "@signal-kernel/core";
import {
  createAuditor,
  createBank,
  InsufficientFundsError,
  transfer,
  writeReport,
} from "./bank.js";

const NAMES = [
  ..."Ada Ben Cleo Dan Eve Finn Gwen Hugo Iris Jan Kai Lena Max Nora".split(" "),
  ..."Otto Pia Quin Rosa Sam Tess Uma Vera Will Xena Yuri Zoe".split(" "),
];
const OPENING = 100;

/** A small generator of random numbers with a seed (mulberry32, T. Ettinger). @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {unknown} error */
function outcomeOf(error) {
  if (error instanceof InsufficientFundsError) return "refused";
  if (error instanceof TransactionAbortedError) return "closed";
  return error === "hung up" ? "cancelled" : "failed";
}

/**
 * A day at the bank: transfers begin at random times and overlap, some customers hang up, a report is
 * written in the middle of it all, and at the end the branch closes on whoever is still waiting.
 *
 * @param {{ transfers: number, accounts: number, seed: number }} options
 * @param {(line: { id: number, what: string, detail: string }) => void} tell
 */
export async function day({ transfers, accounts, seed }, tell) {
  const random = randomOf(seed);
  const pick = (/** @type {number} */ below) => Math.floor(random() * below);
  const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const ask = () => pause(1 + pick(8));

  const names = NAMES.slice(0, accounts);
  const bank = createBank(names, OPENING);
  /** @type {string[]} */
  const faults = [];
  /** @type {Record<string, number>} */
  const outcomes = { committed: 0, refused: 0, cancelled: 0, closed: 0, failed: 0 };
  let conflicts = 0;
  let moved = 0;

  /** @param {number} id */
  const customer = async (id) => {
    await pause(pick(20 + transfers));
    const from = pick(accounts);
    const to = (from + 1 + pick(accounts - 1)) % accounts;
    const order = { id, from: String(names[from]), to: String(names[to]), amount: 1 + pick(60) };
    const patience = new AbortController();
    if (random() < 0.1) setTimeout(() => patience.abort("hung up"), pick(10));
    const detail = `${order.from} -> ${order.to} ${order.amount}`;
    try {
      await transfer(bank, order, {
        ask,
        signal: patience.signal,
        onRun(run) {
          if (run > 1) conflicts++;
          tell({ id, what: run === 1 ? "begins" : `in conflict, run ${run}`, detail });
        },
      });
      outcomes.committed = (outcomes.committed ?? 0) + 1;
      moved += order.amount;
      tell({ id, what: "committed", detail });
    } catch (error) {
      const what = outcomeOf(error);
      outcomes[what] = (outcomes[what] ?? 0) + 1;
      const reason = error instanceof Error ? error.message : String(error);
      tell({ id, what, detail: `${detail} (${reason})` });
    }
  };

  const branch = createScope({ name: "branch", onError: (error) => faults.push(String(error)) });
  const auditor = branch.run(() => createAuditor(bank, (fault) => faults.push(fault)));
  const report = signal("none", { name: "report" });
  const customers = branch.run(() => Array.from({ length: transfers }, (_, i) => customer(i + 1)));
  const reporting = branch.run(() => writeReport(bank, report, ask));
  await Promise.all([...customers, reporting]);

  // The last customer comes too late: the branch ends with the transfer in flight.
  const late = branch.run(() => customer(transfers + 1));
  await pause(20 + transfers + 1);
  branch.dispose();
  await late;

  if (bank.turnover.get() !== moved)
    faults.push(`the turnover is ${bank.turnover.get()}, but ${moved} was moved`);
  const balances = Object.fromEntries([...bank.accounts].map(([name, a]) => [name, a.get()]));
  const turnover = bank.turnover.get();
  return {
    balances,
    turnover,
    outcomes,
    conflicts,
    audits: auditor.seen(),
    faults,
    report: report.get(),
  };
}
