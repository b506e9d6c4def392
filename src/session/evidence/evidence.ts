// Evidence of a desync: what we testify to, and the search for the fields in the other side's evidence.

import { LEAF_BYTES } from "../../simulation/core.js";
import { differences, type FieldDifference } from "../../simulation/schema.js";
import type { Simulation } from "../../simulation/simulation.js";
import { SEATS_MAX } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Timeline } from "../timeline/timeline.js";
import { type HashChain, hexHash } from "./hash-chain.js";
import { LEAVES, type Part, STATE, Witness } from "./witness.js";

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
  verdict: Differs;
  /** Seats that are wrong, where that is known: not with the server's simulation, or not with the majority. */
  blamed: number[];
  /** So many that compute the same, of so many that were compared. */
  agree: number;
  of: number;
  /** Two that differ, a blamed one first; AUTHORITY is the server's own simulation. */
  seats: [number, number];
  hashes: [string, string];
  /** First differing 4 KiB leaf, when the other side's leaves were had. */
  leaf: number | undefined;
  /** Differing fields; `before` is ours, `after` the other seat's. */
  fields: FieldDifference[];
  /** Why there are no fields, when there are none. */
  note: string | undefined;
}

/** "chain": states and inputs are equal, and the hash chain that was reported is not theirs. */
export type Differs = "state" | "inputs" | "chain";
const DIFFERS: readonly Differs[] = ["state", "inputs", "chain"];

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
  readonly #witness: Witness;
  readonly #outbox: Outbox;
  readonly #own: number;
  readonly #hashes = blank("hashes");
  readonly #ask = blank("ask");
  readonly #answer = blank("answer");
  #search: Search | undefined;
  /** Verdicts that were told, by serial. */
  readonly #told = new Set<number>();
  readonly #reports: Desync[] = [];

  constructor(options: {
    simulation: Simulation;
    timeline: Timeline;
    chain: HashChain;
    outbox: Outbox;
    own: number;
  }) {
    this.#simulation = options.simulation;
    this.#witness = new Witness(options);
    this.#outbox = options.outbox;
    this.#own = options.own;
  }

  /** A finished report, once. */
  take(): Desync | undefined {
    return this.#reports.shift();
  }

  onQuery(query: Body<"hashQuery">): void {
    this.#witness.hashes(query.begin, query.end, this.#hashes);
    if (this.#hashes.states.count > 0) this.#outbox.post(0, "hashes", this.#hashes);
  }

  /** The sequencer found the first bad frame. It says so several times; we act once. */
  onDesync(found: Body<"desync">, now: number): void {
    if (this.#told.has(found.serial)) return;
    this.#told.add(found.serial);
    const report = reportOf(found);
    const mine = this.#witness.pin(found.frame);
    const party = found.seatA === this.#own || found.seatB === this.#own;
    if (report.verdict === "inputs") this.#finish(report, "the inputs of this frame differ: a protocol fault");
    else if (report.verdict === "chain") this.#finish(report, "a hash chain was told that its own states contradict");
    else if (!party) this.#finish(report, "between others");
    else if (mine === undefined) this.#finish(report, "the state of this frame is no longer held here");
    else if (this.#search !== undefined) this.#finish(report, "another difference is being looked at");
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
    const answer = this.#answer;
    answer.seat = ask.seat;
    answer.frame = ask.frame;
    answer.part = ask.part;
    answer.offset = ask.offset;
    answer.bytes = this.#witness.evidence(ask.frame, ask.part, ask.offset);
    this.#outbox.post(0, "answer", answer);
  }

  onAnswer(answer: Body<"answer">): void {
    const search = this.#search;
    if (search === undefined || answer.seat !== search.other) return;
    if (answer.frame !== search.report.frame || answer.part !== search.part) return;
    if (answer.offset !== this.#offset(search)) return;
    if (answer.bytes.length === 0) {
      this.#conclude("the other side no longer holds the state of this frame");
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
      this.#conclude(search.report.fields.length === 0 ? "the states are equal by now" : undefined);
      return;
    }
    search.wanted = new Uint8Array(Math.min(LEAF_BYTES, search.mine.length - leaf * LEAF_BYTES));
    search.got = 0;
  }

  /** The match ends: what is known by now is the report. */
  abandon(): Desync | undefined {
    if (this.#search !== undefined) this.#conclude("the match ended before the states were compared");
    return this.take();
  }

  #conclude(note: string | undefined): void {
    const { report } = this.#search!;
    this.#search = undefined;
    this.#finish(report, note);
  }

  #finish(report: Desync, note: string | undefined): void {
    report.note = note;
    this.#reports.push(report);
  }

  tick(now: number): void {
    const search = this.#search;
    if (search === undefined) return;
    if (now >= search.endsAt) {
      this.#conclude("the other side did not answer in time");
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

function reportOf(found: Body<"desync">): Desync {
  const blamed: number[] = [];
  for (let seat = 0; seat < SEATS_MAX; seat++) if ((found.blamed >> seat) & 1) blamed.push(seat);
  return {
    type: "desync",
    frame: found.frame,
    verdict: DIFFERS[found.verdict]!,
    blamed,
    agree: found.agree,
    of: found.of,
    seats: [found.seatA, found.seatB],
    hashes: [hexHash(found.a), hexHash(found.b)],
    leaf: undefined,
    fields: [],
    note: undefined,
  };
}
