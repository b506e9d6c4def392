// What a simulation can testify to: hashes on request, states that outlive the ring, and how a frame comes out again.
import { assert } from "../../assert.js";
import type { Simulation } from "../../simulation/simulation.js";
import { VERSION } from "../../version.js";
import { Writer } from "../../wire/bytes.js";
import { append } from "../../wire/codec.js";
import { EVIDENCE_BYTES, HASHES_MAX } from "../../wire/limits.js";
import { type MatchConfig, matchConfig } from "../../wire/match-config.js";
import { type Body, stateHash } from "../../wire/messages.js";
import type { FinalInputs } from "../inputs/final-inputs.js";
import type { Timeline } from "../timeline/timeline.js";
import { blockCount, blockHashes, differingBlocks, packBlocks } from "./blocks.js";
import { type Exhibit, exhibit, INPUTS_TOLD_FRAMES } from "./exhibit.js";
import { type HashChain, hexHash } from "./hash-chain.js";
import type { History } from "./history.js";
import { Keyframes } from "./keyframes.js";
import { digestOf, replay, rerun, restart, type Scene } from "./rerun.js";

/** What the host of a player or sequencer says of itself, for reports: nothing below it could know. */
export interface HostIdentity {
  /** `v8 13.6`, or what a browser calls itself. */
  engine: string;
  /** `linux x64`. */
  platform: string;
}

/**
 * A ring of so many states outlasts the time until a desync is known and asked about, at 300 ms round trip and 5 % loss:
 * window 8, reports 4, round trip and jitter 25, repairs 6, skew 4, and 2. A shorter one needs keyframes beside it.
 */
export const LASTING_SLOTS = 49;

/** Bytes of states that are pinned at once: those of an answer, and of the ring, up to half a megabyte of state. */
const PINNED_BYTES_MAX = 64 * 1024 * 1024;

/** Frames that are played again at most to have a state back. */
const REPLAYED_FRAMES_MAX = 512;

export interface WitnessOptions {
  simulation: Simulation;
  config: MatchConfig;
  timeline: Timeline;
  chain: HashChain;
  /** Everybody agrees on the states before this frame. */
  agreedEnd: () => number;
  /** Of who predicts. */
  history?: History;
  host?: HostIdentity | undefined;
}

export class Witness {
  readonly #simulation: Simulation;
  readonly #timeline: Timeline;
  readonly #chain: HashChain;
  readonly #inputs: FinalInputs;
  readonly #scene: Scene;
  readonly #options: WitnessOptions;
  readonly #keyframes: Keyframes | undefined;
  readonly #pinned = new Map<number, Uint8Array>();
  readonly #pinnedMax: number;

  constructor(options: WitnessOptions) {
    const { simulation, config, timeline, chain } = options;
    this.#simulation = simulation;
    this.#timeline = timeline;
    this.#chain = chain;
    this.#inputs = timeline.inputs;
    this.#options = options;
    this.#scene = { simulation, config, inputs: timeline.inputs };
    this.#keyframes = simulation.slots < LASTING_SLOTS ? new Keyframes(simulation) : undefined;
    const most = simulation.slots + HASHES_MAX + 2;
    this.#pinnedMax = Math.min(most, Math.max(4, Math.floor(PINNED_BYTES_MAX / simulation.stateBytes)));
  }

  /** The state of `frame` is settled, and in its slot. */
  settled(frame: number): void {
    this.#keyframes?.settled(frame, this.#options.agreedEnd());
  }

