import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Games are compiled in hooks, and two of them at once on a busy machine take longer than the default of ten seconds.
    hookTimeout: 60_000,
    reporters: ["default", "./test/closing-line.ts"],
    // The fuzzers state how much memory a stranger can make us keep: they have to collect before they weigh.
    execArgv: ["--expose-gc"],
  },
});
