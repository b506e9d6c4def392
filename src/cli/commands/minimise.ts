// samestep minimise: shrinks a replay that fails to the fewest frames and inputs that still fail the same way.
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { styleText } from "node:util";
import { type Failure, partingTrial, rollbackTrial, type Trial, trapTrial } from "../../desync/minimise/failure.js";
import { fixtureOf } from "../../desync/minimise/fixture.js";
import { type Minimised, type Round, minimise as shrink } from "../../desync/minimise/minimise.js";
import { Tape } from "../../desync/minimise/tape.js";
import { SamestepError } from "../../error.js";
import { parseReplay, type Replay } from "../../replay/format.js";
import { verifyReplay } from "../../replay/verify.js";
import { makeDirectory } from "../../server/make-directory.js";
import type { Game, WasmSimulation } from "../../simulation/game.js";
import { counted } from "../counting.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { firstDifference, plainFields, plainParting } from "../parting-text.js";
import { buildFor, mustFit, readReplay, recordedBuild } from "../read-replay.js";
import { reasonOf } from "../reasons.js";
import { readArgs, wholeNumber, wrong } from "../usage.js";

const BUDGET = 1_000_000;
const BUDGET_MAX = 1_000_000_000;

/** As deep as a rollback usually goes: the usual prediction window. */
const DISTANCE = 8;

const HELP = `samestep minimise REPLAY --out FILE [--game BUILD] [--against BUILD | --trap] [--budget N] [--json]

Takes frames and inputs out of a failing match for as long as it fails in the same way, and
writes what is left as a replay: a fixture that fails until the mistake is mended.

  --against FILE  it fails where this build parts from --game: the same field must differ first
  --trap          it fails where the game stops: for the same reason
                  (without either: where the game stops, or else where a rolled back run differs)
  --game FILE     the build that plays it, with --against the right one; otherwise the one that
                  recorded the match, looked for as samestep verify does
  -o, --out FILE  where to
  --budget N      frames simulated at most (${BUDGET})
  --json          one JSON object instead of the table

Examples
  samestep minimise match.replay --against build/game.wasm --out fixtures/small.replay
  samestep minimise crash.replay --trap --out fixtures/crash.replay
  samestep verify fixtures/crash.replay

Exit code: 0 written, 1 the match does not fail here, 2 wrong usage,
           3 it cannot be played: an unreadable replay, no such build, or one with other inputs,
           4 FILE cannot be written
`;

const SIDES = { before: "game", after: "against" };

