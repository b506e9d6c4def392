// Some threads that play matches with faults. One that does not come back, since what was planted loops for ever, is replaced.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Outcome } from "./outcome.js";
import type { Task } from "./plan.js";
import type { Modules } from "./stage.js";

/** A match takes a second or two; on a busy machine ten times as long. */
const HUNG_MS = 120_000;

export class Crew {
  readonly #hire: () => Worker;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** `worker` is the path of a bundle of worker.ts. Rejects when it cannot be loaded. */
  static async of(worker: string, modules: Modules, threads: number): Promise<Crew> {
    const crew = new Crew(() => new Worker(worker, { workerData: modules }));
    await Promise.all(Array.from({ length: threads }, () => crew.#employ()));
    return crew;
  }

  private constructor(hire: () => Worker) {
    this.#hire = hire;
  }

  async #employ(): Promise<void> {
    const worker = this.#hire();
    this.#all.add(worker);
    await once(worker, "message");
    this.#idle.push(worker);
  }

  /** Has `play` called in as many places at once as there are threads, while it answers that there is more. */
  async each(play: () => Promise<"more" | "enough">): Promise<void> {
    const each = async (): Promise<void> => {
      while ((await play()) === "more");
    };
    await Promise.all(Array.from(this.#all, each));
  }

  /** At most as many at a time as there are threads. */
  async play(task: Task): Promise<Outcome> {
    const worker = this.#idle.pop()!;
    worker.postMessage(task);
    const over = new AbortController();
    const died = once(worker, "error", over).then(([error]: Error[]) => `a thread died: ${error!.message}`);
    const answered = once(worker, "message", over).then(([outcome]: Outcome[]) => outcome!);
    died.catch(() => undefined);
    answered.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const hung = new Promise<string>((done) => {
      timer = setTimeout(done, HUNG_MS, "it loops for ever");
    });
    const outcome = await Promise.race([answered, died, hung]);
    clearTimeout(timer);
    over.abort();
    if (typeof outcome !== "string") {
      this.#idle.push(worker);
      return outcome;
    }
    this.#all.delete(worker);
    await worker.terminate();
    await this.#employ();
    const nothing = { right: undefined, roundTrips: undefined, verdict: undefined, way: undefined };
    const complaints = task.type === "clean" ? [outcome] : [];
    return { task, fate: task.type === "clean" ? "clean" : "stopped", what: outcome, complaints, ...nothing };
  }

  async end(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }
}
