// samestep verify: replays recorded matches and compares every recorded hash; for CI and for anybody with a replay.
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { SamestepError } from "../error.js";
import { type Key, readPublicKey } from "../signing/keys.js";
import type { Game } from "../simulation/game.js";
import { readGame } from "./games.js";
import { Exit, type Io } from "./io.js";
import { readArgs, wholeNumber, wrong } from "./usage.js";
import { FileVerifier, type Line } from "./verify-file.js";
import { replaysOf } from "./verify-paths.js";
import { printLine, printSummary, speedOf } from "./verify-text.js";
import { verifyInThreads } from "./verify-threads.js";

const JOBS_MAX = 256;

const HELP = `samestep verify FILES... [--game GAME.wasm] [--key PUB] [--jobs N] [--json]

Plays each replay's inputs once and compares every recorded hash. Of a directory,
every .replay file below it.

  --game FILE   the build it was recorded with; otherwise looked for by its hash here,
                beside the replay, in build/games, and among Samestep's own games
  --key FILE    a server's public key, of samestep keygen: each replay must hold a result
                that was signed with it, of these inputs, and end in the signed state
  --jobs N      threads at most; as many as there are cores unless told otherwise.
                One begins alone; the others are started after 0.3 s of work
  --json        one JSON object instead of lines

Examples
  samestep verify fixtures/replays
  samestep verify match.replay --game build/game.wasm --json
  samestep verify replays --key server.pub

Exit code: 0 all equal, 1 one differs, or its result is unsigned or forged, 2 wrong usage,
           3 one could not be verified: it is unreadable, of an unknown version or of another
             game build, or its verification broke off (never called a desync)
`;

/** How threads are started; a test may want them sooner, or other ones. */
export interface Threads {
  /**
   * How long the thread that runs already works alone; what it is at then is begun again by another. Starting threads and
   * loading the game in each takes 0.1 s of every core, so a few small replays are done before it would pay. Counted is
   * the processor's time, not the clock's: on a busy machine, more threads are no help.
   */
  aloneMs: number;
  worker: URL;
}

const THREADS: Threads = { aloneMs: 300, worker: new URL("./verify-worker.js", import.meta.url) };

export async function verify(args: string[], io: Io, threads: Threads = THREADS): Promise<number> {
  const options = {
    game: { type: "string" },
    key: { type: "string" },
    jobs: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const parsed = readArgs(args, io, { name: "verify", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const { values, positionals } = parsed;
  if (positionals.length === 0) return wrong(io, "verify", "which replays? Name at least one file or directory");
  const jobs = values.jobs === undefined ? availableParallelism() : wholeNumber(values.jobs, 1, JOBS_MAX);
  if (jobs === undefined) {
    return wrong(io, "verify", `--jobs is a whole number of threads from 1 to ${JOBS_MAX}, not '${values.jobs}'`);
  }
  let given: Game | undefined;
  let key: GivenKey | undefined;
  try {
    if (values.game !== undefined) given = await readGame(values.game);
    if (values.key !== undefined) key = await readKey(values.key);
  } catch (error) {
    return wrong(io, "verify", error instanceof Error ? error.message : String(error));
  }
  const files = await replaysOf(positionals);
  const begin = performance.now();
  const lines = await verifyAll(
    { files, given, key, jobs, threads },
    values.json ? () => {} : (line) => printLine(line, io),
  );
  const speed = speedOf(lines, performance.now() - begin);
  const ok = lines.every((line) => line.result === "equal");
  if (values.json) io.out(JSON.stringify({ schema: "samestep.verify/1", ok, speed, replays: lines }, undefined, 2));
  else if (lines.length > 1) printSummary(lines, speed, io);
  if (lines.some(({ result }) => result === "differs" || result === "forged" || result === "unsigned"))
    return Exit.failed;
  return ok ? Exit.ok : Exit.unreadable;
}

/** A key as it was read, and its text for other threads. */
interface GivenKey {
  text: string;
  key: Key;
}

async function readKey(path: string): Promise<GivenKey> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new SamestepError("BAD_KEY", `cannot read the key ${path}: name the .pub file that samestep keygen wrote`);
  });
  return { text, key: await readPublicKey(text) };
}

interface Task {
  files: string[];
  given: Game | undefined;
  key: GivenKey | undefined;
  jobs: number;
  threads: Threads;
}

/** A line for each file; `tell` hears of each in the files' order, as soon as those before it are known. */
async function verifyAll({ files, given, key, jobs, threads }: Task, tell: (line: Line) => void): Promise<Line[]> {
  const folders = [...new Set(files.map(dirname))];
  const lines: Line[] = [];
  let told = 0;
  const onLine = (index: number, line: Line): void => {
    lines[index] = line;
    while (lines[told] !== undefined) tell(lines[told++]!);
  };
  const patient = patience(threads.aloneMs);
  const alone = new FileVerifier(given, folders, key?.key);
  for (const [index, file] of files.entries()) {
    const workers = Math.min(jobs, files.length - index);
    const line = await alone.verify(file, workers > 1 ? patient : undefined);
    if (line !== undefined) onLine(index, line);
    else {
      const rest = { files: files.slice(index), jobs: workers, worker: threads.worker };
      const setup = { wasm: given?.wasm, folders, key: key?.text };
      await verifyInThreads({ ...rest, setup, onLine: (i, line) => onLine(index + i, line) });
      break;
    }
  }
  return lines;
}

/** True until this process has worked for so long. */
function patience(ms: number): () => boolean {
  const begin = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begin);
    return user + system <= 1000 * ms;
  };
}
