// What a player's frames have to hold by what he pressed: each sample at its place, and what shares a frame in one.
import type { Running } from "../../src/session/running.js";
import { CELL_HEADER_BYTES, PRESENCE_REPLACED } from "../../src/simulation/simulation.js";

/**
 * Nothing of how a session puts inputs down is used here but where a sample stands: behind `held` frames that have
 * theirs, for the frame `place`, which is now and the input delay.
 *
 *   place = held    its own frame
 *   place > held    the delay was raised: a gap, in which buttons stay as they are, and commands wait no longer
 *   place < held    the delay was lowered: buttons are held in the next free frame as well, commands stand in line
 */
export class Meant {
  /** Frames before it are another player's, who had the seat. Whoever never pressed anything has none. */
  begin = Infinity;
  /** By frame. Where nothing stands nothing was pressed. */
  readonly frames = new Map<number, Uint8Array>();
  /** Frames of a gap that opened while nobody was asked for input: there is more than one thing to put there. */
  readonly open = new Set<number>();
  readonly #commands: boolean;
  /** Commands in line, or the one sample that is to share a frame with the next. */
  #waiting: Uint8Array[] = [];
  #life: Running | undefined;
  #end = 0;

  constructor(commands: boolean) {
    this.#commands = commands;
  }

  /** A sample was taken, and is about to be put down. */
  pressed(running: Running, sample: Uint8Array): void {
    const { inputs, timeline, delay, seat } = running;
    const held = inputs.held(seat);
    const place = timeline.frame + delay.value;
    if (this.#life !== running) this.#begin(running, held);
    for (let frame = this.#end; frame < held; frame++) {
      if (inputs.presenceAt(seat, frame) !== PRESENCE_REPLACED) this.#unasked(frame);
    }
    this.#end = Math.max(this.#end, held);
    if (place < held) {
      this.#wait(sample);
      return;
    }
    for (let frame = held; frame < place; frame++) this.#fill(frame, running, held);
    this.#end = place + 1;
    this.#wait(sample);
    this.#put(place);
  }

  /** He came in, or came back: what he pressed alone meanwhile concerns nobody. */
  #begin(running: Running, held: number): void {
    const base = running.snapshot?.frame ?? 0;
    if (this.#life === undefined) this.begin = base;
    this.#life = running;
    this.#waiting = [];
    this.#end = held;
    for (const frame of this.frames.keys()) if (frame >= base) this.frames.delete(frame);
  }

  #wait(sample: Uint8Array): void {
    if (this.#commands) {
      if (sample.length > 0) this.#waiting.push(sample.slice());
    } else this.#waiting = [either(this.#waiting[0], sample)];
  }

  /** The next of those that wait has this frame. Two samples for one frame are both in it. */
  #put(frame: number): void {
    const next = this.#waiting.shift();
    const there = this.frames.get(frame);
    if (next !== undefined) this.frames.set(frame, this.#commands ? (there ?? next) : either(there, next));
  }

  // Who was asleep pressed nothing, but what waited before goes on.
  #unasked(frame: number): void {
    if (this.#waiting.length > 0) this.#put(frame);
    else this.open.add(frame);
  }

  #fill(frame: number, { inputs, seat }: Running, held: number): void {
    if (this.#commands) this.#put(frame);
    else if (held > inputs.begin(seat)) {
      const cell = seat * inputs.cellBytes + CELL_HEADER_BYTES;
      const record = inputs.recordOf(seat, held - 1);
      this.frames.set(frame, record.slice(cell, cell + inputs.lengthAt(seat, held - 1)));
    }
  }
}

/** Buttons held in either. */
function either(a: Uint8Array | undefined, b: Uint8Array): Uint8Array {
  return a === undefined ? b.slice() : Uint8Array.from(b, (byte, i) => byte | (a[i] ?? 0));
}
