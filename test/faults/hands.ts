// What the players of these matches do: bots that see what their page shows, and restless fingers, so that guesses fail.
import { Bot as FighterBot } from "../../src/games/fighter/bot.js";
import type { World as FighterWorld } from "../../src/games/fighter/types.js";
import { Bot as SkirmishBot } from "../../src/games/skirmish/bot.js";
import { Commands, FIGHTERS } from "../../src/games/skirmish/commands.js";
import { MAP, TILE } from "../../src/games/skirmish/rules.js";
import type { World as SkirmishWorld } from "../../src/games/skirmish/types.js";
import { Random } from "../../src/netsim/random.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { stateView } from "../../src/simulation/view.js";
import type { GameName } from "./kinds.js";

/** Asked once a frame. */
export type Hands = () => Uint8Array;

/** Of seats with a bot, the others press at random. */
const BOTS = 0.5;

/** A press, or an order to all, in so many frames. */
const RESTLESS = 0.15;
const ORDERS = 0.05;

export function handsOf(game: GameName, simulation: WasmSimulation, seat: number, seed: number): Hands {
  const random = new Random(seed * 16 + seat);
  const { schema, memory } = simulation;
  const view = () => stateView(schema, schema.root, memory, schema.regions.state.address);
  switch (game) {
    case "fighter":
      return random.chance(BOTS) ? fighting(view() as FighterWorld, seat, random) : pressing(random);
    case "skirmish":
      return commanding(view() as SkirmishWorld, seat, random);
    case "torture":
      return feeding(random);
    default:
      return game satisfies never;
  }
}

function fighting(world: FighterWorld, seat: number, random: Random): Hands {
  const bot = new FighterBot({ seat, seed: random.u32() });
  return () => {
    const buttons = bot.think(world);
    return Uint8Array.of(buttons & 255, buttons >> 8);
  };
}

function pressing(random: Random): Hands {
  const held = new Uint8Array(2);
  return () => {
    if (random.chance(RESTLESS)) held[0]! ^= 1 << random.below(8);
    return held;
  };
}

/** A bot that keeps house, and sends everybody somewhere now and then. */
function commanding(world: SkirmishWorld, seat: number, random: Random): Hands {
  const bot = new SkirmishBot({ seat, seed: random.below(1000) });
  return () => {
    const orders = bot.think(world);
    if (orders.length > 0 || !random.chance(ORDERS)) return orders;
    const commands = new Commands();
    commands.selectKinds(FIGHTERS);
    commands.advance(random.below(MAP * TILE), random.below(MAP * TILE));
    return commands.take();
  };
}

/** Numbers that make NaNs of each other. */
const FEED = [NaN, Infinity, -Infinity, 0, -1, 0.5, 1e30, -7.25];

function feeding(random: Random): Hands {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  return () => {
    if (random.chance(RESTLESS)) {
      view.setFloat32(0, random.pick(FEED), true);
      view.setFloat32(4, random.pick(FEED), true);
      view.setFloat64(8, random.pick(FEED), true);
      view.setFloat64(16, random.pick(FEED), true);
    }
    return bytes;
  };
}
