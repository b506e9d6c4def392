// Verification of many files: one thread begins, others follow where there is work for them.
import { dirname } from "node:path";
import type { Key } from "../../signing/keys.js";
import type { Game } from "../../simulation/game.js";
import { FileVerifier, type Line } from "./file.js";
import { verifyInThreads } from "./threads.js";

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

/** A key as it was read, and its text for other threads. */
export interface GivenKey {
  text: string;
  key: Key;
}

export interface Task {
  files: string[];
  game: Game | undefined;
  /** Another build, which must come to the same states; with the phase after which it does not. */
  against: Game | undefined;
  phases: boolean;
  key: GivenKey | undefined;
  jobs: number;
  threads: Threads;
}

/** A line for each file; `tell` hears of each in the files' order, as soon as those before it are known. */
export async function verifyAll(task: Task, tell: (line: Line) => void): Promise<Line[]> {
  const { files, game, against, phases, key, jobs, threads } = task;
  const folders = [...new Set(files.map(dirname))];
  const lines: Line[] = [];
  let told = 0;
  const onLine = (index: number, line: Line): void => {
    lines[index] = line;
    while (lines[told] !== undefined) tell(lines[told++]!);
  };
  const patient = patience(threads.aloneMs);
  const alone = new FileVerifier(folders, { game, against, phases, key: key?.key });
  for (const [index, file] of files.entries()) {
    const workers = Math.min(jobs, files.length - index);
    const line = await alone.verify(file, workers > 1 ? patient : undefined);
    if (line !== undefined) onLine(index, line);
    else {
      const rest = { files: files.slice(index), jobs: workers, worker: threads.worker };
      const setup = { folders, wasm: game?.wasm, against: against?.wasm, key: key?.text, phases };
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
