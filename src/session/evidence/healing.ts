// Healing: who was found wrong takes over the truth of a frame, and plays on from there; nobody else notices.
import { assert } from "../../assert.js";
import type { Simulation } from "../../simulation/simulation.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Effects } from "../timeline/effects.js";
import type { Timeline } from "../timeline/timeline.js";
import type { Found } from "./assemble.js";
import { blockCount, blockHashes, unpackBlocks } from "./blocks.js";
import type { HashChain } from "./hash-chain.js";
import { ParcelIn, TRUTH } from "./parcel.js";
import { readTruth, TRUTH_BYTES_MAX, type Truth } from "./truth.js";
import type { Witness } from "./witness.js";

/** The request may be lost: said again after a frame, and again, and then more slowly. */
const ASK_AGAIN_MS = [16, 32, 150] as const;

/** Nothing has come for so long: asked for another frame, of somebody else if there is one. */
const PATIENCE_MS = 1500;
/** Frames tried: whoever is wrong after so many has blocks that nobody else still holds. */
const ATTEMPTS_MAX = 3;

/** `healed` is said so often: at 10 % loss all are lost once in ten thousand million times. */
const SAID_TIMES = 10;
const SAID_AGAIN_MS = 50;

const SEQUENCER = 0;

export interface HealingParts {
  simulation: Simulation;
  timeline: Timeline;
  chain: HashChain;
  effects: Effects;
  witness: Witness;
  outbox: Outbox;
  own: number;
}

export interface Healed {
  /** The frame whose state was taken over. */
  frame: number;
  /** Bytes that travelled for it. */
  bytes: number;
  /** Since the verdict was heard. */
  ms: number;
}

/** "asking": for the truth. "telling": it is here, and the sequencer is told so. "failed": nobody gave it. */
type State = "asking" | "telling" | "failed";

export class Healing {
  readonly serial: number;
  readonly #parts: HealingParts;
  readonly #base: Uint8Array | undefined;
  readonly #startedAt: number;
  readonly #heal = blank("heal");
  readonly #healed = blank("healed");
  #state: State = "asking";
  #mine: Uint8Array | undefined;
  #in: ParcelIn | undefined;
  #attempts = 0;
  #asked = 0;
  #askAt = -Infinity;
  #endsAt = -Infinity;
  #truth: Truth | undefined;
  #bytes = 0;

  constructor(found: Found, parts: HealingParts, now: number) {
    this.serial = found.serial;
    this.#parts = parts;
    this.#base = parts.witness.before(found.frame);
    this.#startedAt = now;
  }

  get over(): boolean {
    return this.#state === "failed" || (this.#state === "telling" && this.#asked >= SAID_TIMES);
  }

  onParcel(parcel: Body<"parcel">, now: number): void {
    if (this.#state !== "asking" || parcel.serial !== this.serial || this.#mine === undefined) return;
    this.#in ??= new ParcelIn({ kind: TRUTH, serial: parcel.serial, seat: parcel.seat }, TRUTH_BYTES_MAX, now);
    this.#endsAt = now + PATIENCE_MS;
    const bytes = this.#in.take(parcel, now);
    if (bytes === undefined) return;
    const truth = readTruth(bytes);
    if (truth === undefined || truth.frame !== this.#heal.frame) return;
    this.#truth = truth;
    this.#bytes = bytes.length;
  }

  /** Asks for the truth, and takes it over once it is here: answers that. "failed": nobody gave it. */
  tick(now: number): Healed | "failed" | undefined {
    if (this.#state === "asking") return this.#truth === undefined ? this.#ask(now) : this.#adopt(this.#truth, now);
    if (this.#state === "telling" && now >= this.#askAt) {
      this.#asked += 1;
      this.#askAt = now + SAID_AGAIN_MS;
      this.#parts.outbox.post(SEQUENCER, "healed", this.#healed);
    }
    return undefined;
  }

  #ask(now: number): "failed" | undefined {
    if (now >= this.#endsAt && !this.#begin(now)) {
      this.#state = "failed";
      return "failed";
    }
    const { outbox } = this.#parts;
    if (this.#in !== undefined) this.#in.tick(outbox, SEQUENCER, now);
    else if (now >= this.#askAt) {
      this.#askAt = now + ASK_AGAIN_MS[Math.min(this.#asked, ASK_AGAIN_MS.length - 1)]!;
      this.#asked += 1;
      outbox.post(SEQUENCER, "heal", this.#heal);
    }
    return undefined;
  }

  /** Says what our newest settled state has in it. False when that has been tried often enough. */
  #begin(now: number): boolean {
    const { simulation, timeline, chain, own } = this.#parts;
    let frame = chain.end;
    while (frame > chain.begin && !timeline.holds(frame)) frame -= 1;
    if (this.#attempts >= ATTEMPTS_MAX || this.#base === undefined || !timeline.holds(frame)) return false;
    this.#attempts += 1;
    this.#mine = simulation.copy(frame % simulation.slots);
    this.#in = undefined;
    this.#asked = 0;
    this.#askAt = now;
    this.#endsAt = now + PATIENCE_MS;
    const hashes = blockHashes(simulation, this.#mine);
    Object.assign(this.#heal, { serial: this.serial, seat: own, frame, each: blockCount(this.#mine.length), hashes });
    return true;
  }

  #adopt({ frame, low, high, blocks, packed }: Truth, now: number): Healed | "failed" {
    const { simulation, timeline, chain, effects } = this.#parts;
    const state = unpackBlocks(simulation, this.#base!, this.#mine!, [...blocks], packed);
    if (state === undefined) {
      this.#state = "failed";
      return "failed";
    }
    assert(frame >= chain.begin && frame <= chain.end, "what we asked for was settled here");
    // What we reported up to here was wrong, and may still be under way.
    Object.assign(this.#healed, { serial: this.serial, frame: chain.end });
    chain.reseed(frame, low, high);
    effects.hush(() => timeline.adopt(frame, state));
    this.#state = "telling";
    this.#asked = 0;
    this.#askAt = now;
    this.tick(now);
    return { frame, bytes: this.#bytes, ms: Math.round(now - this.#startedAt) };
  }
}
