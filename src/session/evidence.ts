// Evidence of a desync: hashes on request, states pinned before the ring forgets them, and the search for the fields.

import { LEAF_BYTES } from "../simulation/core.js";
import { differences, type FieldDifference } from "../simulation/schema.js";
import type { Simulation } from "../simulation/simulation.js";
import { append } from "../wire/codec.js";
import { EVIDENCE_BYTES, HASHES_MAX } from "../wire/limits.js";
import { type Body, blank, stateHash } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { type HashChain, hexHash } from "./hash-chain.js";
import type { Timeline } from "./timeline.js";

/** Silence before the same question is asked again. */
const ASK_AGAIN_MS = 100;

/** After this the report goes out with what is known; a second and a half of tries at any playable round trip. */
const GIVE_UP_MS = 5000;

/** Differing leaves fetched for one report: past these the fields would fill pages. */
const LEAVES_MAX = 8;

export interface Desync {
  type: "desync";
  /** The first frame whose state (or inputs) differ, not the frame at which it was noticed. */
  frame: number;
  verdict: "state" | "inputs";
  seats: [number, number];
  hashes: [string, string];
  /** First differing 4 KiB leaf, when the other side's leaves were had. */
  leaf: number | undefined;
  /** Differing fields; `before` is ours, `after` the other seat's. */
  fields: FieldDifference[];
  /** Why there are no fields, when there are none. */
  note: string | undefined;
}

type Part = 0 | 1;
const LEAVES: Part = 0;
const STATE: Part = 1;

interface Search {
  report: Desync;
  other: number;
  mine: Uint8Array;
  theirs: Uint8Array;
  part: Part;
  /** What is being collected, and how much of it has come. */
  wanted: Uint8Array;
  got: number;
  /** Differing leaves still to fetch; the first is the one in `wanted`. */
  leaves: number[];
  askedAt: number;
  endsAt: number;
}

export class Evidence {
  readonly #simulation: Simulation;
  readonly #timeline: Timeline;
  readonly #chain: HashChain;
  readonly #outbox: Outbox;
  readonly #own: number;
  readonly #pinned = new Map<number, Uint8Array>();
  readonly #hashes = blank("hashes");
  readonly #ask = blank("ask");
  readonly #answer = blank("answer");
  #search: Search | undefined;
  #told = false;
  #report: Desync | undefined;

  constructor(options: {
    simulation: Simulation;
    timeline: Timeline;
    chain: HashChain;
    outbox: Outbox;
    own: number;
  }) {
    this.#simulation = options.simulation;
    this.#timeline = options.timeline;
    this.#chain = options.chain;
    this.#outbox = options.outbox;
    this.#own = options.own;
  }

  /** A finished report, once. */
  take(): Desync | undefined {
    const report = this.#report;
    this.#report = undefined;
    return report;
  }

