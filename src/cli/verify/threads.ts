// Verification on several threads: each takes the next file of one queue when it is done with its last.
import { Worker } from "node:worker_threads";
import { reasonOf } from "../reasons.js";
import type { Line } from "./file.js";
import type { Setup } from "./worker.js";

/** The queue, and how it is worked off. */
export interface Work {
  files: string[];
  jobs: number;
  /** The module that workers run. */
  worker: URL;
  setup: Setup;
  /** Told once for each file, in any order. */
  onLine: (index: number, line: Line) => void;
}

/** Verifies the files; over when there is a line for each of them and no thread is left. */
export async function verifyInThreads(work: Work): Promise<void> {
  const queue = work.files.entries();
  await Promise.all(Array.from({ length: work.jobs }, () => workOff(queue, work)));
}

/** What one thread does; one that dies leaves its reason as its file's line, and another takes its place. */
async function workOff(queue: Iterable<[number, string]>, work: Work): Promise<void> {
  let thread: Thread | undefined;
  for (const [index, file] of queue) {
    if (thread === undefined || thread.died) thread = new Thread(work.worker, work.setup);
    work.onLine(index, await thread.verify(file));
  }
  await thread?.end();
}

class Thread {
  readonly #worker: Worker;
  #answer: ((line: Line | undefined) => void) | undefined;
  #death: string | undefined;

  constructor(module: URL, setup: Setup) {
    this.#worker = new Worker(module, { workerData: setup });
    this.#worker.on("message", (line: Line) => this.#answer?.(line));
    this.#worker.on("messageerror", (error) => this.#die(reasonOf(error)));
    this.#worker.on("error", (error) => this.#die(reasonOf(error)));
    this.#worker.on("exit", (code) => this.#die(`exit code ${code}`));
  }

  get died(): boolean {
    return this.#death !== undefined;
  }

  async verify(file: string): Promise<Line> {
    const line = await new Promise<Line | undefined>((resolve) => {
      this.#answer = resolve;
      this.#worker.postMessage(file);
    });
    return line ?? { file, result: "stopped", why: `its thread died: ${this.#death}` };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The first reason counts: an error is followed by an exit. */
  #die(why: string): void {
    this.#death ??= why;
    this.#answer?.(undefined);
    void this.end();
  }
}
