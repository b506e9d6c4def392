// Do all seats compute the same? Compares their hash chains, and when they part, finds the first bad frame.
import { REPORT_EVERY_FRAMES } from "../wire/limits.js";
import type { Body } from "../wire/messages.js";

/** Aligned chain values kept of each seat: four seconds at 60 frames per second and one value every four frames. */
const VALUES_KEPT = 64;

export interface StateHash {
  low: number;
  high: number;
  inputs: number;
}

/** Two seats disagree somewhere in [begin, end): the chains agreed at `begin` and differ at `end`. */
export interface Disagreement {
  seatA: number;
  seatB: number;
  begin: number;
  end: number;
}

/** The first frame whose state or inputs differ. */
export interface Verdict {
  frame: number;
  verdict: "state" | "inputs";
  seatA: number;
  seatB: number;
  a: StateHash;
  b: StateHash;
}

class Reports {
  readonly frames = new Float64Array(VALUES_KEPT).fill(-1);
  readonly values = new Uint32Array(VALUES_KEPT);

  slot(frame: number): number {
    return (frame / REPORT_EVERY_FRAMES) % VALUES_KEPT;
  }

  has(frame: number): boolean {
    return this.frames[this.slot(frame)] === frame;
  }
}

/** One seat's answer: the hashes of the frames from `begin` on. */
interface Answer {
  begin: number;
  states: StateHash[];
}

export class Agreement {
  readonly #seats: Reports[];
  readonly #answers: (Answer | undefined)[];
  /** Seats that are compared no more: the parties of a verdict. */
  readonly #excluded: boolean[];
  #disagreement: Disagreement | undefined;
  #verdict: Verdict | undefined;
  /** Every present seat reported the same chain at this frame. */
  agreedEnd = 0;
  /** Disagreements that came to nothing: the hashes behind differing chains were equal, or gone. */
  unfounded = 0;

  constructor(seats: number) {
    this.#seats = Array.from({ length: seats }, () => new Reports());
    this.#answers = new Array<Answer | undefined>(seats).fill(undefined);
    this.#excluded = new Array<boolean>(seats).fill(false);
  }

  get disagreement(): Disagreement | undefined {
    return this.#disagreement;
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** A seat's chain value at an aligned frame, compared with those of all seats that are `present`. */
  report(seat: number, frame: number, value: number, present: readonly boolean[]): void {
    if (frame % REPORT_EVERY_FRAMES !== 0 || this.#excluded[seat]) return;
    const mine = this.#seats[seat]!;
    mine.frames[mine.slot(frame)] = frame;
    mine.values[mine.slot(frame)] = value;
    let all = true;
    for (let other = 0; other < this.#seats.length; other++) {
      const theirs = this.#seats[other]!;
      if (!present[other] || this.#excluded[other]) continue;
      if (!theirs.has(frame)) all = false;
      else if (theirs.values[theirs.slot(frame)] !== value) {
        this.#differs(Math.min(seat, other), Math.max(seat, other), frame);
        return;
      }
    }
    if (all && this.#disagreement === undefined) this.agreedEnd = Math.max(this.agreedEnd, frame);
  }

  // One question at a time, and one verdict in a match: the first is what a person needs.
  #differs(seatA: number, seatB: number, frame: number): void {
    if (this.#disagreement !== undefined || this.#verdict !== undefined) return;
    this.#disagreement = { seatA, seatB, begin: this.agreedEnd, end: frame };
  }

  /** Whether a seat still owes its hashes of the frames in question. */
  awaits(seat: number): boolean {
    const question = this.#disagreement;
    if (question === undefined || this.#answers[seat] !== undefined) return false;
    return seat === question.seatA || seat === question.seatB;
  }

  /** The seat has left: what it said is no longer compared, nor is it asked. */
  forget(seat: number): void {
    const question = this.#disagreement;
    if (question !== undefined && (question.seatA === seat || question.seatB === seat)) this.#settle();
  }

  /** A seat's answer. Both together give the verdict, or the next frames to ask about. */
  answer(seat: number, hashes: Body<"hashes">): void {
    if (!this.awaits(seat)) return;
    const states = hashes.states.items.slice(0, hashes.states.count).map((hash) => ({ ...hash }));
    this.#answers[seat] = { begin: hashes.begin, states };
    const question = this.#disagreement!;
    const a = this.#answers[question.seatA];
    const b = this.#answers[question.seatB];
    if (a !== undefined && b !== undefined) this.#compare(question, a, b);
  }

  #compare(question: Disagreement, a: Answer, b: Answer): void {
    const begin = Math.max(a.begin, b.begin);
    const end = Math.min(a.begin + a.states.length, b.begin + b.states.length);
    for (let frame = begin; frame < end; frame++) {
      const mine = a.states[frame - a.begin]!;
      const theirs = b.states[frame - b.begin]!;
      const state = mine.low !== theirs.low || mine.high !== theirs.high;
      if (!state && mine.inputs === theirs.inputs) continue;
      const { seatA, seatB } = question;
      this.#verdict = { frame, verdict: state ? "state" : "inputs", seatA, seatB, a: mine, b: theirs };
      this.#excluded[seatA] = true;
      this.#excluded[seatB] = true;
      this.#settle();
      return;
    }
    // Equal so far: the difference lies behind, or there is none and somebody lied.
    if (end > question.begin && end < question.end) {
      question.begin = end;
      this.#answers.fill(undefined);
      return;
    }
    this.unfounded += 1;
    this.#settle();
  }

  #settle(): void {
    this.#disagreement = undefined;
    this.#answers.fill(undefined);
  }
}
