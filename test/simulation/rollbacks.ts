// Random rollbacks by hand: a game that keeps guessing wrong beside one that never does.
import { Random } from "../../src/netsim/random.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../src/simulation/simulation.js";

/**
 * Plays `frames` frames on both. Before each, the second plays one to eight others with wrong inputs and goes back.
 * Answers the frames after which their states hash differently.
 */
export function randomRollbacks(
  straight: WasmSimulation,
  guessing: WasmSimulation,
  options: { frames: number; players: number; seed: number },
): number[] {
  const { frames, players, seed } = options;
  const random = new Random(seed);
  const config = { players, seedLow: seed, seedHigh: 0, rules: new Uint8Array(0) };
  const hashes = [new Uint32Array(2), new Uint32Array(2)] as const;
  const differing: number[] = [];
  for (const each of [straight, guessing]) {
    each.reset(config);
    each.save(0);
  }
  for (let frame = 0; frame < frames; frame++) {
    for (let depth = 1 + random.below(8); depth > 0; depth--) guessing.step(record(guessing, players, random));
    guessing.restore(0);
    const right = record(straight, players, random);
    for (const [i, each] of [straight, guessing].entries()) {
      if (each.step(right) === "trapped") throw new Error(`frame ${frame} of seed ${seed}: ${each.trap}`);
      each.save(0);
      each.hash(0, hashes[i]!, 0);
    }
    if (hashes[0].join() !== hashes[1].join()) differing.push(frame);
  }
  return differing;
}

function record({ cellBytes, schema }: WasmSimulation, players: number, random: Random): Uint8Array {
  const { bytes } = schema.classes[schema.input]!;
  const made = new Uint8Array(players * cellBytes);
  for (let at = 0; at < made.length; at += cellBytes) {
    made[at] = PRESENCE_HERE;
    made[at + 2] = bytes;
    for (let i = 0; i < bytes; i++) made[at + CELL_HEADER_BYTES + i] = random.below(256);
  }
  return made;
}
