import { defineConfig } from "vitest/config";

/** Whose matches run by the clock on the wall: another test beside them would be a slow machine. */
const LIVE = ["test/browser/**", "test/client/**", "test/matrix/**", "test/server/**", "test/transport/**"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Games are compiled in hooks, and two of them at once on a busy machine take longer than the default of ten seconds.
    hookTimeout: 60_000,
    reporters: ["default", "./test/closing-line.ts"],
    // The fuzzers state how much memory a stranger can make us keep: they have to collect before they weigh.
    execArgv: ["--expose-gc"],
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: ["test/**/*.test.ts"],
          exclude: LIVE,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: LIVE.map((folder) => `${folder}/*.test.ts`),
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
