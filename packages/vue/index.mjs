export * from "@signal-kernel/native/vue";