  onQuery(query: Body<"hashQuery">): void {
    const begin = Math.max(query.begin, this.#chain.begin, this.#oldestInput());
    const end = Math.min(query.end, this.#chain.end, begin + HASHES_MAX);
    const hashes = this.#hashes;
    hashes.begin = begin;
    hashes.states.count = 0;
    for (let frame = begin; frame < end; frame++) {
      this.#chain.stateHash(frame, append(hashes.states, stateHash));
      this.#pin(frame);
    }
    if (hashes.states.count > 0) this.#outbox.post(0, "hashes", hashes);
  }

  #oldestInput(): number {
    let begin = 0;
    for (let seat = 0; seat < this.#timeline.inputs.seats; seat++) {
      begin = Math.max(begin, this.#timeline.inputs.begin(seat));
    }
    return begin;
  }

  // The ring holds the newest `slots` states; what is asked about is copied out before it is overwritten.
  #pin(frame: number): void {
    if (!this.#timeline.holds(frame) || this.#pinned.has(frame) || this.#pinned.size >= HASHES_MAX) return;
    this.#pinned.set(frame, this.#simulation.copy(frame % this.#simulation.slots));
  }

  /** The sequencer found the first bad frame. It says so several times; we act once. */
  onDesync(found: Body<"desync">, now: number): void {
    if (this.#told) return;
    this.#told = true;
    const report: Desync = {
      type: "desync",
      frame: found.frame,
      verdict: found.verdict === 0 ? "state" : "inputs",
      seats: [found.seatA, found.seatB],
      hashes: [hexHash(found.a), hexHash(found.b)],
      leaf: undefined,
      fields: [],
      note: undefined,
    };
    this.#pin(found.frame);
    const mine = this.#pinned.get(found.frame);
    const party = found.seatA === this.#own || found.seatB === this.#own;
    if (report.verdict === "inputs") this.#finish(report, "the inputs of this frame differ: a protocol fault");
    else if (!party) this.#finish(report, "between other seats");
    else if (mine === undefined) this.#finish(report, "the state of this frame is no longer held here");
    else {
      const leaves = Math.ceil(mine.length / LEAF_BYTES);
      this.#search = {
        report,
        other: found.seatA === this.#own ? found.seatB : found.seatA,
        mine,
        theirs: mine.slice(),
        part: LEAVES,
        wanted: new Uint8Array(8 * leaves),
        got: 0,
        leaves: [],
        askedAt: -Infinity,
        endsAt: now + GIVE_UP_MS,
      };
    }
  }

  /** Someone wants to see our side. Answers from what is pinned; an empty answer says that it is gone. */
  onAsk(ask: Body<"ask">): void {
    this.#pin(ask.frame);
    const state = this.#pinned.get(ask.frame);
    const source = state === undefined ? NOTHING : ask.part === LEAVES ? this.#simulation.leaves(state) : state;
    const answer = this.#answer;
    answer.seat = ask.seat;
    answer.frame = ask.frame;
    answer.part = ask.part;
    answer.offset = ask.offset;
    answer.bytes = source.subarray(ask.offset, ask.offset + EVIDENCE_BYTES);
    this.#outbox.post(0, "answer", answer);
  }

  onAnswer(answer: Body<"answer">): void {
    const search = this.#search;
    if (search === undefined || answer.seat !== search.other) return;
    if (answer.frame !== search.report.frame || answer.part !== search.part) return;
    if (answer.offset !== this.#offset(search)) return;
    if (answer.bytes.length === 0) {
      this.#finish(search.report, "the other side no longer holds the state of this frame");
      return;
    }
    const room = search.wanted.length - search.got;
    search.wanted.set(answer.bytes.subarray(0, room), search.got);
    search.got += Math.min(room, answer.bytes.length);
    search.askedAt = -Infinity;
    if (search.got < search.wanted.length) return;
    if (search.part === LEAVES) this.#compareLeaves(search);
    else this.#takeLeaf(search);
  }

  #offset(search: Search): number {
    return search.part === LEAVES ? search.got : search.leaves[0]! * LEAF_BYTES + search.got;
  }

  #compareLeaves(search: Search): void {
    const mine = this.#simulation.leaves(search.mine);
    for (let leaf = 0; leaf < mine.length / 8; leaf++) {
      const differs = mine.subarray(8 * leaf, 8 * leaf + 8).some((byte, i) => byte !== search.wanted[8 * leaf + i]);
      if (differs && search.leaves.length < LEAVES_MAX) search.leaves.push(leaf);
    }
    search.report.leaf = search.leaves[0];
    search.part = STATE;
    this.#nextLeaf(search);
  }

  #takeLeaf(search: Search): void {
    search.theirs.set(search.wanted, search.leaves.shift()! * LEAF_BYTES);
    this.#nextLeaf(search);
  }

  #nextLeaf(search: Search): void {
    const leaf = search.leaves[0];
    if (leaf === undefined) {
      search.report.fields = differences(this.#simulation.schema, search.mine, search.theirs);
      this.#finish(search.report, search.report.fields.length === 0 ? "the states are equal by now" : undefined);
      return;
    }
    search.wanted = new Uint8Array(Math.min(LEAF_BYTES, search.mine.length - leaf * LEAF_BYTES));
    search.got = 0;
  }

  /** The match ends: what is known by now is the report. */
  abandon(): Desync | undefined {
    if (this.#search !== undefined)
      this.#finish(this.#search.report, "the match ended before the states were compared");
    return this.take();
  }

  #finish(report: Desync, note: string | undefined): void {
    report.note = note;
    this.#search = undefined;
    this.#report = report;
  }

  tick(now: number): void {
    const search = this.#search;
    if (search === undefined) return;
    if (now >= search.endsAt) {
      this.#finish(search.report, "the other side did not answer in time");
      return;
    }
    if (now - search.askedAt < ASK_AGAIN_MS) return;
    search.askedAt = now;
    this.#ask.seat = search.other;
    this.#ask.frame = search.report.frame;
    this.#ask.part = search.part;
    this.#ask.offset = this.#offset(search);
    this.#outbox.post(0, "ask", this.#ask);
  }
}

const NOTHING = new Uint8Array(0);
