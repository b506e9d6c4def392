// npm run dst -- --seeds N [--first S]: whole matches under a bad network, in virtual time. A failing seed says how to repeat it.
import { parseArgs } from "node:util";
import { runSeeds } from "./run.js";

const { values } = parseArgs({ options: { seeds: { type: "string" }, first: { type: "string" } } });
const seeds = Number(values.seeds ?? 200);
const first = Number(values.first ?? 1);
if (!Number.isInteger(seeds) || !Number.isInteger(first) || seeds < 1 || first < 0) {
  process.stderr.write("usage: npm run dst -- --seeds N [--first S]   whole numbers, N from 1\n");
  process.exit(2);
}
const summary = await runSeeds({ first, seeds, log: (line) => process.stdout.write(`${line}\n`) });
process.exit(summary.failed === 0 ? 0 : 1);
