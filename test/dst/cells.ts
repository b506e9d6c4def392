// What stands in a record of final inputs, and how far a player is held to it.
import type { VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import type { World } from "./world.js";

/** What he did not confirm, since he was away, is not compared. */
export function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a === undefined) return true;
  if (a.length !== b.length) return false;
  // A loop: a tenth of all time went into calls of a comparison.
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Frames for which a player is a member of the match: what he pressed after his last final input concerns nobody. */
export function memberEnd(world: World, { player, index }: VirtualPlayer<WasmSimulation>): number {
  const away = world.departures.away.get(index);
  if (away !== undefined) return Math.min(away, world.truth.length);
  const { seat } = player;
  const leftAt = seat === undefined ? Infinity : (world.match.sequencer.inputs?.leftAt(seat) ?? Infinity);
  return Math.min(leftAt, world.truth.length);
}

function cellBytes({ config }: World): number {
  // As the game module has it: whole words.
  return (CELL_HEADER_BYTES + config.inputBytes + 3) & ~3;
}

/** A seat's input in a record, as long as it was. */
export function cellOf(world: World, seat: number, record: Uint8Array): Uint8Array {
  const cell = seat * cellBytes(world);
  const length = record[cell + 2]! | (record[cell + 3]! << 8);
  return record.subarray(cell + CELL_HEADER_BYTES, cell + CELL_HEADER_BYTES + length);
}

export function presenceOf(world: World, seat: number, record: Uint8Array): number {
  return record[seat * cellBytes(world)]!;
}
