// samestep synctest: runs a game alone, rolling back every frame, and lists every frame and field that comes out differently.
import { SamestepError } from "../../error.js";
import type { SyncTestReport } from "../../session/timeline/sync-test.js";
import type { Game } from "../../simulation/game.js";
import type { Schema } from "../../simulation/schema.js";
import { type AloneOptions, playAlone, tellDifferences } from "../alone.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { adviceOn, MATCH_HELP, MATCH_OPTIONS, readMatchOptions, within } from "../match-options.js";
import { readArgs, wrong } from "../usage.js";

const DISTANCE_MAX = 63;

const HELP = `samestep synctest GAME.wasm [--frames N] [--distance N] [--players N] [--seed N] [--bot NAME]
                  [--config JSON] [--json]

A bot plays; after every frame the last ones are played again from their snapshot, and every
state must come out the same.

${MATCH_HELP}
  --distance N     frames rolled back each time (8)
  --json           one JSON object instead of lines

Examples
  samestep synctest build/game.wasm --frames 3600
  samestep synctest build/game.wasm --bot hold --seed 7 --json

Exit code: 0 the same every time, 1 something differs or the game stopped, 2 wrong usage
`;

/** What to do about a difference: of a managed game all memory and every variable was restored. */
export const ADVICE = {
  arena: "Something that the step reads lies outside the @state arena. Move it there.",
  managed:
    "A managed game is restored as a whole, so nothing in it can be the cause: please report this, with the module and --seed.",
} as const satisfies Record<Schema["kind"], string>;

export async function synctest(args: string[], io: Io): Promise<number> {
  const options = {
    ...MATCH_OPTIONS,
    distance: { type: "string", default: "8" },
    json: { type: "boolean" },
  } as const;
  const parsed = readArgs(args, io, { name: "synctest", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { values, positionals } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return wrong(io, "synctest", "name one game module");
  try {
    const game = await readGame(path);
    const law = `--distance is a whole number from 1 to ${DISTANCE_MAX}`;
    const checkDistance = within(values.distance, 1, DISTANCE_MAX, law);
    const alone = { ...readMatchOptions(values, game), checkDistance };
    const report = await playAlone(game, alone);
    if (values.json) io.out(jsonOf(path, game, alone, report));
    else tell(path, game, alone, report, io);
    return report.differences.length > 0 || report.trap !== undefined ? Exit.failed : Exit.ok;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return wrong(io, "synctest", adviceOn(error));
  }
}

function tell(path: string, game: Game, { checkDistance }: AloneOptions, report: SyncTestReport, io: Io): void {
  const { differences, frames, trap } = report;
  tellDifferences(report, io.out);
  if (trap !== undefined) io.out(`frame ${trap.frame}: the game stopped: ${trap.why}`);
  if (differences.length > 0) io.out(ADVICE[game.schema.kind]);
  if (differences.length === 0 && trap === undefined)
    io.out(`✓ ${path}  ${frames} frames, each rolled back ${checkDistance}: the same every time`);
}

/** `differences` and `trap` are the report's; `before` is the first run's value, `after` the second's. */
function jsonOf(path: string, game: Game, { rules, ...options }: AloneOptions, report: SyncTestReport): string {
  const { differences, frames, trap } = report;
  const ok = differences.length === 0 && trap === undefined;
  const { gameHash } = game;
  const all = {
    schema: "samestep.synctest/1",
    ok,
    game: path,
    gameHash,
    ...options,
    rules: [...rules],
    frames,
    trap,
    differences,
  };
  return JSON.stringify(all, undefined, 2);
}
