// A player's wishes for another input delay, on their way to the sequencer: told again until the roster answers.
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import type { PlayerEvent } from "./player-events.js";
import { type Running, SEQUENCER } from "./running.js";

/** Time between two tellings of what a person asked for, and how often it is told at most: for five seconds. */
const ASK_AGAIN_MS = 250;
const ASKS_MAX = 20;

/** Time between two tellings of what measurements advise; the sequencer forgets it after a few. */
const ADVISE_AGAIN_MS = 500;

export class DelayWish {
  readonly #outbox: Outbox;
  readonly #message: Body<"delay"> = blank("delay");
  /** The delay that was in force at the last tick. */
  #known: number;
  #asked: number | undefined;
  #asks = 0;
  #askAt = -Infinity;
  #adviseAt = -Infinity;

  constructor(outbox: Outbox, inputDelay: number) {
    this.#outbox = outbox;
    this.#known = inputDelay;
  }

  /** A person asks for it. */
  ask(frames: number): void {
    this.#asked = frames;
    this.#asks = 0;
    this.#askAt = -Infinity;
  }

  /** The roster says so: what was asked for is answered, whatever it is. */
  answered(): void {
    this.#asked = undefined;
  }

  /** Tells what is due. Answers new advice. */
  tick({ advice, delay, config }: Running, now: number): PlayerEvent | undefined {
    if (delay.value !== this.#known) {
      advice.changed(delay.value, now);
      this.#known = delay.value;
    }
    const isNew = advice.consider(delay.value, now);
    if (this.#asked !== undefined && now >= this.#askAt) this.#ask(this.#asked, now);
    if (config.autoDelay === 1 && now >= this.#adviseAt) {
      this.#adviseAt = now + ADVISE_AGAIN_MS;
      this.#tell(advice.value, 0);
    }
    return isNew ? { type: "advice", inputDelay: advice.value } : undefined;
  }

  #ask(frames: number, now: number): void {
    this.#askAt = now + ASK_AGAIN_MS;
    this.#tell(frames, 1);
    this.#asks += 1;
    if (this.#asks === ASKS_MAX) this.#asked = undefined;
  }

  #tell(frames: number, asked: number): void {
    this.#message.inputDelay = frames;
    this.#message.asked = asked;
    this.#outbox.post(SEQUENCER, "delay", this.#message);
  }
}
