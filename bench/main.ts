// npm run bench [-- NAME] [--json FILE]: every figure we claim, beside its budget; exit 1 when one is missed.
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { copies } from "./copies.js";
import { type Figure, met } from "./measure.js";
import { rollback } from "./rollback.js";
import { traffic } from "./traffic.js";
import { verification } from "./verification.js";

const BENCHES: Record<string, () => Promise<Figure[]>> = { rollback, copies, traffic, verification };

const { values, positionals } = parseArgs({ options: { json: { type: "string" } }, allowPositionals: true });
const unknown = positionals.find((name) => BENCHES[name] === undefined);
if (unknown !== undefined) {
  process.stderr.write(`there is no bench ${unknown}; there are: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const figure of await bench()) {
    figures.push(figure);
    const { what, value, ratio, budget, sense, against } = figure;
    const mark = met(figure) ? "ok    " : "MISSED";
    const limit = `${ratio < 0.01 ? ratio.toFixed(5) : ratio.toFixed(2)} (budget ${sense === "most" ? "≤" : "≥"} ${budget})`;
    process.stdout.write(`${mark} ${what}\n         ${value};  ${limit} × ${against}\n`);
  }
}
const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}`;
process.stdout.write(`\n${machine}\n`);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ schema: "samestep.bench/1", machine, figures }, undefined, 2)}\n`);
}
process.exitCode = figures.every(met) ? 0 : 1;
