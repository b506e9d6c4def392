// SyncTest: runs a game alone, rolls back every frame, and lists every frame and field that comes out differently.

import { SamestepError } from "../../error.js";
import { differences, type FieldDifference } from "../../simulation/schema.js";
import type { GameConfig, Simulation } from "../../simulation/simulation.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../simulation/simulation.js";

export interface SyncTestOptions {
  simulation: Simulation;
  config: GameConfig;
  frames: number;
  /** Frames rolled back after every step; at least 1. */
  checkDistance?: number;
  /** Writes a seat's input for a frame into `into` and answers its length. */
  input: (frame: number, seat: number, into: Uint8Array) => number;
}

export interface SyncDifference {
  /** The state that was another one the second time. */
  frame: number;
  /** `before`: the first run's value; `after`: the second's. */
  fields: FieldDifference[];
}

export interface SyncTestReport {
  frames: number;
  differences: SyncDifference[];
  /** The frame that trapped, and why; the test ended there. */
  trap: { frame: number; why: string } | undefined;
}

/** Frames rolled back unless asked otherwise: the usual prediction window. */
const CHECK_DISTANCE = 8;

/**
 * Each frame is played, then the last `checkDistance` frames are played again from their snapshot with the same
 * inputs; every state must come out byte for byte the same. What differs is state that the snapshot does not cover.
 */
export function syncTest(options: SyncTestOptions): SyncTestReport {
  const { simulation, config, frames } = options;
  const distance = options.checkDistance ?? CHECK_DISTANCE;
  if (distance < 1 || distance >= simulation.slots) {
    throw new SamestepError("BAD_USAGE", `a check distance lies in [1, ${simulation.slots - 1}], not ${distance}`);
  }
  const records = Array.from({ length: distance }, () => new Uint8Array(config.players * simulation.cellBytes));
  const found = new Map<number, SyncDifference>();
  simulation.reset(config);
  simulation.save(0);
  const slot = (frame: number): number => frame % simulation.slots;
  for (let frame = 0; frame < frames; frame++) {
    const record = records[frame % distance]!;
    fill(record, frame, options);
    const end = frame + 1;
    const failed = (): SyncTestReport => ({
      frames: frame,
      differences: [...found.values()],
      trap: { frame, why: simulation.trap ?? "unknown" },
    });
    if (simulation.step(record) === "trapped") return failed();
    simulation.save(slot(end));
    const begin = Math.max(0, end - distance);
    const first = Array.from({ length: end - begin }, (_, i) => simulation.copy(slot(begin + 1 + i)));
    simulation.restore(slot(begin));
    for (let again = begin; again < end; again++) {
      if (simulation.step(records[again % distance]!) === "trapped") return failed();
      simulation.save(slot(again + 1));
      const before = first[again - begin]!;
      const after = simulation.copy(slot(again + 1));
      if (found.has(again + 1) || before.every((byte, i) => byte === after[i])) continue;
      found.set(again + 1, { frame: again + 1, fields: differences(simulation.schema, before, after) });
    }
  }
  const sorted = [...found.values()].sort((a, b) => a.frame - b.frame);
  return { frames, differences: sorted, trap: undefined };
}

function fill(record: Uint8Array, frame: number, { simulation, config, input }: SyncTestOptions): void {
  record.fill(0);
  for (let seat = 0; seat < config.players; seat++) {
    const cell = seat * simulation.cellBytes;
    const length = input(frame, seat, record.subarray(cell + CELL_HEADER_BYTES, cell + simulation.cellBytes));
    record[cell] = PRESENCE_HERE;
    record[cell + 2] = length & 255;
    record[cell + 3] = length >> 8;
  }
}
