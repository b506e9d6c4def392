// Save, restore and hash through the Simulation port, at 4 and 64 KiB, against a bare copy and the fastest hash on npm.
import { readFile } from "node:fs/promises";
import { createXXHash3 } from "hash-wasm";
import { Core, compileCore } from "../src/simulation/core.js";
import { type Figure, microseconds, us } from "./measure.js";

/** Slots that are used in turn, as a match does. */
const SLOTS = 10;

export async function copies(): Promise<Figure[]> {
  const module = await compileCore(await readFile("build/core.wasm"));
  const peer = await createXXHash3();
  const figures: Figure[] = [];
  for (const kibibytes of [4, 64]) {
    const bytes = 1024 * kibibytes;
    const core = await Core.create(module, { stateBytes: bytes, slots: SLOTS, digestBytes: 64 });
    // The game's memory: saves and restores go between two memories, as they do in a match.
    const game = new Uint8Array(new WebAssembly.Memory({ initial: 4 }).buffer, 1024, bytes);
    for (let i = 0; i < bytes; i++) game[i] = i * 31;
    const other = new Uint8Array(new WebAssembly.Memory({ initial: 4 }).buffer, 1024, bytes);
    const out = new Uint32Array(2);
    let turn = 0;
    const time = microseconds([
      { name: "copy", run: () => other.set(game) },
      { name: "save", run: () => core.slot(turn++ % SLOTS).set(game) },
      { name: "restore", run: () => game.set(core.slot(turn++ % SLOTS)) },
      { name: "hash", run: () => core.hashSlot(turn++ % SLOTS, out, 0) },
      {
        name: "hash-wasm",
        run: () => {
          peer.init();
          peer.update(game);
          peer.digest("binary");
        },
      },
    ]);
    const against = `a bare copy of ${kibibytes} KiB, ${us(time.copy)}`;
    for (const name of ["save", "restore"] as const) {
      figures.push({
        what: `${name}, ${kibibytes} KiB`,
        value: us(time[name]),
        ratio: time[name] / time.copy,
        budget: kibibytes === 4 ? 2 : 1.3,
        sense: "most",
        against,
      });
    }
    figures.push({
      what: `hash, ${kibibytes} KiB`,
      value: `${us(time.hash)}, ${(bytes / time.hash / 1000).toFixed(1)} GB/s`,
      ratio: time["hash-wasm"] / time.hash,
      budget: 3,
      sense: "least",
      against: `hash-wasm's XXH3, ${us(time["hash-wasm"])}`,
    });
  }
  return figures;
}
