// samestep info: says what a replay, a game, a report of a desync or a snapshot is; runs no match and judges nothing.
import { readFile } from "node:fs/promises";
import { SamestepError } from "../../error.js";
import { isReplay } from "../../replay/format.js";
import type { Game } from "../../simulation/game.js";
import { type About, printed, type Unknown, unknown } from "../about.js";
import { isModule, readGame } from "../games.js";
import { aboutGame } from "../info/game.js";
import { aboutReplay } from "../info/replay.js";
import { aboutReport } from "../info/report.js";
import { aboutSnapshot } from "../info/snapshot.js";
import { Exit, type Io } from "../io.js";
import { whyUnread } from "../reasons.js";
import { readArgs, wrong } from "../usage.js";

const HELP = `samestep info FILE [--game GAME.wasm] [--json]

Says what a file is:
  a replay    who played which build, how long, with which settings; its hashes; who signed it
  a game      its hashes, state, inputs, settings, events and phases
  a report    the JSON of a desync: the first bad frame, the verdict, both sides, the fields
  a snapshot  the bytes of a state, as its game lays them out

  --game FILE  the build that it belongs to: names what is only bytes without it, and is needed
               for a snapshot. A replay's is otherwise looked for by its hash, as verify does
  --json       one JSON object instead of lines

Examples
  samestep info fixtures/replays/01-perfect.replay
  samestep info build/game.wasm --json
  samestep info frame-700.state --game build/game.wasm

Exit code: 0 told, 2 wrong usage, 3 the file cannot be read, or is none of these
`;

const OPTIONS = { game: { type: "string" }, json: { type: "boolean" } } as const;

export async function info(args: string[], io: Io): Promise<number> {
  const parsed = readArgs(args, io, { name: "info", help: HELP, options: OPTIONS });
  if (typeof parsed === "number") return parsed;
  const { positionals, values } = parsed;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) return wrong(io, "info", "name one file");
  let game: Game | undefined;
  try {
    if (values.game !== undefined) game = await readGame(values.game);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    return wrong(io, "info", error.message);
  }
  const about = await aboutFile(file, game);
  if (about.kind === "unknown") {
    io.err(`samestep info: ${file}: ${about.why}`);
    return Exit.unreadable;
  }
  if (!values.json) io.out(printed(file, about));
  else io.out(plain({ schema: "samestep.info/1", file, kind: about.kind, ...about.json }));
  return Exit.ok;
}

async function aboutFile(file: string, game: Game | undefined): Promise<About | Unknown> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return unknown(whyUnread(error as NodeJS.ErrnoException));
  }
  if (isReplay(bytes)) return aboutReplay(file, bytes, game);
  if (isModule(bytes)) return aboutGame(bytes);
  const report = aboutReport(bytes);
  if (report !== undefined) return report;
  return game === undefined
    ? unknown("it is no replay, game or report. If it is a snapshot, name its game with --game GAME.wasm")
    : aboutSnapshot(bytes, game);
}

/** 64-bit integers as text, since JSON's readers would round them. */
function plain(value: object): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each), 2);
}
