// Plays a game alone under a bot's inputs, rolling back every frame, and tells what came out differently.
import { type SyncTestReport, syncTest } from "../session/timeline/sync-test.js";
import type { Game } from "../simulation/game.js";
import { botsOf } from "./bots.js";
import { counted } from "./counting.js";
import type { Io } from "./io.js";
import type { MatchOptions } from "./match-options.js";

export interface AloneOptions extends MatchOptions {
  readonly checkDistance: number;
}

const FIELDS_SHOWN = 6;
const FRAMES_SHOWN = 10;

/** @throws SamestepError BAD_CONFIG when the game does not start with these settings. */
export async function playAlone(game: Game, options: AloneOptions): Promise<SyncTestReport> {
  const { frames, checkDistance, players, seed, rules } = options;
  const bots = botsOf(game.schema, options.bot, options);
  return syncTest({
    simulation: await game.simulation(),
    config: { players, seedLow: seed, seedHigh: 0, rules },
    frames,
    checkDistance,
    input: (_frame, seat, into) => bots[seat]!(into),
  });
}

export function tellDifferences({ differences }: SyncTestReport, tell: Io["out"]): void {
  for (const { frame, fields } of differences.slice(0, FRAMES_SHOWN)) {
    tell(`frame ${frame}: ${counted(fields.length, "field")} differ${fields.length === 1 ? "s" : ""}`);
    for (const field of fields.slice(0, FIELDS_SHOWN))
      tell(`    ${field.path.padEnd(32)} first ${field.before}   again ${field.after}`);
  }
  if (differences.length > FRAMES_SHOWN) tell(`and ${counted(differences.length - FRAMES_SHOWN, "more frame")}`);
}
