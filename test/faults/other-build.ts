// Another build of a game: one constant or one instruction of its module is another one, and it computes something else.

import type { Random } from "../../src/netsim/random.js";
import { readModule } from "../../src/proof/binary.js";
import { I32_CONST, type Instruction, walk } from "../../src/proof/opcodes.js";
import { type Game, loadGame } from "../../src/simulation/game.js";
import type { GameConfig } from "../../src/simulation/simulation.js";
import type { GameName } from "./kinds.js";
import { pressed } from "./straight.js";

/** Comparisons and shifts, and what takes their place. None makes a loop endless: each ends a step earlier or later. */
const SWAPPED: ReadonlyMap<Instruction, number> = new Map([
  [0x48, 0x4c], // i32.lt_s, i32.le_s
  [0x4c, 0x48],
  [0x4e, 0x4a], // i32.ge_s, i32.gt_s
  [0x75, 0x76], // i32.shr_s, i32.shr_u
]);

/** What may use a constant that becomes one more: products, quotients, comparisons with an end, stores. */
const USES: ReadonlySet<Instruction> = new Set([0x36, 0x3a, 0x3b, 0x48, 0x4a, 0x4c, 0x4e, 0x6c, 0x6d]);

/** Smaller ones count loops, and tell states apart. */
const CONSTANT_LEAST = 3;
const CONSTANT_MOST = 0x10000;

/** Modules that are tried until one computes something else; a module is compiled for each. */
const CANDIDATES = 6;

interface Change {
  readonly at: number;
  readonly bytes: readonly number[];
}

/** Undefined where none of those that were tried computes anything else. */
export async function otherBuild(
  clean: Game,
  name: GameName,
  config: GameConfig,
  random: Random,
): Promise<Game | undefined> {
  const changes = changesOf(clean.wasm);
  for (let tried = 0; tried < CANDIDATES; tried++) {
    const game = await changed(clean.wasm, random.pick(changes));
    if (game !== undefined && (await differs(clean, game, name, config, random.u32()))) return game;
  }
  return undefined;
}

/** Undefined where the proof refuses it. */
async function changed(wasm: Uint8Array, { at, bytes }: Change): Promise<Game | undefined> {
  const other = wasm.slice();
  other.set(bytes, at);
  return loadGame(other).catch(() => undefined);
}

function changesOf(wasm: Uint8Array): Change[] {
  const changes: Change[] = [];
  for (const { begin, end } of readModule(wasm).bodies) {
    let constantAt: number | undefined;
    walk(wasm, begin, end, (instruction, _, offset) => {
      if (constantAt !== undefined && USES.has(instruction)) changes.push(...oneMore(wasm, constantAt, offset));
      constantAt = instruction === I32_CONST ? offset + 1 : undefined;
      const swapped = SWAPPED.get(instruction);
      if (swapped !== undefined) changes.push({ at: offset, bytes: [swapped] });
    });
  }
  return changes;
}

/** The constant in [begin, end), one more, where that takes as many bytes. */
function oneMore(wasm: Uint8Array, begin: number, end: number): Change[] {
  let value = 0;
  for (let i = 0; i < end - begin; i++) value += (wasm[begin + i]! & 0x7f) * 2 ** (7 * i);
  const bytes: number[] = [];
  for (let rest = value + 1, left = end - begin; left > 0; left--, rest = Math.floor(rest / 128))
    bytes.push((rest & 0x7f) | (left > 1 ? 0x80 : 0));
  const positive = value + 1 < 2 ** (7 * (end - begin) - 1);
  return value >= CONSTANT_LEAST && value <= CONSTANT_MOST && positive ? [{ at: begin, bytes }] : [];
}

async function differs(clean: Game, other: Game, name: GameName, config: GameConfig, seed: number): Promise<boolean> {
  const [one, two] = await Promise.all([clean.simulation({ slots: 1 }), other.simulation({ slots: 1 })]);
  one.reset(config);
  try {
    two.reset(config);
  } catch {
    return false; // it can't even start
  }
  for (const record of pressed(name, one, config, seed)) {
    if (one.step(record) === "trapped" || two.step(record) === "trapped") return false;
    if (Buffer.compare(one.present(), two.present()) !== 0) return true;
  }
  return false;
}
