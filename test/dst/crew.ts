// Some threads that play matches: whoever asks hands over a seed or a schedule, and gets its outcome.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { MembersSchedule } from "./members-schedule.js";
import { broken, type Modules, type Outcome } from "./run.js";
import type { Schedule } from "./schedule.js";

type Playable = number | Schedule | MembersSchedule;
type Task = { what: Playable; done: (outcome: Outcome) => void };

export class Crew {
  readonly #hire: () => Worker;
  readonly #queue: Task[] = [];
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** `worker` is the path of a bundle of worker.ts. Rejects when it cannot be loaded. */
  static async of(worker: string, modules: Modules, threads: number): Promise<Crew> {
    const crew = new Crew(() => new Worker(worker, { workerData: modules }));
    const workers = Array.from({ length: threads }, crew.#hire);
    await Promise.all(workers.map((each) => once(each, "message")));
    for (const each of workers) crew.#employ(each);
    return crew;
  }

  private constructor(hire: () => Worker) {
    this.#hire = hire;
  }

  play(what: Playable): Promise<Outcome> {
    return new Promise((done) => {
      this.#queue.push({ what, done });
      this.#next();
    });
  }

  /**
   * Plays the seeds, as what `scheduled` makes of them, until `tell` has heard enough; answers the outcomes of those that
   * were played, by seed.
   */
  async playSeeds(
    first: number,
    seeds: number,
    tell: (outcome: Outcome) => "more" | "enough" = () => "more",
    scheduled: (seed: number) => number | Schedule = (seed) => seed,
  ): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    let next = first;
    let over = false;
    const each = async (): Promise<void> => {
      while (!over && next < first + seeds) {
        const outcome = await this.play(scheduled(next++));
        outcomes.push(outcome);
        if (tell(outcome) === "enough") over = true;
      }
    };
    await Promise.all(Array.from(this.#all, each));
    return outcomes.sort((a, b) => a.seed - b.seed);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #employ(worker: Worker): void {
    this.#all.add(worker);
    this.#idle.push(worker);
    this.#next();
  }

  #next(): void {
    const worker = this.#idle.at(-1);
    const task = worker && this.#queue.shift();
    if (worker === undefined || task === undefined) return;
    this.#idle.pop();
    const { what, done } = task;
    // A match that kills its thread, by taking too much memory for one, is a failed match.
    const died = (error: Error): void => {
      this.#all.delete(worker);
      const seed = typeof what === "number" ? what : what.seed;
      done(broken(seed, error.message));
      const next = this.#hire();
      next.once("message", () => this.#employ(next));
    };
    worker.once("error", died);
    worker.once("message", (outcome: Outcome) => {
      worker.off("error", died);
      done(outcome);
      this.#employ(worker);
    });
    worker.postMessage(what);
  }
}
