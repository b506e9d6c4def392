// What a match without a page is played with: frames, seats, seed, bot and the game's own settings, as options of commands.
import { SamestepError } from "../error.js";
import type { Game } from "../simulation/game.js";
import { configWriter } from "../simulation/view.js";
import { RULES_BYTES_MAX } from "../wire/limits.js";
import { BOTS, type BotName, isBot } from "./bots.js";
import { playersOf } from "./counting.js";
import { nearest, wholeNumber } from "./usage.js";

/** Two days at 60 frames per second. */
export const FRAMES_MAX = 10_000_000;

export const MATCH_OPTIONS = {
  frames: { type: "string", default: "600" },
  players: { type: "string" },
  seed: { type: "string", default: "1" },
  bot: { type: "string", default: "random" },
  config: { type: "string", default: "{}" },
} as const;

export const MATCH_HELP = `  --frames N       how long (600)
  --players N      seats taken (as few as the game allows)
  --seed N         of the bots' dice and the game's random (1)
  --bot NAME       who plays; knows no rules of the game
${Object.entries(BOTS)
  .map(([name, { what }]) => `                   ${name.padEnd(8)} ${what}`)
  .join("\n")}
  --config JSON    the game's settings, for example '{"roundSeconds":30}'; the others are zero`;

export interface MatchOptions {
  frames: number;
  players: number;
  seed: number;
  bot: BotName;
  /** The bytes of the game's settings. */
  rules: Uint8Array;
}

/** @throws SamestepError BAD_USAGE, BAD_CONFIG: which of the options is wrong, and why. */
export function readMatchOptions(given: { [name in keyof typeof MATCH_OPTIONS]?: string }, game: Game): MatchOptions {
  const { min, max } = game.schema.players;
  const { frames, players, seed, bot, config } = given;
  const names = Object.keys(BOTS);
  if (!isBot(bot!)) {
    const meant = nearest(bot!, names);
    throw usage(`there is no bot '${bot}'${meant ? `; did you mean ${meant}?` : `: ${names.join(", ")}`}`);
  }
  return {
    frames: within(frames!, 1, FRAMES_MAX, `--frames is a whole number from 1 to ${FRAMES_MAX}`),
    players:
      players === undefined ? Math.max(1, min) : within(players, min, max, `this game has ${playersOf({ min, max })}`),
    seed: within(seed!, 0, 0xffff_ffff, "--seed is a whole number from 0 to 4294967295"),
    bot,
    rules: rulesOf(config!, game),
  };
}

/** What is wrong, and which option would put it right. */
export function adviceOn({ code, message }: SamestepError): string {
  return code === "BAD_CONFIG" ? `${message}. Its settings are given with --config JSON` : message;
}

/** A whole number of an option. @throws SamestepError BAD_USAGE with `law`. */
export function within(text: string, min: number, max: number, law: string): number {
  const value = wholeNumber(text, min, max);
  if (value === undefined) throw usage(`${law}, not '${text}'`);
  return value;
}

function rulesOf(text: string, game: Game): Uint8Array {
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw usage(`--config is no JSON: ${(error as Error).message}`);
  }
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    throw usage(`--config is a JSON object such as '{"roundSeconds":30}', not ${text}`);
  const rules = new Uint8Array(RULES_BYTES_MAX);
  return rules.slice(0, configWriter(game.schema)(settings, rules));
}

function usage(message: string): SamestepError {
  return new SamestepError("BAD_USAGE", message);
}
