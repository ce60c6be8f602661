import {
  batch,
  createEffect,
  createScope,
  getScope,
  onScopeDispose,
  signal,
} from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { quiet } from "../async/support.js";

describe("S11 scopes and what is asynchronous", () => {
  it("what is created after an await, in a timer or a reaction belongs to it", async () => {
    const a = signal(0);
    const seen: string[] = [];
    const watch = (name: string) => createEffect(() => void seen.push(`${name} ${a.get()}`));
    const scope = createScope();
    const scopes = await scope.run(async () => {
      watch("now");
      await null;
      watch("await");
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          watch("timer");
          resolve();
        }, 0),
      );
      return Promise.resolve().then(() => (watch("then"), getScope()));
    });
    expect(scopes).toBe(scope);
    expect(getScope()).toBe(null);
    scope.dispose();
    seen.length = 0;
    a.set(1);
    await quiet();
    expect(seen).toEqual([]);
  });

  it("side by side they do not meet, and the innermost run is the one that counts", async () => {
    const scopes = [createScope(), createScope()] as const;
    const found = await Promise.all(
      scopes.map((scope) =>
        scope.run(async () => {
          await quiet();
          const inner = scopes[0].run(() => getScope());
          return [getScope(), inner];
        }),
      ),
    );
    expect(found).toEqual([
      [scopes[0], scopes[0]],
      [scopes[1], scopes[0]],
    ]);
    for (const scope of scopes) scope.dispose();
  });

  it("what an effect goes on to do after an await belongs to its own scope, in every run", async () => {
    const a = signal(0);
    const found: unknown[] = [];
    const scope = createScope(() =>
      createEffect(() => {
        a.get();
        void quiet().then(() => found.push(getScope()));
      }),
    );
    const stranger = createScope(() => a.set(1));
    await quiet();
    stranger.run(() => batch(() => a.set(2)));
    await quiet();
    await quiet();
    expect(found).toEqual([scope, scope, scope]);
    scope.dispose();
    stranger.dispose();
  });

  it("code that comes back to one that has ended stops there, also when nothing else holds the context", async () => {
    const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
    const a = signal(0);
    let runs = 0;
    let ended = 0;
    const request = createScope({ name: "request" });
    const work = request.run(async () => {
      await turn();
      onScopeDispose(() => ended++);
      createEffect(() => {
        a.get();
        runs++;
      });
    });
    request.dispose();
    await expect(work).rejects.toThrow("Scope request was disposed");
    expect([ended, runs]).toEqual([1, 0]);
  });
});
