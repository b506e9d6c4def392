// Joining a match: loads the game, dials the server, and answers with the match once there is a seat.
import { SamestepError } from "../error.js";
import type { Conditions } from "../netsim/conditions.js";
import type { LinkMode } from "../netsim/link.js";
import type { OnDesync } from "../session/evidence/evidence.js";
import { hasEd25519, type Key, readPublicKey } from "../signing/keys.js";
import { Game, loadGame, type WasmSource } from "../simulation/game.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { configWriter } from "../simulation/view.js";
import { playUrl } from "../transport/room-code.js";
import { SimulatedTransport } from "../transport/simulated.js";
import type { Transport } from "../transport/transport.js";
import { WebSocketTransport } from "../transport/websocket.js";
import { INPUT_DELAY_MAX, PREDICTION_WINDOW_MAX, RULES_BYTES_MAX, SEAT_KEEP_SECONDS_MAX } from "../wire/limits.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../wire/match-config.js";
import { type GameTypes, Match } from "./match.js";
import { defaultTicker, type Ticker } from "./ticker.js";

/** Two thirds of a round trip of 200 ms: beyond it people see the jumps. */
const PREDICTION_WINDOW = 8;

/** Frames: hides 33 ms of the path, and nobody feels it. */
const INPUT_DELAY = 2;

/** Longer than it takes to dial again after an outage of 3 s; shorter than people wait. */
const DROP_AFTER_MS = 5000;

/** What all players of a match share. Whoever comes second must bring the same, or nothing. */
export interface MatchSettings<G extends GameTypes = GameTypes> {
  /** Seats; the match starts when all are taken. By default the game's least. */
  players?: number;
  /** Frames played ahead of the others' inputs at most, 0 to 15; 0 is lockstep. By default 8. */
  predictionWindow?: number;
  /** Frames between pressing and playing, 0 to 15. By default 2. */
  inputDelay?: number;
  /** Of the game's random numbers, 64 bits. By default random, drawn by whoever opens the room. */
  seed?: number | bigint;
  /** The game's own settings: fields of its @config class; the others are zero. */
  rules?: Partial<G["config"]>;
  /** Silence after which a player is dropped, 500 to 60 000 ms. By default 5000. */
  dropAfterMs?: number;
  /** The match starts when so many seats are taken; the others can be taken later, or again. By default all are needed. */
  startWith?: number;
  /** For so many seconds a dropped player's seat is kept for him to come back to, 0 to 3600. By default 180. */
  seatKeepSeconds?: number;
  /**
   * What happens when somebody's input is late: everybody waits for it, or the server substitutes it: what he held down
   * before, or no command, flagged to the game and to him. By default "wait".
   */
  policy?: "wait" | "substitute";
  /** Lets the server raise the input delay, and lower it again, as the players' measurements advise. By default false. */
  autoDelay?: boolean;
}

export interface NetworkOptions {
  up?: Conditions;
  down?: Conditions;
  seed?: number;
  /** By default "stream" over a server's WebSocket, "datagram" over a transport of your own. */
  mode?: LinkMode;
}

export type JoinOptions<G extends GameTypes = GameTypes> = {
  /** The module: bytes, an address, a Response, or a game that is loaded already. */
  game: WasmSource | Game;
  /** Opens the room with these settings, or agrees with them; without them the room's are taken, and it must be open. */
  config?: MatchSettings<G>;
  /** Takes no seat, and only looks on: at any time, also when all seats are taken. */
  watch?: boolean;
  /**
   * What is done when this page and another one compute different states: the match goes on ("continue", the default), it
   * ends for who was found wrong ("stop"), or he takes over the others' state ("heal"). The event "desync" has the report.
   */
  onDesync?: OnDesync;
  /** What is held down at this moment: fields of the game's @input class, or its bytes. Called once for each frame. */
  input: () => Uint8Array | Partial<G["input"]>;
  /** The server's public key (the text of its .pub file): the event `result` then says whether the server signed it. */
  resultKey?: string;
  /** Puts a simulated network before the real one. */
  network?: NetworkOptions;
  /** What makes it live; by default a worker. */
  ticker?: Ticker;
} & (
  | {
      /** ws:// or http:// and their secure ones. */ server: string | URL /** 1 to 16 of A-Z, 0-9, '-'. */;
      room: string;
    }
  | { /** Any other way to a sequencer. */ transport: Transport }
);

