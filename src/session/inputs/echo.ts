// What became of my own inputs under `substitute`: final as I sent them, or replaced because they came too late.
import type { Body } from "../../wire/messages.js";
import type { SeatRun } from "../../wire/stream.js";
import type { Timeline } from "../timeline/timeline.js";
import type { FinalInputs } from "./final-inputs.js";

/** Tells of frames whose inputs were replaced: [begin, end). */
export type ReplacedListener = (begin: number, end: number) => void;

export interface EchoOptions {
  inputs: FinalInputs;
  timeline: Timeline;
  own: number;
  /** After so many frames a stretch that goes on is told of: a second. */
  toldAfter: number;
  onReplaced: ReplacedListener;
}

/**
 * A datagram without a run of my seat says that all before `ownEnd` is final as I sent it. With one, each bit that is set
 * is a frame that was replaced; its bytes need not be told, since they follow from those before it.
 */
export class Echo {
  readonly #inputs: FinalInputs;
  readonly #timeline: Timeline;
  readonly #own: number;
  readonly #toldAfter: number;
  readonly #onReplaced: ReplacedListener;
  /** The stretch that is not told of yet. */
  #begin = 0;
  #end = 0;
  /** Frames of mine that were replaced. */
  replaced = 0;

  constructor(options: EchoOptions) {
    this.#inputs = options.inputs;
    this.#timeline = options.timeline;
    this.#own = options.own;
    this.#toldAfter = options.toldAfter;
    this.#onReplaced = options.onReplaced;
  }

  /** Whether more is final of my inputs than was told: one datagram has only so many bits. */
  partial = false;

  /** Reads the news of my own seat. False when they make no sense. */
  read(frames: Body<"frames">, clock: number): boolean {
    this.partial = false;
    for (let i = 0; i < frames.runs.count; i++) {
      const run = frames.runs.items[i]!;
      if (run.seat !== this.#own) continue;
      // Also where what goes before it is still under way.
      this.partial = run.first + run.count < frames.ownEnd || clock + run.first > this.#inputs.end(this.#own);
      return this.#readRun(run, clock + run.first);
    }
    const end = clock + frames.ownEnd;
    if (end > this.#inputs.held(this.#own)) return false;
    this.#asSent(end);
    return true;
  }

  #asSent(end: number): void {
    if (end <= this.#inputs.end(this.#own)) return;
    this.#tell();
    this.#inputs.finish(end);
    this.#timeline.confirm(this.#own, end, end);
  }

  #readRun(run: SeatRun, first: number): boolean {
    const { bytes, begin, end } = run.bits;
    if (first > this.#inputs.end(this.#own) || run.base !== 0 || end - begin !== (run.count + 7) >> 3) return false;
    for (let i = 0; i < run.count; i++) {
      const frame = first + i;
      if (frame < this.#inputs.end(this.#own)) continue;
      if ((bytes[begin + (i >> 3)]! >> (i & 7)) & 1) this.#replace(frame);
      else if (frame >= this.#inputs.held(this.#own)) return false;
      else this.#asSent(frame + 1);
    }
    return true;
  }

  #replace(frame: number): void {
    this.#inputs.finishReplaced();
    this.#timeline.correct(frame);
    this.replaced += 1;
    if (this.#end !== frame) this.#begin = frame;
    this.#end = frame + 1;
    if (this.#end - this.#begin >= this.#toldAfter) this.#tell();
  }

  #tell(): void {
    if (this.#end > this.#begin) this.#onReplaced(this.#begin, this.#end);
    this.#begin = this.#end;
  }
}
