// The script that the shells of engines run: every match of a list, each answered in a line.
import { readBytes, say } from "../engines/shell.js";
import type { Plan } from "./plan.js";
import { play } from "./play.js";

declare const FOLDER: string;
declare const PLANS: readonly Plan[];

const read = (name: string) => readBytes(`${FOLDER}/${name}`);

for (const plan of PLANS)
  say(play({ wasm: read(plan.wasm), core: read("core.wasm"), inputs: read(plan.inputs) }, plan));