export async function minimise(args: string[], io: Io): Promise<number> {
  const options = {
    game: { type: "string" },
    against: { type: "string" },
    trap: { type: "boolean" },
    out: { type: "string", short: "o" },
    budget: { type: "string", default: String(BUDGET) },
    json: { type: "boolean" },
  } as const;
  const parsed = readArgs(args, io, { name: "minimise", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { values, positionals } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return wrong(io, "minimise", "name one replay");
  if (!values.out?.endsWith(".replay")) return wrong(io, "minimise", "where to? Name --out FILE.replay");
  if (values.trap && values.against !== undefined) return wrong(io, "minimise", "either --against or --trap, not both");
  const budget = wholeNumber(values.budget, 1, BUDGET_MAX);
  if (budget === undefined)
    return wrong(io, "minimise", `--budget is a whole number of frames from 1 to ${BUDGET_MAX}`);
  try {
    await makeDirectory(dirname(values.out));
  } catch (error) {
    return unwritten(values.out, error, io);
  }
  try {
    const match = await readReplay(path);
    const game = await buildFor(path, match, values.game);
    mustFit(match, game, (await recordedBuild(path, match)) ?? game);
    const against = values.against === undefined ? undefined : await readGame(values.against);
    if (against !== undefined) mustFit(match, against, game);
    const found = await search({ match, game, against, trap: values.trap === true, budget }, (round) => {
      if (!values.json) printRound(round, io);
    });
    if (typeof found === "string") {
      io.err(`samestep minimise: ${found}`);
      return Exit.failed;
    }
    const { bytes, ...written } = await fixture(found, game, against);
    try {
      await writeFile(values.out, bytes);
    } catch (error) {
      return unwritten(values.out, error, io);
    }
    if (values.json) io.out(JSON.stringify(plain(path, values.out, found, written), undefined, 2));
    else print(values.out, found, written, values.against, io);
    return Exit.ok;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(`samestep minimise: ${error.message}`);
    return Exit.unreadable;
  }
}

function unwritten(out: string, error: unknown, io: Io): number {
  io.err(`samestep minimise: ${out} cannot be written: ${reasonOf(error)}`);
  return Exit.environment;
}

interface Search {
  match: Replay;
  game: Game;
  against: Game | undefined;
  trap: boolean;
  budget: number;
}

/** The smallest match that fails, or why none does. */
async function search(search: Search, onRound: (round: Round) => void): Promise<Minimised | string> {
  const tape = Tape.of(search.match);
  for (const trial of await trialsOf(search)) {
    const found = shrink(tape, trial, { budget: search.budget, onRound });
    if (found?.failure.parting?.kind === "start") {
      return `one of the builds does not start: ${firstDifference(found.failure.parting, SIDES)}`;
    }
    if (found !== undefined) return found;
  }
  if (search.against !== undefined)
    return "the two builds compute the same states in every frame: there is nothing to shrink";
  if (search.trap) return "the game does not stop in this match: there is nothing to shrink";
  return "the game neither stops nor comes to another state after a rollback: name the build it differs from, --against BUILD";
}

async function trialsOf({ game, against, trap }: Search): Promise<Trial[]> {
  const simulate = (each: Game, slots: number): Promise<WasmSimulation> => each.simulation({ slots });
  if (against !== undefined) return [partingTrial(await simulate(game, 2), await simulate(against, 2))];
  const stops = trapTrial(await simulate(game, 1));
  if (trap) return [stops];
  const slots = DISTANCE + 1;
  return [stops, rollbackTrial(await simulate(game, slots), await simulate(game, slots), DISTANCE)];
}

/** What became of the file: whether verifying it shows the failure, and with which build. */
interface Written {
  readonly shownBy: "verify" | "replay" | "synctest";
  readonly build: string;
}

async function fixture(
  found: Minimised,
  game: Game,
  against: Game | undefined,
): Promise<Written & { readonly bytes: Uint8Array }> {
  const of = suspect(found.failure, game, against);
  const plays = of.gameHash === game.gameHash ? of : game;
  const bytes = fixtureOf(found.tape, found.failure, await plays.simulation({ slots: 1 }), of);
  const parsed = parseReplay(bytes);
  const differs =
    parsed.kind === "replay" && verifyReplay(parsed.replay, await of.simulation({ slots: 1 })).kind === "differs";
  const shownBy = differs ? "verify" : against === undefined ? "synctest" : "replay";
  return { shownBy, build: of.gameHash, bytes };
}

/**
 * The build that fails when it verifies the fixture: the one that stops, or the one that parts from the right states. States
 * that are laid out otherwise cannot stand in its replays: then the fixture is of the right build.
 */
function suspect({ parting }: Failure, game: Game, against: Game | undefined): Game {
  if (against === undefined || parting === undefined) return game;
  if (parting.kind === "trap") return parting.after.trap === undefined ? game : against;
  return parting.comparedBy === "bytes" && game.schema.regions.state.size === against.schema.regions.state.size
    ? against
    : game;
}

const COLUMNS = ["frames", "pressed", "turns"] as const;

function printRound({ what, weight }: Round, io: Io): void {
  const numbers = COLUMNS.map((column) => `${weight[column].toLocaleString("en").padStart(7)} ${column}`);
  io.out(`  ${what.padEnd(16)} ${numbers.join("  ")}`);
}

function print(out: string, found: Minimised, written: Written, against: string | undefined, io: Io): void {
  const { failure, tape, trials, played, stopped } = found;
  const cost = `${counted(trials, "trial")}, ${played.toLocaleString("en")} frames simulated`;
  io.out(`${styleText("green", "✓")} ${out}  ${counted(tape.frames, "frame")}  ${cost}`);
  if (stopped) io.out("    the budget is used up: a larger --budget may leave less");
  io.out(`    fails at ${described(failure)}`);
  const shown = {
    verify: `samestep verify ${out}, with build ${written.build}`,
    replay: `samestep replay ${out} --against ${against}`,
    synctest: "a rollback only: samestep verify plays straight through, and finds it equal",
  }[written.shownBy];
  io.out(`    shown by ${shown}`);
}

/** Where and how it fails, in one line. */
function described({ frame, fields, trap, parting }: Failure): string {
  if (parting !== undefined) return firstDifference(parting, SIDES);
  if (trap !== undefined) return `frame ${frame}: the game stops: ${trap}`;
  const [field] = fields;
  const values = field && `${field.path}  played once ${field.before}  rolled back ${field.after}`;
  return `frame ${frame}: ${values ?? "another state after a rollback"}`;
}

function plain(
  replay: string,
  out: string,
  { failure, rounds, trials, played, stopped }: Minimised,
  written: Written,
): object {
  const { kind, frame, fields, trap, parting } = failure;
  const told = { kind, frame, ...plainFields(fields), trap, parting: parting && plainParting(parting) };
  const table = rounds.map(({ what, weight }) => ({ what, ...weight }));
  return {
    schema: "samestep.minimise/1",
    replay,
    out,
    failure: told,
    rounds: table,
    trials,
    played,
    stopped,
    ...written,
  };
}
