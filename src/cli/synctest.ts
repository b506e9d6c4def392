// samestep synctest: runs a game alone, rolling back every frame, and lists every frame and field that comes out differently.
import type { Game } from "../simulation/game.js";
import type { Schema } from "../simulation/schema.js";
import { playAlone, tellDifferences } from "./alone.js";
import { readGame } from "./games.js";
import { Exit, type Io } from "./io.js";
import { readArgs, wholeNumber, wrong } from "./usage.js";

const HELP = `samestep synctest GAME.wasm [--frames N] [--distance N] [--players N] [--seed N]

Plays random inputs; after every frame the last ones are played again from their
snapshot, and every state must come out the same.

  --frames N     how long (600)
  --distance N   frames rolled back each time (8)
  --players N    seats taken (as few as the game allows)
  --seed N       of the inputs and the game's random (1)

Example
  samestep synctest build/game.wasm --frames 3600

Exit code: 0 the same every time, 1 something differs or the game trapped, 2 wrong usage
`;

/** What to do about a difference: of a managed game all memory and every variable was restored. */
export const ADVICE = {
  arena: "Something that the step reads lies outside the @state arena. Move it there.",
  managed:
    "A managed game is restored as a whole, so nothing in it can be the cause: please report this, with the module and --seed.",
} as const satisfies Record<Schema["kind"], string>;

export async function synctest(args: string[], io: Io): Promise<number> {
  const options = {
    frames: { type: "string", default: "600" },
    distance: { type: "string", default: "8" },
    players: { type: "string" },
    seed: { type: "string", default: "1" },
  } as const;
  const parsed = readArgs(args, io, { name: "synctest", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const [path, ...others] = parsed.positionals;
  if (path === undefined || others.length > 0) return wrong(io, "synctest", "name one game module");
  const frames = wholeNumber(parsed.values.frames, 1, 10_000_000);
  const checkDistance = wholeNumber(parsed.values.distance, 1, 63);
  const seed = wholeNumber(parsed.values.seed, 0, 0xffff_ffff);
  let game: Game;
  try {
    game = await readGame(path);
  } catch (error) {
    return wrong(io, "synctest", error instanceof Error ? error.message : String(error));
  }
  const { min, max } = game.schema.players;
  const players = parsed.values.players === undefined ? Math.max(1, min) : wholeNumber(parsed.values.players, min, max);
  if (frames === undefined) return wrong(io, "synctest", "--frames is a whole number from 1");
  if (checkDistance === undefined) return wrong(io, "synctest", "--distance is a whole number from 1 to 63");
  if (seed === undefined) return wrong(io, "synctest", "--seed is a whole number from 0");
  if (players === undefined) return wrong(io, "synctest", `this game has ${min} to ${max} players`);
  const report = await playAlone(game, { frames, checkDistance, players, seed });
  tellDifferences(report, io.out);
  if (report.trap !== undefined) io.out(`frame ${report.trap.frame}: the game stopped: ${report.trap.why}`);
  if (report.differences.length > 0) io.out(ADVICE[game.schema.kind]);
  const failed = report.differences.length > 0 || report.trap !== undefined;
  if (!failed) io.out(`✓ ${path}  ${report.frames} frames, each rolled back ${checkDistance}: the same every time`);
  return failed ? Exit.failed : Exit.ok;
}
