// The authority: the sequencer's own simulation, which plays what is final, so that its hashes are the truth of the match.
import { assert } from "../../assert.js";
import { HashChain, hexHash } from "../../session/evidence/hash-chain.js";
import { type HostIdentity, Witness } from "../../session/evidence/witness.js";
import type { FinalInputs } from "../../session/inputs/final-inputs.js";
import { whyMisfit } from "../../session/running.js";
import { Timeline } from "../../session/timeline/timeline.js";
import type { Simulation } from "../../simulation/simulation.js";
import type { MatchConfig } from "../../wire/match-config.js";
import { blank } from "../../wire/messages.js";

/** Frames played in one turn at most: twice the fastest game, at a turn each 8 ms, and no other room waits for long. */
const FRAMES_PER_TURN = 4;

/** Why a match of these settings cannot have this simulation as its authority; undefined when it can. */
export function whyNoAuthority(simulation: Simulation, config: MatchConfig): string | undefined {
  // It plays final frames only: a ring for the players' window is none of its needs.
  return whyMisfit({ ...blank("welcome"), config: { ...config, predictionWindow: 0 } }, simulation);
}

/** What the authority did, for a host's figures. */
export interface AuthorityStats {
  /** The next frame it plays, and how many are final that it has not played. */
  frame: number;
  lagFrames: number;
}

export class Authority {
  readonly #simulation: Simulation;
  readonly #inputs: FinalInputs;
  readonly #timeline: Timeline;
  readonly #chain: HashChain;
  readonly witness: Witness;
  readonly #hash = new Uint32Array(2);
  /** Why it plays no further: the game stopped, or this machine is too slow for it. */
  failed: string | undefined;

  /** `onLink` is told each chain value, as a player reports his. Throws BAD_CONFIG when the game stops on the settings. */
  constructor(options: {
    simulation: Simulation;
    config: MatchConfig;
    inputs: FinalInputs;
    onLink: (end: number, value: number) => void;
    /** Everybody agrees on the states before this frame. */
    agreedEnd: () => number;
    host?: HostIdentity | undefined;
  }) {
    const { simulation, config, inputs, onLink } = options;
    simulation.reset(config);
    this.#simulation = simulation;
    this.#inputs = inputs;
    this.#chain = new HashChain(simulation, inputs, (end) => onLink(end, this.#chain.value));
    this.#timeline = new Timeline({
      simulation,
      inputs,
      predictionWindow: 0,
      onSettled: (frame) => {
        this.#chain.link(frame);
        this.witness.settled(frame);
      },
    });
    const { agreedEnd, host } = options;
    this.witness = new Witness({ simulation, config, timeline: this.#timeline, chain: this.#chain, agreedEnd, host });
  }

  /** The next frame it plays: it holds the state of this one, reached with final inputs only. */
  get frame(): number {
    return this.#timeline.frame;
  }

  /** Plays on towards `end`, where the final inputs end: a bounded number of frames. Answers how many. */
  advance(end: number): number {
    const begin = this.frame;
    const until = Math.min(end, begin + FRAMES_PER_TURN);
    while (this.frame < until && this.failed === undefined) this.#play();
    return this.frame - begin;
  }

  #play(): void {
    const { frame } = this;
    for (let seat = 0; seat < this.#inputs.seats; seat++) {
      if (frame >= this.#inputs.begin(seat)) continue;
      this.failed = `this machine is too slow for the game: frame ${frame} is due, and its inputs are no longer held`;
      return;
    }
    const result = this.#timeline.advance();
    assert(result !== "stalled", "the authority plays final frames only");
    if (result === "trapped") this.failed = `the game stopped at frame ${frame}: ${this.#simulation.trap}`;
  }

  get simulation(): Simulation {
    return this.#simulation;
  }

  /** The present as a snapshot for who comes in: a copy of the state, and C there in its two halves. */
  give(): { frame: number; low: number; high: number; state: Uint8Array } {
    const { frame } = this;
    const state = this.#simulation.copy(frame % this.#simulation.slots);
    return { frame, low: this.#chain.valueAt(frame), high: this.#chain.highAt(frame), state };
  }

  /** XXH3-64 of the state at `frame`. */
  stateHash(): string {
    this.#simulation.hash(this.frame % this.#simulation.slots, this.#hash, 0);
    return hexHash({ low: this.#hash[0]!, high: this.#hash[1]! });
  }
}
