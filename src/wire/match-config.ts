// What everybody in a match must agree on before frame zero; a difference is refused at the handshake.
import { bounded, bytes, struct, u8, u16, u32, type ValueOf } from "./codec.js";
import {
  FRAME_INPUTS_MAX,
  INPUT_BYTES_MAX,
  INPUT_DELAY_MAX,
  PREDICTION_WINDOW_MAX,
  RULES_BYTES_MAX,
  SEAT_KEEP_SECONDS_MAX,
  SEATS_MAX,
} from "./limits.js";

export const matchConfig = struct({
  /** Seats. */
  players: bounded(u8, 1, SEATS_MAX),
  framesPerSecond: bounded(u8, 1, 240),
  /** Speculative frames at most; 0 is lockstep. */
  predictionWindow: bounded(u8, 0, PREDICTION_WINDOW_MAX),
  /** The match starts when so many seats are taken: the others are absent until somebody joins. 0: when all are. */
  startWith: bounded(u8, 0, SEATS_MAX),
  /** Frames between pressing and playing, for every seat at the start. */
  inputDelay: bounded(u8, 0, INPUT_DELAY_MAX),
  /** 1: the sequencer raises and lowers the input delay as the paths' jitter asks for. */
  autoDelay: bounded(u8, 0, 1),
  /** A late input: 0 = wait, everybody stalls for it; 1 = substitute, the sequencer makes the seat's last one final again. */
  policy: bounded(u8, 0, 1),
  /** 1: inputs are commands, each carried out once: a late one is replaced by none. */
  commands: bounded(u8, 0, 1),
  /** Most bytes of one seat's input in one frame. */
  inputBytes: bounded(u16, 1, INPUT_BYTES_MAX),
  /** Silence after which a seat is dropped, in ms. */
  dropAfterMs: bounded(u16, 500, 60_000),
  /** For so long a dropped player's seat is kept for him to come back to. */
  seatKeepSeconds: bounded(u16, 0, SEAT_KEEP_SECONDS_MAX),
  seedLow: u32,
  seedHigh: u32,
  /** The game's own rules: the bytes of its @config class. */
  rules: bytes(0, RULES_BYTES_MAX),
});

export type MatchConfig = ValueOf<typeof matchConfig>;

/** What a match is played with where nobody says otherwise. */
export const MATCH_DEFAULTS = { startWith: 0, autoDelay: 0, policy: 0, commands: 0, seatKeepSeconds: 180 } as const;

/** Why no match can be played with these settings, as a person would say it; undefined when one can. */
export function whyUnplayable(config: MatchConfig): string | undefined {
  const { players, startWith, inputBytes } = config;
  if (startWith > players)
    return `A match of ${players} seats cannot start when ${startWith} are taken: make startWith ${players} or less.`;
  if (players * inputBytes <= FRAME_INPUTS_MAX) return undefined;
  const most = Math.floor(FRAME_INPUTS_MAX / players);
  return `Inputs of ${inputBytes} bytes are too long for a match of ${players} seats: ${most} bytes at most, or fewer players.`;
}

/** The first difference of two configs as a person would say it, or undefined when they agree. */
export function configDifference(room: MatchConfig, yours: MatchConfig): string | undefined {
  const names = Object.keys(room) as (keyof MatchConfig)[];
  for (const name of names) {
    const a = room[name];
    const b = yours[name];
    const same = typeof a === "object" && typeof b === "object" ? a.join() === b.join() : a === b;
    if (!same) return `${name} is ${format(a)} in the room and ${format(b)} in yours`;
  }
  return undefined;
}

function format(value: number | Uint8Array): string {
  return typeof value === "number" ? String(value) : `[${value.join(" ")}]`;
}
