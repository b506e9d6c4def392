// samestep synctest: runs a game alone, rolling back every frame, and lists every frame and field that comes out differently.
import { Random } from "../netsim/random.js";
import { syncTest } from "../session/sync-test.js";
import type { Game } from "../simulation/game.js";
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

const FIELDS_SHOWN = 6;
const FRAMES_SHOWN = 10;

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
  const random = new Random(seed);
  const inputBytes = game.schema.classes[game.schema.input]!.bytes;
  const report = syncTest({
    simulation: await game.simulation(),
    config: { players, seedLow: seed, seedHigh: 0, rules: new Uint8Array(0) },
    frames,
    checkDistance,
    input: (_frame, _seat, into) => {
      for (let i = 0; i < inputBytes; i++) into[i] = random.u32() & 255;
      return inputBytes;
    },
  });
  for (const { frame, fields } of report.differences.slice(0, FRAMES_SHOWN)) {
    io.out(`frame ${frame}: ${fields.length} fields differ`);
    for (const field of fields.slice(0, FIELDS_SHOWN)) {
      io.out(`    ${field.path.padEnd(32)} first ${field.before}   again ${field.after}`);
    }
  }
  if (report.differences.length > FRAMES_SHOWN) io.out(`and ${report.differences.length - FRAMES_SHOWN} more frames`);
  if (report.trap !== undefined) io.out(`frame ${report.trap.frame}: the game stopped: ${report.trap.why}`);
  if (report.differences.length > 0) {
    io.out("Something that the step reads lies outside the @state arena. Move it there.");
  }
  const failed = report.differences.length > 0 || report.trap !== undefined;
  if (!failed) io.out(`✓ ${path}  ${report.frames} frames, each rolled back ${checkDistance}: the same every time`);
  return failed ? Exit.failed : Exit.ok;
}
