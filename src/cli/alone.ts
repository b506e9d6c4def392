// Plays a game alone under random inputs, rolling back every frame, and tells what came out differently.
import { Random } from "../netsim/random.js";
import { type SyncTestReport, syncTest } from "../session/timeline/sync-test.js";
import type { Game } from "../simulation/game.js";
import { counted } from "./counting.js";
import type { Io } from "./io.js";

export interface AloneOptions {
  readonly frames: number;
  readonly checkDistance: number;
  readonly players: number;
  readonly seed: number;
}

const FIELDS_SHOWN = 6;
const FRAMES_SHOWN = 10;

/** @throws SamestepError BAD_CONFIG when the game does not start without settings. */
export async function playAlone(game: Game, options: AloneOptions): Promise<SyncTestReport> {
  const { frames, checkDistance, players, seed } = options;
  const random = new Random(seed);
  const inputBytes = game.schema.classes[game.schema.input]!.bytes;
  return syncTest({
    simulation: await game.simulation(),
    config: { players, seedLow: seed, seedHigh: 0, rules: new Uint8Array(0) },
    frames,
    checkDistance,
    input: (_frame, _seat, into) => {
      for (let i = 0; i < inputBytes; i++) into[i] = random.u32() & 255;
      return inputBytes;
    },
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