  /** Fills in the hashes of what is held of [begin, end), and pins those states, the one before, and all that the ring has. */
  hashes(begin: number, end: number, into: Body<"hashes">): void {
    const from = Math.max(begin, this.#chain.begin, this.#oldestInput());
    const all = Math.min(end, this.#chain.end);
    const until = Math.min(all, from + HASHES_MAX);
    if (this.#pinned.size + all - from >= this.#pinnedMax) this.#forgetBefore(begin - 1);
    into.begin = from;
    into.states.count = 0;
    if (from > 0) this.pin(from - 1);
    for (let frame = from; frame < until; frame++) {
      this.#chain.stateHash(frame, append(into.states, stateHash));
      this.pin(frame);
    }
    into.chain = until > from ? this.#chain.valueAt(until) : 0;
    // The rest of a long question is asked for when all have answered the first: by then it would be forgotten.
    const held = this.#chain.end - this.#simulation.slots;
    for (let frame = Math.max(until, held); frame < all; frame++) this.pin(frame);
  }

  /** Tells what is in those states, block by block, as many of them at a time as fit a datagram, from the first that is held. */
  leaves(begin: number, count: number, tell: (leaves: Body<"leaves">) => void): void {
    const each = blockCount(this.#simulation.stateBytes);
    const perDatagram = Math.floor(EVIDENCE_BYTES / (4 * each));
    const end = begin + count;
    for (let first = begin; first < end; first += perDatagram) {
      const states: Uint8Array[] = [];
      let held = first;
      for (let frame = first; frame < Math.min(end, first + perDatagram); frame++) {
        const state = this.pin(frame);
        if (state !== undefined) states.push(blockHashes(this.#simulation, state));
        else if (states.length > 0) break;
        else held = frame + 1;
      }
      const hashes = new Uint8Array(states.length * 4 * each);
      for (const [i, state] of states.entries()) hashes.set(state, i * 4 * each);
      tell({ begin: states.length > 0 ? held : first, each, hashes });
    }
  }

  #oldestInput(): number {
    let begin = 0;
    for (let seat = 0; seat < this.#inputs.seats; seat++) begin = Math.max(begin, this.#inputs.begin(seat));
    return begin;
  }

  // What was asked about before is settled: else the questions that one liar causes would fill all room.
  #forgetBefore(frame: number): void {
    for (const pinned of this.#pinned.keys()) if (pinned < frame) this.#pinned.delete(pinned);
  }

  /** Nothing is in dispute any more: what was kept for it is given up. */
  forget(): void {
    this.#pinned.clear();
  }

  /** The state of a frame: it is copied out before the ring forgets it, or else played again from an earlier one. */
  pin(frame: number): Uint8Array | undefined {
    const pinned = this.#pinned.get(frame);
    if (pinned !== undefined) return pinned;
    const held = this.#timeline.holds(frame);
    const state = held ? this.#simulation.copy(frame % this.#simulation.slots) : this.#replayed(frame);
    if (state !== undefined && this.#pinned.size < this.#pinnedMax) this.#pinned.set(frame, state);
    return state;
  }

  /** Only what comes out as it first did is what we had. */
  #replayed(frame: number): Uint8Array | undefined {
    if (frame < this.#chain.begin || frame >= this.#chain.end) return undefined;
    const from = this.#newestBefore(frame);
    if (from === undefined || from.frame < this.#oldestInput() || frame - from.frame > REPLAYED_FRAMES_MAX)
      return undefined;
    const state = replay(this.#scene, from.frame, from.state, frame);
    const hash = { low: 0, high: 0, inputs: 0 };
    this.#chain.stateHash(frame, hash);
    const [low, high] = state === undefined ? [] : digestOf(this.#simulation, state);
    return low === hash.low && high === hash.high ? state : undefined;
  }

  #newestBefore(frame: number): { frame: number; state: Uint8Array } | undefined {
    let newest = this.#keyframes?.before(frame);
    for (const [pinned, state] of this.#pinned) {
      if (pinned <= frame && (newest === undefined || pinned > newest.frame)) newest = { frame: pinned, state };
    }
    return newest;
  }

  /** The state before the step that made `frame`; before frame zero there is none, and all is zero. */
  before(frame: number): Uint8Array | undefined {
    return frame === 0 ? new Uint8Array(this.#simulation.stateBytes) : this.pin(frame - 1);
  }

  /** All that this side can tell of a verdict: `differs` as in `desync`, and the blocks in question. */
  exhibit(frame: number, differs: number, blocks: readonly number[]): Exhibit {
    const told = this.#identity();
    this.#tellPlay(told, frame);
    if (differs === DIFFERS_INPUTS && frame < this.#inputs.confirmedEnd && frame >= this.#oldestInput())
      told.record = this.#inputs.record(frame).slice();
    if (differs !== DIFFERS_STATE) return told;
    const state = this.pin(frame);
    const before = this.before(frame);
    if (before === undefined) return told;
    if (state !== undefined) {
      told.held = 1;
      told.blocks = packBlocks(this.#simulation, before, state, blocks);
    }
    if (frame > 0 && frame - 1 < this.#oldestInput()) return told;
    const { clean, again } = frame === 0 ? restart(this.#scene) : rerun(this.#scene, frame - 1, before);
    told.outcomes = { count: 1 + again.length, items: [clean, ...again] };
    return told;
  }

  #identity(): Exhibit {
    const { gameHash, schemaHash, coreHash } = this.#simulation;
    const { host = { engine: "", platform: "" }, config } = this.#options;
    const told = exhibit.blank();
    return Object.assign(told, {
      samestep: VERSION,
      ...{ engine: host.engine, platform: host.platform, game: gameHash, schema: schemaHash, core: coreHash },
      config: this.#digest(config),
    });
  }

  #digest(config: MatchConfig): string {
    const writer = new Writer();
    writer.open(new Uint8Array(1024));
    matchConfig.write(writer, config);
    assert(!writer.full, "settings fit a kilobyte");
    const [low, high] = digestOf(this.#simulation, writer.bytes.subarray(0, writer.at));
    return hexHash({ low, high });
  }

  #tellPlay(told: Exhibit, frame: number): void {
    const { history } = this.#options;
    const begin = this.toldBegin(frame);
    const end = Math.min(frame, this.#inputs.confirmedEnd);
    told.marksBegin = begin;
    if (end <= begin) return;
    let letters = "";
    for (let seat = 0; seat < this.#inputs.seats; seat++)
      letters += history?.marks(seat, begin, end) ?? "c".repeat(end - begin);
    told.marks = new TextEncoder().encode(letters);
    const rollbacks = history?.rollbacks() ?? [];
    told.rollbacks = { count: rollbacks.length, items: rollbacks };
  }

  /** The first of the frames before `frame` whose inputs a report has. */
  toldBegin(frame: number): number {
    return Math.max(frame - INPUTS_TOLD_FRAMES, this.#oldestInput(), this.#chain.begin);
  }

  /** The true state of a frame and the chain there, and which of its blocks differ from those told; undefined: not yet, or no longer. */
  truth(
    frame: number,
    told: Uint8Array,
  ): { state: Uint8Array; blocks: number[]; low: number; high: number } | undefined {
    if (frame > this.#chain.end || frame < this.#chain.begin) return undefined;
    const state = this.pin(frame);
    if (state === undefined) return undefined;
    const blocks = differingBlocks(blockHashes(this.#simulation, state), told);
    return { state, blocks, low: this.#chain.valueAt(frame), high: this.#chain.highAt(frame) };
  }
}

/** How `desync` says what differs. */
export const DIFFERS_STATE = 0;
export const DIFFERS_INPUTS = 1;
