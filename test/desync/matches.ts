// Matches for mutated games: recorded ones of the fighter, bots at war, and random buttons, each the same every time.
import { readFile } from "node:fs/promises";
import type { Played } from "../../src/desync/side-by-side.js";
import { Bot } from "../../src/games/skirmish/bot.js";
import type { World } from "../../src/games/skirmish/types.js";
import { Random } from "../../src/netsim/random.js";
import { parseReplay } from "../../src/replay/format.js";
import type { Game } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { stateView } from "../../src/simulation/view.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import type { MutantGame } from "./mutants.js";

/** What one seat presses in a frame, written into its cell; answers how many bytes. */
type Press = (seat: number, into: Uint8Array) => number;

/** A match of this game, played by the build without a fault. */
export async function matchOf(name: MutantGame, game: Game): Promise<Played> {
  switch (name) {
    case "fighter":
      return recorded("fixtures/replays/01-perfect.replay");
    case "skirmish":
      return war(game);
    case "scramble":
    case "duel":
      return pressed(game, game.schema.players.max, 1200, random(5, game.schema.classes[game.schema.input]!.bytes));
    default:
      return name satisfies never;
  }
}

async function recorded(path: string): Promise<Played> {
  const parsed = parseReplay(await readFile(path));
  if (parsed.kind !== "replay") throw new Error(`${path}: ${parsed.why}`);
  return parsed.replay;
}

function random(seed: number, bytes: number): () => Press {
  const dice = new Random(seed);
  return () => (_, into) => {
    for (let i = 0; i < bytes; i++) into[i] = dice.u32() & 31;
    return bytes;
  };
}

/** Four bots for a minute and a half. */
async function war(game: Game): Promise<Played> {
  const bots = Array.from({ length: 4 }, (_, seat) => new Bot({ seat, seed: seat + 1 }));
  return pressed(game, bots.length, 1800, (view) => (seat, into) => {
    const commands = bots[seat]!.think(view as World);
    into.set(commands);
    return commands.length;
  });
}

async function pressed(game: Game, players: number, frames: number, of: (view: object) => Press): Promise<Played> {
  const { schema } = game;
  const { stride } = schema.regions.inputs;
  const config: MatchConfig = {
    ...MATCH_DEFAULTS,
    ...{ players, framesPerSecond: schema.framesPerSecond, predictionWindow: 8, inputDelay: 2, dropAfterMs: 5000 },
    ...{ inputBytes: stride - CELL_HEADER_BYTES, seedLow: 7, seedHigh: 0 },
    rules: new Uint8Array(0),
  };
  const simulation = await game.simulation({ slots: 1 });
  const view = stateView(schema, schema.root, simulation.memory, schema.regions.state.address);
  const press = of(view);
  const records: Uint8Array[] = [];
  simulation.reset(config);
  for (let frame = 0; frame < frames; frame++) {
    const record = new Uint8Array(players * stride);
    for (let seat = 0; seat < players; seat++) {
      const cell = record.subarray(seat * stride, (seat + 1) * stride);
      const length = press(seat, cell.subarray(CELL_HEADER_BYTES));
      new DataView(cell.buffer, cell.byteOffset).setUint16(2, length, true);
      cell[0] = PRESENCE_HERE;
    }
    records.push(record);
    if (simulation.step(record) === "trapped") break;
  }
  return { config, cellBytes: stride, frames: records.length, records: () => records.values() };
}
