export * from "@signal-kernel/native/react";
