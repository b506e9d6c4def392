// What samestep info says of a replay: build, match, settings, who was there, and what holds it to account.
import { dirname } from "node:path";
import { parseReplay, type Replay } from "../../replay/format.js";
import { cellLength } from "../../session/inputs/final-inputs.js";
import type { Game } from "../../simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_ABSENT, PRESENCE_REPLACED } from "../../simulation/simulation.js";
import type { MatchConfig } from "../../wire/match-config.js";
import { type About, duration, type Unknown, unknown } from "../about.js";
import { counted } from "../counting.js";
import { GameShelf } from "../games.js";
import { settingsOf } from "./settings.js";

/** One seat's part in the match, in frames. */
interface SeatSeen {
  seat: number;
  here: number;
  /** Its input came too late, and the sequencer's was played. */
  replaced: number;
  /** Something was pressed, or commanded. */
  pressed: number;
  /** Behind the last frame in which it was here. */
  end: number;
}

/** Frames at which something is on record. */
interface Places {
  count: number;
  first?: number;
  last?: number;
}

export async function aboutReplay(file: string, bytes: Uint8Array, given: Game | undefined): Promise<About | Unknown> {
  const parsed = parseReplay(bytes);
  if (parsed.kind === "unreadable") return unknown(parsed.why);
  const { replay } = parsed;
  const found = given ?? (await new GameShelf([dirname(file)]).find(replay.gameHash));
  const game = found?.gameHash === replay.gameHash ? found : undefined;
  const { config, frames, gameHash, schemaHash } = replay;
  const settings = settingsOf(config.rules, game?.schema);
  const seats = seatsOf(replay);
  const [checks, keyframes] = [placesOf(replay.checks()), placesOf(replay.keyframes())];
  const signed = resultOf(replay);
  return {
    kind: "replay",
    title: "a replay",
    rows: [
      ["build", `${gameHash}${game === undefined ? ", which is not here" : ""}`],
      ["schema", schemaHash],
      ["match", `${counted(config.players, "player")}, ${duration(frames, config.framesPerSecond)}`],
      ["timing", timing(config)],
      ["seed", seedOf(config)],
      ["settings", settings.text],
      ["seats", seats.map((seat) => seatLine(seat, frames))],
      [
        "hashes",
        [
          places(checks, "value of the hash chain", "values of the hash chain"),
          places(keyframes, "whole state", "whole states"),
        ],
      ],
      ["result", signed === undefined ? "not signed" : `${signed.text}: samestep verify --key checks it`],
      ["size", counted(bytes.length, "byte")],
    ],
    json: {
      ...{ bytes: bytes.length, gameHash, schemaHash, buildFound: game !== undefined, frames },
      config: { ...config, rules: [...config.rules], seed: seedOf(config) },
      settings: settings.json,
      seats,
      ...{ checks, keyframes, signed: signed?.json },
    },
  };
}

function timing(config: MatchConfig): string {
  const { inputDelay, predictionWindow, policy, autoDelay, commands } = config;
  const window = predictionWindow === 0 ? "lockstep" : `at most ${counted(predictionWindow, "frame")} predicted`;
  const delay = `${autoDelay ? "an input delay that follows the network, at first" : "input delay"} ${inputDelay}`;
  const late = policy === 0 ? "waits for late inputs" : "replaces late inputs";
  return `${window}, ${delay}, ${late}${commands ? ", inputs are commands" : ""}`;
}

function seedOf({ seedLow, seedHigh }: MatchConfig): string {
  return String((BigInt(seedHigh) << 32n) | BigInt(seedLow));
}

function seatsOf(replay: Replay): SeatSeen[] {
  const { cellBytes, config } = replay;
  const seats = Array.from({ length: config.players }, (_, seat) => ({
    seat,
    here: 0,
    replaced: 0,
    pressed: 0,
    end: 0,
  }));
  let frame = 0;
  for (const record of replay.records()) {
    frame += 1;
    for (const seen of seats) {
      const cell = seen.seat * cellBytes;
      if (record[cell] === PRESENCE_ABSENT) continue;
      seen.here += 1;
      seen.end = frame;
      if (record[cell] === PRESENCE_REPLACED) seen.replaced += 1;
      const at = cell + CELL_HEADER_BYTES;
      if (record.subarray(at, at + cellLength(record, cell)).some((byte) => byte !== 0)) seen.pressed += 1;
    }
  }
  return seats;
}

function seatLine({ seat, here, replaced, pressed, end }: SeatSeen, frames: number): string {
  if (here === 0) return `${seat}: never here`;
  const away =
    end < frames ? `, gone from frame ${end}` : here < frames ? `, away for ${counted(frames - here, "frame")}` : "";
  const late = replaced > 0 ? `, too late in ${replaced}` : "";
  return `${seat}: pressed something in ${pressed} of ${counted(here, "frame")}${late}${away}`;
}

function placesOf(items: Iterable<{ frame: number }>): Places {
  const found: Places = { count: 0 };
  for (const { frame } of items) {
    found.count += 1;
    found.first ??= frame;
    found.last = frame;
  }
  return found;
}

function places({ count, first, last }: Places, one: string, many: string): string {
  if (count === 0) return `no ${many}`;
  return count === 1
    ? `1 ${one}, at frame ${first}`
    : `${count.toLocaleString("en")} ${many}, from frame ${first} to ${last}`;
}

/** What the server states; whether it is true is not looked at here. */
function resultOf({ result }: Replay): { text: string; json: object } | undefined {
  if (result === undefined) return undefined;
  const { key, frames, state, left } = result.statement;
  const match = Buffer.from(result.statement.match).toString("hex");
  const seats = left.items
    .slice(0, left.count)
    .map(({ seat, frame, dropped }) => ({ seat, frame, dropped: dropped === 1 }));
  return {
    text: `match ${match} of ${counted(frames, "frame")}, ending in state ${state}, says key ${key}`,
    json: { match, key, frames, state, left: seats },
  };
}
