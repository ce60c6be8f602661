export * from "@signal-kernel/native/core";
