// The script that a page runs: every match of a list, and the answers back to whoever served the page.
import type { Plan } from "./plan.js";
import { play } from "./play.js";

declare const PLANS: readonly Plan[];

async function read(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());
}

async function playAll(): Promise<string> {
  const lines: string[] = [];
  const core = await read("core.wasm");
  for (const plan of PLANS)
    lines.push(play({ wasm: await read(plan.wasm), core, inputs: await read(plan.inputs) }, plan));
  return lines.join("\n");
}

playAll()
  .catch(String)
  .then((body) => fetch("/answer", { method: "POST", body }));