/**
 * Joins a match and waits for a seat; the match starts when all seats are taken.
 * @throws JoinError when the room refuses or nobody answers for ten seconds.
 * @throws SamestepError BAD_GAME, BAD_CONFIG, BAD_KEY, BAD_USAGE for what is wrong before anything is sent.
 */
export async function join<G extends GameTypes = GameTypes>(options: JoinOptions<G>): Promise<Match<G>> {
  const { network = {} } = options;
  const streams = "server" in options;
  const inner = streams ? new WebSocketTransport({ url: playUrl(options.server, options.room) }) : options.transport;
  const game = options.game instanceof Game ? options.game : await loadGame(options.game);
  const simulation = await game.simulation();
  return Match.open<G>({
    game,
    simulation,
    transport: new SimulatedTransport(inner, { mode: streams ? "stream" : "datagram", ...network }),
    config: options.config === undefined ? undefined : matchConfigOf(game, options.config),
    anySeed: options.config?.seed === undefined,
    watch: options.watch === true,
    onDesync: options.onDesync ?? "continue",
    resultKey: await resultKeyOf(options.resultKey),
    input: options.input,
    ticker: options.ticker ?? defaultTicker(),
  });
}

/** A browser without Ed25519 can check nothing, which is no reason not to play. */
async function resultKeyOf(text: string | undefined): Promise<Key | undefined> {
  return text !== undefined && (await hasEd25519()) ? readPublicKey(text) : undefined;
}

/**
 * The settings as the wire has them, with the defaults.
 * @throws SamestepError BAD_CONFIG when the game has no such setting, or not so many players.
 */
export function matchConfigOf<G extends GameTypes>(game: Game, settings: MatchSettings<G>): MatchConfig {
  const { players, framesPerSecond, regions } = game.schema;
  const { seed = crypto.getRandomValues(new BigUint64Array(1))[0]! } = settings;
  const rules = new Uint8Array(RULES_BYTES_MAX);
  const config: MatchConfig = {
    players: settings.players ?? players.min,
    framesPerSecond,
    predictionWindow: settings.predictionWindow ?? PREDICTION_WINDOW,
    inputDelay: settings.inputDelay ?? INPUT_DELAY,
    ...MATCH_DEFAULTS,
    startWith: settings.startWith ?? MATCH_DEFAULTS.startWith,
    seatKeepSeconds: settings.seatKeepSeconds ?? MATCH_DEFAULTS.seatKeepSeconds,
    policy: settings.policy === "substitute" ? 1 : 0,
    autoDelay: settings.autoDelay ? 1 : 0,
    commands: game.schema.commands ? 1 : 0,
    inputBytes: regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: settings.dropAfterMs ?? DROP_AFTER_MS,
    seedLow: Number(BigInt.asUintN(32, BigInt(seed))),
    seedHigh: Number(BigInt.asUintN(32, BigInt(seed) >> 32n)),
    rules: rules.slice(0, configWriter(game.schema)(settings.rules ?? {}, rules)),
  };
  within("players", config.players, players.min, players.max);
  within("predictionWindow", config.predictionWindow, 0, PREDICTION_WINDOW_MAX);
  within("inputDelay", config.inputDelay, 0, INPUT_DELAY_MAX);
  within("dropAfterMs", config.dropAfterMs, 500, 60_000);
  within("startWith", config.startWith, 0, config.players);
  within("seatKeepSeconds", config.seatKeepSeconds, 0, SEAT_KEEP_SECONDS_MAX);
  return config;
}

function within(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const range = min === max ? `${min}` : `a whole number from ${min} to ${max}`;
  throw new SamestepError("BAD_CONFIG", `${name} of this game is ${range}, not ${value}`);
}
