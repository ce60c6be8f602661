export * from "@signal-kernel/native/snapshot";
