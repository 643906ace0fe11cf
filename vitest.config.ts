import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["emulator/**/*.test.ts", "kernel-src/**/*.test.ts", "web/**/*.test.ts"],
    exclude: ["kernel-src/built/**", "**/node_modules/**"],
    globalSetup: "emulator/x64/build/before-tests.ts",
    // Two cores are the smallest machine that the suite has to pass on in its time.
    maxWorkers: 2,
    // A booting guest on a busy machine; every wait inside has its own, shorter bound.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
