// What every test of core.wasm starts from: the built module, fresh, and seeded bytes to feed it.
import { readFileSync } from "node:fs";

interface CoreExports {
  readonly memory: WebAssembly.Memory;
  configure(slotBytes: number, slots: number, scratchBytes: number): number;
  scratch(): number;
  slot(index: number): number;
  hash(at: number, length: number, out: number): void;
  leaves(at: number, length: number, out: number): number;
  root(leafTable: number, count: number, out: number): void;
  deltaBound(length: number): number;
  deltaEncode(base: number, target: number, length: number, out: number): number;
  deltaDecode(base: number, source: number, sourceLength: number, target: number, length: number): number;
}

const compiled = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));

export function instantiateCore(): CoreExports {
  // No imports are offered: a module that wanted one would fail here.
  return new WebAssembly.Instance(compiled).exports as unknown as CoreExports;
}

/** A view of all of memory; `configure` detaches it. */
export function bytesOf(core: CoreExports): Uint8Array {
  return new Uint8Array(core.memory.buffer);
}

/** A 64-bit hash at `at` as hex, most significant digit first, as hash tools print it. */
export function hexAt(core: CoreExports, at: number): string {
  return new DataView(core.memory.buffer).getBigUint64(at, true).toString(16).padStart(16, "0");
}

/** Whole numbers below 2^32 from a seed (xorshift32, Marsaglia 2003). */
export function randomFrom(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

export function fill(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i] = random(256);
  return bytes;
}
