export * from "@signal-kernel/native/async-runtime";
