// How the effect of a hostile module is shown: each way runs it twice or more as a match might, and answers what came out.
import { Worker } from "node:worker_threads";
import * as loader from "@assemblyscript/loader";
import { assembleText } from "./corpus.js";
import type { Outcomes, Shells } from "./shells.js";

interface Exports extends Record<string, unknown> {
  memory: WebAssembly.Memory;
  init(): void;
  step(...args: number[]): void;
}

type Env = Record<string, WebAssembly.ImportValue>;

const STATE = 1024;
const STATE_BYTES = 16;

function instance(bytes: Uint8Array, env: Env = {}): Exports {
  const module = new WebAssembly.Module(bytes as BufferSource);
  return new WebAssembly.Instance(module, { env }).exports as Exports;
}

function stateOf({ memory }: Exports): string {
  return Buffer.from(memory.buffer, STATE, STATE_BYTES).toString("hex");
}

function stepped(game: Exports, ...args: number[]): string {
  try {
    game.step(...args);
    return stateOf(game);
  } catch {
    return "stopped";
  }
}

/** What two machines hand a game that asks them: their clocks, their memories, what they have set and loaded. */
function envOf(machine: 0 | 1): Env {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  new Uint8Array(memory.buffer).fill(machine, 2048);
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1, maximum: 1 });
  if (machine === 1) table.set(0, instance(NOTHING).step);
  return {
    "Date.now": () => Date.now() + machine * 3_600_000,
    "performance.now": () => performance.now() + machine * 1000,
    luck: () => machine + 3,
    speed: machine + 3,
    abort: () => {
      if (machine === 1) throw new Error("abort");
    },
    memory,
    table,
  };
}

const NOTHING = assembleText("nothing.wat", `(module (func (export "step")))`);

function hosts(bytes: Uint8Array): Outcomes {
  return ([0, 1] as const).map((machine) => {
    const game = instance(bytes, envOf(machine));
    game.init();
    return stepped(game);
  });
}

async function byLoader(bytes: Uint8Array): Promise<Outcomes> {
  const came: string[] = [];
  for (let machine = 0; machine < 2; machine++) {
    const { exports } = await loader.instantiate<Exports>(bytes);
    const game = exports as unknown as Exports;
    game.init();
    came.push(stepped(game));
    // The other machine is a moment later.
    for (const begin = Date.now(); Date.now() === begin; );
  }
  return came;
}

/** What a host is told in two frames, without a rollback and with one. */
function escapes(bytes: Uint8Array): Outcomes {
  return [false, true].map((rolledBack) => {
    const told: unknown[] = [];
    const tell = (value: unknown) => told.push(value);
    const game = instance(bytes, { "console.log": tell, trace: tell });
    game.init();
    const state = new Uint8Array(game.memory.buffer, STATE, STATE_BYTES);
    const snapshot = state.slice();
    if (rolledBack) stepped(game);
    state.set(snapshot);
    for (let frame = 0; frame < 2; frame++) stepped(game);
    return told.join();
  });
}

function grown(bytes: Uint8Array): Outcomes {
  return [0, 1].map((pages) => {
    const game = instance(bytes);
    game.init();
    try {
      game.memory.grow(pages);
    } catch {
      // It has one size.
    }
    return stepped(game);
  });
}

function detached(bytes: Uint8Array): Outcomes {
  const game = instance(bytes);
  const view = new Uint8Array(game.memory.buffer);
  const before = view.length;
  stepped(game);
  return [`${before} bytes`, `${view.length} bytes`];
}

function load(bytes: Uint8Array): Outcomes {
  return ["00".repeat(STATE_BYTES), stateOf(instance(bytes))];
}

/** A host that leaves the game alone, and one that uses all it exports. */
function outside(bytes: Uint8Array): Outcomes {
  return [false, true].map((meddles) => {
    const game = instance(bytes);
    game.init();
    stepped(game, 1);
    if (meddles) for (const [name, value] of Object.entries(game)) meddle(name, value);
    return stepped(game, meddles ? 2 : 1);
  });
}

function meddle(name: string, value: unknown): void {
  if (typeof value === "function" && name !== "init" && name !== "step") value();
  if (value instanceof WebAssembly.Table) value.set(0, null);
  if (value instanceof WebAssembly.Global) value.value = 77;
}

const OTHER_THREAD = `
const { workerData: { buffer, done, at } } = require("node:worker_threads");
new Uint8Array(buffer)[at] = 77;
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);
`;

/** A host that keeps the memory to itself, and one that hands it to another thread. */
function thread(bytes: Uint8Array): Outcomes {
  return [false, true].map((shares) => {
    const game = instance(bytes);
    game.init();
    if (shares) {
      const done = new Int32Array(new SharedArrayBuffer(4));
      const workerData = { buffer: game.memory.buffer, done, at: STATE };
      new Worker(OTHER_THREAD, { eval: true, workerData });
      Atomics.wait(done, 0, 0);
    }
    return stepped(game);
  });
}

/** A step on an empty stack, and one where the page has used nearly all of it. */
function depth(bytes: Uint8Array): Outcomes {
  const [first, second] = [instance(bytes), instance(bytes)];
  const tell = (game: Exports) => `${stepped(game) === "stopped" ? "stopped" : "stepped"} at ${stateOf(game)}`;
  return [tell(first), onFullStack(() => tell(second))];
}

function onFullStack(run: () => string): string {
  const descend = (left: number): string => (left === 0 ? run() : descend(left - 1));
  let frames = 0;
  const count = (): void => {
    frames++;
    count();
  };
  try {
    count();
  } catch {
    // The stack is full.
  }
  // Frames differ in size, so some less than were counted may fit.
  for (let share = 1; share > 0; share -= 0.01) {
    try {
      return descend(Math.floor(frames * share));
    } catch {
      // Not so deep.
    }
  }
  throw new Error("no call fits this stack");
}

type Show = (
  module: { readonly name: string; readonly bytes: Uint8Array },
  shells: Shells,
) => Outcomes | Promise<Outcomes>;

/** Ways that are gone in the shells of engines. */
export const IN_SHELLS: ReadonlySet<string> = new Set(["engines", "lacking", "rollback", "processors"]);

export const SHOWS: Readonly<Record<string, Show>> = {
  hosts: ({ bytes }) => hosts(bytes),
  loader: ({ bytes }) => byLoader(bytes),
  escapes: ({ bytes }) => escapes(bytes),
  grown: ({ bytes }) => grown(bytes),
  detached: ({ bytes }) => detached(bytes),
  load: ({ bytes }) => load(bytes),
  outside: ({ bytes }) => outside(bytes),
  thread: ({ bytes }) => thread(bytes),
  depth: ({ bytes }) => depth(bytes),
  engines: ({ name }, shells) => shells.engines(name),
  lacking: ({ name }, shells) => shells.lacking(name),
  rollback: ({ name }, shells) => shells.rollback(name),
  processors: ({ name }, shells) => shells.processors(name),
};
