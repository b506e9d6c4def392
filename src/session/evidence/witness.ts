// What a simulation can testify to: hashes on request, and states pinned before the ring forgets them.
import type { Simulation } from "../../simulation/simulation.js";
import { append, type List } from "../../wire/codec.js";
import { EVIDENCE_BYTES, HASHES_MAX } from "../../wire/limits.js";
import { stateHash } from "../../wire/messages.js";
import type { Timeline } from "../timeline/timeline.js";
import type { HashChain } from "./hash-chain.js";

/** What of a state is asked for: its leaf hashes, or its bytes. */
export type Part = 0 | 1;
export const LEAVES: Part = 0;
export const STATE: Part = 1;

/** Hashes of the states from `begin` on, as the message has them. */
interface Hashes {
  begin: number;
  states: List<{ low: number; high: number; inputs: number }>;
}

export class Witness {
  readonly #simulation: Simulation;
  readonly #timeline: Timeline;
  readonly #chain: HashChain;
  readonly #pinned = new Map<number, Uint8Array>();

  constructor(options: { simulation: Simulation; timeline: Timeline; chain: HashChain }) {
    this.#simulation = options.simulation;
    this.#timeline = options.timeline;
    this.#chain = options.chain;
  }

  /** Fills in the hashes of what is held of [begin, end), and pins those states. */
  hashes(begin: number, end: number, into: Hashes): void {
    const from = Math.max(begin, this.#chain.begin, this.#oldestInput());
    const until = Math.min(end, this.#chain.end, from + HASHES_MAX);
    if (this.#pinned.size + until - from > HASHES_MAX) this.#forgetBefore(begin);
    into.begin = from;
    into.states.count = 0;
    for (let frame = from; frame < until; frame++) {
      this.#chain.stateHash(frame, append(into.states, stateHash));
      this.pin(frame);
    }
  }

  #oldestInput(): number {
    const { inputs } = this.#timeline;
    let begin = 0;
    for (let seat = 0; seat < inputs.seats; seat++) begin = Math.max(begin, inputs.begin(seat));
    return begin;
  }

  // What was asked about before is settled: else the questions that one liar causes would fill all room.
  #forgetBefore(frame: number): void {
    for (const pinned of this.#pinned.keys()) if (pinned < frame) this.#pinned.delete(pinned);
  }

  /** The ring holds the newest `slots` states; what is asked about is copied out before it is overwritten. */
  pin(frame: number): Uint8Array | undefined {
    const pinned = this.#pinned.get(frame);
    if (pinned !== undefined || !this.#timeline.holds(frame) || this.#pinned.size >= HASHES_MAX) return pinned;
    const copy = this.#simulation.copy(frame % this.#simulation.slots);
    this.#pinned.set(frame, copy);
    return copy;
  }

  /** A piece of evidence; no bytes say that it is gone. */
  evidence(frame: number, part: number, offset: number): Uint8Array {
    const state = this.pin(frame);
    if (state === undefined) return NOTHING;
    const source = part === LEAVES ? this.#simulation.leaves(state) : state;
    return source.subarray(offset, offset + EVIDENCE_BYTES);
  }
}

const NOTHING = new Uint8Array(0);
