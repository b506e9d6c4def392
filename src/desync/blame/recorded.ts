// A step to be played again, and the states that others came to, out of what was written down: a replay, or a desync's report.
import type { Keyframe, Replay } from "../../replay/format.js";
import { type DesyncReport, fromBase64, type SeatInputs } from "../../session/evidence/report.js";
import { type Core, LEAF_BYTES } from "../../simulation/core.js";
import type { Schema } from "../../simulation/schema-shape.js";
import {
  CELL_HEADER_BYTES,
  type GameConfig,
  PRESENCE_ABSENT,
  PRESENCE_HERE,
  PRESENCE_REPLACED,
} from "../../simulation/simulation.js";
import type { Moment } from "./write-log.js";

/** The state that a replay holds of a frame; undefined where it has no keyframe there. */
export function keyframeOf(replay: Replay, frame: number, core: Core): Uint8Array | undefined {
  let state = new Uint8Array(core.stateBytes);
  const keyframes: Iterator<Keyframe, undefined> = replay.keyframes();
  for (let next = keyframes.next(); !next.done && next.value.frame <= frame; next = keyframes.next()) {
    const decoded = core.deltaDecode(state, next.value.delta);
    if (decoded === undefined) return undefined;
    state = new Uint8Array(decoded);
    if (next.value.frame === frame) return state;
  }
  return undefined;
}

/** The step that made a report's first bad state; a text says why it cannot be played again. */
export function reportedMoment(report: DesyncReport, schema: Schema): Moment | string {
  const config = configOf(report);
  if (config === undefined) return "its settings make no sense";
  const { min, max } = schema.players;
  if (!(config.players >= min && config.players <= max))
    return `its match has ${config.players} players, and this build takes ${min} to ${max}`;
  if (report.frame === 0) return { config };
  const { state: region, inputs } = schema.regions;
  if (report.start === undefined) return `it does not hold the state of frame ${report.frame - 1}`;
  const state = fromBase64(report.start);
  if (state?.length !== region.size) return `its state is none of this build, whose states have ${region.size} bytes`;
  const record = new Uint8Array(config.players * inputs.stride);
  for (let seat = 0; seat < config.players; seat++) {
    const told = report.inputs.find((each) => each.seat === seat);
    const cell = record.subarray(seat * inputs.stride, (seat + 1) * inputs.stride);
    if (told === undefined || !putCell(cell, told, report.frame - 1))
      return `it does not hold seat ${seat}'s input of frame ${report.frame - 1}`;
  }
  return { config, frame: { state, record } };
}

/** What a side had, where the report shows its leaves; the rest is taken from `computed`, with which both agreed. */
export function reportedState({ leaves }: DesyncReport, side: 0 | 1, computed: Uint8Array): Uint8Array | undefined {
  const state = computed.slice();
  for (const { index, bytes } of leaves) {
    const leaf = isText(bytes?.[side]) ? fromBase64(bytes[side]) : undefined;
    const room = state.length - index * LEAF_BYTES;
    if (!Number.isInteger(index) || index < 0) return undefined;
    if (leaf === undefined || leaf.length > Math.min(room, LEAF_BYTES)) return undefined;
    state.set(leaf, index * LEAF_BYTES);
  }
  return state;
}

function configOf({ config }: DesyncReport): GameConfig | undefined {
  const [rules, seed] = [fromHex(config.rules), /^[0-9a-f]{16}$/.exec(config.seed)];
  if (rules === undefined || seed === null) return undefined;
  const [seedHigh, seedLow] = [0, 8].map((at) => Number.parseInt(config.seed.slice(at, at + 8), 16));
  return { players: config.players, seedLow: seedLow!, seedHigh: seedHigh!, rules };
}

const PRESENCES: Readonly<Record<string, number>> = {
  h: PRESENCE_HERE,
  r: PRESENCE_REPLACED,
  a: PRESENCE_ABSENT,
};

function putCell(cell: Uint8Array, { begin, inputs, presence }: SeatInputs, frame: number): boolean {
  const bytes = fromHex(inputs[frame - begin] ?? "?");
  const here = PRESENCES[presence?.[frame - begin] ?? ""];
  if (bytes === undefined || here === undefined || bytes.length > cell.length - CELL_HEADER_BYTES) return false;
  cell[0] = here;
  cell[2] = bytes.length & 255;
  cell[3] = bytes.length >> 8;
  cell.set(bytes, CELL_HEADER_BYTES);
  return true;
}

/** Anybody may have written the file. */
function isText(value: unknown): value is string {
  return typeof value === "string";
}

function fromHex(digits: string): Uint8Array | undefined {
  if (!isText(digits) || digits.length % 2 !== 0 || /[^0-9a-f]/.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
