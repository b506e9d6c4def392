// One match in an engine of JavaScript: the game and core.wasm from their bytes, and XXH3-64 of every state, by core.wasm.
import type { Plan } from "./plan.js";

export interface Files {
  readonly wasm: Uint8Array;
  readonly core: Uint8Array;
  readonly inputs: Uint8Array;
}

type Exports = { memory: WebAssembly.Memory; init(): void; step(): void };
type CoreExports = {
  memory: WebAssembly.Memory;
  configure(slotBytes: number, slots: number, scratchBytes: number): number;
  slot(index: number): number;
  scratch(): number;
  hash(at: number, length: number, out: number): void;
};

/** A hash for each state, then why the game stopped, if it did; or all of one state, in hex. */
export function play({ wasm, core, inputs }: Files, plan: Plan): string {
  const { memory, init, step } = instantiate<Exports>(wasm);
  const bytes = new Uint8Array(memory.buffer);
  const { regions, recordBytes } = plan;
  const state = bytes.subarray(regions.state.address, regions.state.address + regions.state.size);
  const hash = hashing(core, state);
  bytes.set(inputs.subarray(0, plan.configBytes), regions.config.address);
  init();
  const hashes: string[] = [];
  for (let frame = 0, at = plan.configBytes; ; frame++, at += recordBytes) {
    if (frame === plan.flip?.frame) state[plan.flip.offset]! ^= plan.flip.mask;
    if (frame === plan.stateAt) return Array.from(state, (byte) => byte.toString(16).padStart(2, "0")).join("");
    hashes.push(hash());
    if (frame === plan.frames) return hashes.join(" ");
    bytes.set(inputs.subarray(at, at + recordBytes), regions.inputs.address);
    bytes.fill(0, regions.events.address, regions.events.address + 4);
    try {
      step();
    } catch (error) {
      return `${hashes.join(" ")} trapped in frame ${frame}: ${error}`;
    }
  }
}

function hashing(wasm: Uint8Array, state: Uint8Array): () => string {
  const core = instantiate<CoreExports>(wasm);
  core.configure(state.length, 1, 64);
  const [at, out] = [core.slot(0), core.scratch()];
  const slot = new Uint8Array(core.memory.buffer, at, state.length);
  const words = new Uint32Array(core.memory.buffer, out, 2);
  const hex = (word: number) => word.toString(16).padStart(8, "0");
  return () => {
    slot.set(state);
    core.hash(at, state.length, out);
    return hex(words[1]!) + hex(words[0]!);
  };
}

function instantiate<T>(wasm: Uint8Array): T {
  return new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {}).exports as T;
}
