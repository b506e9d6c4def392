// A game played straight through on one machine, without a network: to see what moves in it, and whether two builds are alike.
import type { WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, type GameConfig, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { handsOf } from "./hands.js";
import type { GameName } from "./kinds.js";
import { type Place, placesOf, someByte } from "./places.js";

/** Enough for bots to come to blows. */
const FRAMES: Record<GameName, number> = { fighter: 500, skirmish: 100, torture: 100 };

/** Seen to change so often, a number may be expected to change in a rollback. */
const CHANGES_LEAST = 4;
/** Frames between two looks. */
const LOOK_FRAMES = 5;

/** The inputs of each frame, as hands at this machine press them while it plays. */
export function* pressed(
  name: GameName,
  machine: WasmSimulation,
  config: GameConfig,
  seed: number,
): Generator<Uint8Array> {
  const { cellBytes, schema } = machine;
  const hands = Array.from({ length: config.players }, (_, seat) => handsOf(name, machine, seat, seed));
  const record = new Uint8Array(schema.regions.inputs.players * cellBytes);
  for (let frame = 0; frame < FRAMES[name]; frame++) {
    for (const [seat, press] of hands.entries()) {
      const input = press();
      const cell = record.subarray(seat * cellBytes, (seat + 1) * cellBytes).fill(0);
      cell[0] = PRESENCE_HERE;
      cell[2] = input.length;
      cell.set(input, CELL_HEADER_BYTES);
    }
    yield record;
  }
}

const KNOWN = new Map<GameName, readonly Place[]>();

/** The numbers that change all the time. */
export function livelyPlaces(name: GameName, machine: WasmSimulation, config: GameConfig): readonly Place[] {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  machine.reset(config);
  const changes = new Uint8Array(machine.stateBytes);
  let before = machine.present();
  let frame = 0;
  for (const record of pressed(name, machine, config, 1)) {
    machine.step(record);
    frame += 1;
    if (frame % LOOK_FRAMES !== 0) continue;
    const after = machine.present();
    for (let at = 0; at < after.length; at++) if (after[at] !== before[at] && changes[at]! < 255) changes[at]! += 1;
    before = after;
  }
  const lively = placesOf(machine.schema).filter(
    (place) => place.offset > 0 && place.type !== undefined && someByte(place, (at) => changes[at]! >= CHANGES_LEAST),
  );
  KNOWN.set(name, lively);
  return lively;
}
