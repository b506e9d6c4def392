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

export class Agreement {
  readonly #seats: Reports[];
  readonly #answers: (StateHash[] | undefined)[];
  #answersBegin: number[];
  #disagreement: Disagreement | undefined;
  #verdict: Verdict | undefined;
  /** Every present seat reported the same chain at this frame. */
  agreedEnd = 0;

  constructor(seats: number) {
    this.#seats = Array.from({ length: seats }, () => new Reports());
    this.#answers = new Array<StateHash[] | undefined>(seats).fill(undefined);
    this.#answersBegin = new Array<number>(seats).fill(0);
  }

  get disagreement(): Disagreement | undefined {
    return this.#disagreement;
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** A seat's chain value at an aligned frame, compared with those of all seats that are `present`. */
  report(seat: number, frame: number, value: number, present: readonly boolean[]): void {
    if (frame % REPORT_EVERY_FRAMES !== 0 || this.#disagreement !== undefined) return;
    const mine = this.#seats[seat]!;
    mine.frames[mine.slot(frame)] = frame;
    mine.values[mine.slot(frame)] = value;
    let all = true;
    for (let other = 0; other < this.#seats.length; other++) {
      const theirs = this.#seats[other]!;
      if (!present[other]) continue;
      if (!theirs.has(frame)) all = false;
      else if (theirs.values[theirs.slot(frame)] !== value) {
        const [seatA, seatB] = seat < other ? [seat, other] : [other, seat];
        this.#disagreement = { seatA, seatB, begin: this.agreedEnd, end: frame };
        return;
      }
    }
    if (all) this.agreedEnd = Math.max(this.agreedEnd, frame);
  }

  /** Whether a seat still owes its hashes of the frames in question. */
  awaits(seat: number): boolean {
    const question = this.#disagreement;
    if (question === undefined || this.#verdict !== undefined) return false;
    return (seat === question.seatA || seat === question.seatB) && this.#answers[seat] === undefined;
  }

  /** A seat's answer. Both together give the verdict. */
  answer(seat: number, hashes: Body<"hashes">): void {
    if (!this.awaits(seat)) return;
    this.#answers[seat] = hashes.states.items.slice(0, hashes.states.count).map((hash) => ({ ...hash }));
    this.#answersBegin[seat] = hashes.begin;
    const { seatA, seatB } = this.#disagreement!;
    const a = this.#answers[seatA];
    const b = this.#answers[seatB];
    if (a === undefined || b === undefined) return;
    const begin = Math.max(this.#answersBegin[seatA]!, this.#answersBegin[seatB]!);
    const end = Math.min(this.#answersBegin[seatA]! + a.length, this.#answersBegin[seatB]! + b.length);
    for (let frame = begin; frame < end; frame++) {
      const mine = a[frame - this.#answersBegin[seatA]!]!;
      const theirs = b[frame - this.#answersBegin[seatB]!]!;
      const state = mine.low !== theirs.low || mine.high !== theirs.high;
      if (!state && mine.inputs === theirs.inputs) continue;
      this.#verdict = { frame, verdict: state ? "state" : "inputs", seatA, seatB, a: mine, b: theirs };
      return;
    }
  }
}
