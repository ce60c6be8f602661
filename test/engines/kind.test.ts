import { engine, init } from "@signal-kernel/native";
import { expect, test } from "vitest";
import { SK_ABI } from "#engine";

test("the suites run on the engine that SIGNAL_KERNEL_ENGINE names", async () => {
  await init();
  const { kind, path, abi } = engine();
  expect([kind, abi]).toEqual([process.env.SIGNAL_KERNEL_ENGINE, SK_ABI]);
  if (kind === "native") expect(path).toMatch(/signal_kernel\.node$/);
  else expect(path).toBeUndefined();
});
