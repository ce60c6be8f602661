// @ts-check
import { computed, createEffect, signal, transaction } from "@signal-kernel/core";

/** @typedef {import("@signal-kernel/core").Signal<number>} Account */

/** An account has less than was to be taken from it. */
export class InsufficientFundsError extends Error {}

/**
 * Shared state that many transfers work on at the same time.
 *
 * @param {readonly string[]} names
 * @param {number} opening what each account begins with
 */
export function createBank(names, opening) {
  /** @type {Map<string, Account>} */
  const accounts = new Map(names.map((name) => [name, signal(opening, { name })]));
  // Every transfer adds to it. Two that do so at once are no conflict: both additions count.
  const turnover = signal(0, {
    name: "turnover",
    merge: (base, theirs, mine) => theirs + (mine - base),
  });
  const total = computed(
    () => [...accounts.values()].reduce((sum, account) => sum + account.get(), 0),
    { name: "total" },
  );
  return { accounts, turnover, total, expected: opening * names.length };
}

/** @typedef {ReturnType<typeof createBank>} Bank */

/** @param {Bank} bank @param {string} name */
function accountOf({ accounts }, name) {
  const account = accounts.get(name);
  if (account === undefined) throw new RangeError(`There is no account ${name}`);
  return account;
}

/**
 * Looks at the bank once for every commit, and never in between: an effect cannot see half a transfer.
 *
 * @param {Bank} bank
 * @param {(fault: string) => void} onFault
 * @returns {{ readonly seen: () => number }}
 */
export function createAuditor(bank, onFault) {
  let seen = 0;
  createEffect(
    () => {
      seen++;
      const sum = [...bank.accounts.values()].reduce((all, account) => all + account.get(), 0);
      bank.turnover.get();
      if (sum !== bank.expected) onFault(`the accounts hold ${sum}, not ${bank.expected}`);
      if (sum !== bank.total.get()) onFault(`the total says ${bank.total.get()}, not ${sum}`);
      for (const [name, account] of bank.accounts)
        if (account.get() < 0) onFault(`${name} is ${account.get()}`);
    },
    { name: "auditor" },
  );
  return { seen: () => seen };
}

/**
 * Moves money. Between reading and writing the transfer waits for others - a limit is checked, a partner
 * is asked - and whatever they commit meanwhile, it works on the state as of its beginning. Where that
 * is not the state any more, it is run again.
 *
 * @param {Bank} bank
 * @param {{ id: number, from: string, to: string, amount: number }} order
 * @param {{ ask: () => Promise<unknown>, signal: AbortSignal, onRun: (run: number) => void }} options
 */
export function transfer(bank, { id, from, to, amount }, { ask, signal, onRun }) {
  let runs = 0;
  return transaction(
    async () => {
      onRun(++runs);
      const source = accountOf(bank, from);
      if (source.get() < amount) throw new InsufficientFundsError(`${from} has ${source.get()}`);
      await ask();
      source.set((balance) => balance - amount);
      await ask();
      accountOf(bank, to).set((balance) => balance + amount);
      bank.turnover.set((sum) => sum + amount);
    },
    { name: `transfer ${id}`, onConflict: "retry", retries: 20, signal },
  );
}

/**
 * The richest and the poorest account, of one moment: what it read nobody may have written until it has
 * put its result down.
 *
 * @param {Bank} bank
 * @param {import("@signal-kernel/core").Signal<string>} report
 * @param {() => Promise<unknown>} ask
 */
export function writeReport(bank, report, ask) {
  return transaction(
    async () => {
      /** @type {[string, number][]} */
      const rows = [];
      for (const [name, account] of bank.accounts) {
        rows.push([name, account.get()]);
        await ask();
      }
      rows.sort((a, b) => b[1] - a[1]);
      const sum = rows.reduce((all, [, balance]) => all + balance, 0);
      const [richest, poorest] = [rows[0], rows[rows.length - 1]];
      report.set(`${richest?.join(" ")} is most, ${poorest?.join(" ")} least, ${sum} in all`);
    },
    { name: "report", isolation: "serializable", onConflict: "retry", retries: 1000 },
  );
}
