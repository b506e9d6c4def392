// samestep record: plays a match of bots and writes its replay, so that a game has a first fixture in one command.
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SamestepError } from "../../error.js";
import { PERFECT } from "../../netsim/conditions.js";
import { makeDirectory } from "../../server/make-directory.js";
import type { Game } from "../../simulation/game.js";
import { INPUT_DELAY_MAX, PREDICTION_WINDOW_MAX } from "../../wire/limits.js";
import { counted } from "../counting.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { adviceOn, MATCH_HELP, MATCH_OPTIONS, readMatchOptions, within } from "../match-options.js";
import { NETWORK_HELP, NETWORK_OPTIONS, readNetwork } from "../network.js";
import { type Recorded, type RecordOptions, recordMatch } from "../record-match.js";
import { readArgs, wrong } from "../usage.js";

const HELP = `samestep record GAME.wasm --out FILE.replay [--frames N] [--players N] [--seed N] [--bot NAME]
                [--config JSON] [--input-delay N] [--window N] [--network NAME]

Plays a match of bots in virtual time, with prediction and rollbacks as the network asks for them,
and writes its replay: the first fixture of a game. The same options give the same bytes.
Bots press buttons and know no rules; matches that are played well come from people, or from
a bot of the game's own in a page (match.replay()).

  -o, --out FILE   where to
${MATCH_HELP}
  --input-delay N  frames between pressing and playing (2)
  --window N       frames played ahead of the others' inputs at most; 0 is lockstep (8)

The network between the players, in both directions; without a word of it, a perfect one:
${NETWORK_HELP}

Examples
  samestep record build/game.wasm --out fixtures/replays/first.replay
  samestep record build/game.wasm --out wifi.replay --bot hold --network wifi --seed 7
  samestep record build/game.wasm --out short.replay --frames 120 --config '{"roundSeconds":30}'

Exit code: 0 written, 1 the game stopped or its players parted, 2 wrong usage, 4 FILE cannot be written
`;

const OPTIONS = {
  ...MATCH_OPTIONS,
  ...NETWORK_OPTIONS,
  out: { type: "string", short: "o" },
  "input-delay": { type: "string", default: "2" },
  window: { type: "string", default: "8" },
} as const;

type Given = { [name in keyof typeof OPTIONS]?: string };

export async function record(args: string[], io: Io): Promise<number> {
  const parsed = readArgs(args, io, { name: "record", help: HELP, options: OPTIONS });
  if (typeof parsed === "number") return parsed;
  const { positionals, values } = parsed;
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) return wrong(io, "record", "name one game module");
  const { out } = values;
  if (!out?.endsWith(".replay")) return wrong(io, "record", "where to? Name --out FILE.replay");
  try {
    const game = await readGame(path);
    const options = readOptions(values, game);
    const recorded = await recordMatch(game, options);
    if (recorded.kind === "recorded") return await write(out, recorded, options, io);
    io.err(`samestep record: ${recorded.why}`);
    return Exit.failed;
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return wrong(io, "record", adviceOn(error));
  }
}

/** @throws SamestepError which option is wrong. */
function readOptions(given: Given, game: Game): RecordOptions {
  const network = readNetwork(given);
  if (typeof network === "string") throw new SamestepError("BAD_USAGE", network);
  const law = (name: string, max: number): string => `--${name} is a whole number of frames from 0 to ${max}`;
  return {
    ...readMatchOptions(given, game),
    network: network ?? PERFECT,
    inputDelay: within(given["input-delay"]!, 0, INPUT_DELAY_MAX, law("input-delay", INPUT_DELAY_MAX)),
    predictionWindow: within(given.window!, 0, PREDICTION_WINDOW_MAX, law("window", PREDICTION_WINDOW_MAX)),
  };
}

type Match = Extract<Recorded, { kind: "recorded" }>;

async function write(out: string, { bytes, worstRollback }: Match, options: RecordOptions, io: Io): Promise<number> {
  try {
    await makeDirectory(dirname(out));
    await writeFile(out, bytes);
  } catch (error) {
    io.err(`samestep record: ${out} cannot be written: ${(error as Error).message}`);
    return Exit.environment;
  }
  const { frames, players } = options;
  const rollback = worstRollback > 0 ? `, ${counted(worstRollback, "frame")} rolled back at most` : "";
  io.out(
    `${out}  ${counted(frames, "frame")}, ${counted(players, "player")}${rollback}  ${counted(bytes.length, "byte")}`,
  );
  return Exit.ok;
}
