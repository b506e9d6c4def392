// Makes a failing match small: takes away frames and inputs that the failure does not need, as long as it fails the same way.
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import { type Failure, sameWay, type Trial } from "./failure.js";
import type { Tape, Weight } from "./tape.js";

export interface Round {
  readonly what: string;
  readonly weight: Weight;
}

export interface Minimised {
  readonly tape: Tape;
  readonly failure: Failure;
  /** The table of the shrinking: the match as it was, then what each round left of it. */
  readonly rounds: readonly Round[];
  /** Tapes that were played, and frames simulated for it. */
  readonly trials: number;
  readonly played: number;
  /** The budget was used up before nothing helped any more. */
  readonly stopped: boolean;
}

/**
 * Delta debugging (Zeller, Hildebrandt 2002): the largest steps first, and each that still fails is kept, until no step
 * helps any more or `budget` frames were simulated. Nothing here is by chance: the same match shrinks to the same one.
 * Undefined when the match does not fail. `onRound` hears of each round as it is over.
 */
export function minimise(
  tape: Tape,
  trial: Trial,
  options: { budget: number; onRound?: (round: Round) => void },
): Minimised | undefined {
  const first = trial(tape);
  if (first.failure === undefined) return undefined;
  const rounds: Round[] = [];
  const tell = (what: string, weight: Weight): void => {
    const last = rounds.at(-1)?.weight;
    if (last !== undefined && !lighter({ ...weight, bits: last.bits }, last)) return;
    rounds.push({ what, weight });
    options.onRound?.({ what, weight });
  };
  tell("as recorded", tape.weight());
  const shrinking = new Shrinking(tape, first.failure, trial, options.budget - first.played);
  tell("until it fails", shrinking.weight);
  for (let before: Tape | undefined; before !== shrinking.best && !shrinking.stopped; ) {
    before = shrinking.best;
    for (const [what, pass] of PASSES) {
      pass(shrinking);
      tell(what, shrinking.weight);
    }
  }
  const { best, failure, trials, stopped, budget } = shrinking;
  return { tape: best, failure, rounds, trials: trials + 1, played: options.budget - budget, stopped };
}

/** Fewer frames before anything else, then less to be pressed. */
function lighter(a: Weight, b: Weight): boolean {
  const [ofA, ofB] = [a, b].map(({ frames, pressed, turns, bits }) => [frames, pressed + turns, bits]);
  const at = ofA!.findIndex((value, i) => value !== ofB![i]);
  return at >= 0 && ofA![at]! < ofB![at]!;
}

class Shrinking {
  best: Tape;
  failure: Failure;
  weight: Weight;
  trials = 0;
  budget: number;
  stopped = false;
  readonly #original: Failure;
  readonly #trial: Trial;

  constructor(tape: Tape, failure: Failure, trial: Trial, budget: number) {
    this.best = tape.until(failure.needed);
    this.weight = this.best.weight();
    this.failure = failure;
    this.#original = failure;
    this.#trial = trial;
    this.budget = budget;
  }

  /** Keeps the candidate where it is lighter and fails the same way. */
  keep(candidate: Tape): boolean {
    if (this.stopped || !lighter(candidate.weight(), this.weight)) return false;
    const { failure, played } = this.#trial(candidate);
    this.trials += 1;
    this.budget -= played;
    this.stopped = this.budget <= 0;
    if (failure === undefined || !sameWay(this.#original, failure)) return false;
    this.failure = failure;
    this.best = candidate.until(failure.needed);
    this.weight = this.best.weight();
    return true;
  }

  /** Tries every stretch of frames, from all of them down to each one. */
  stretches(simpler: (begin: number, end: number) => Tape): void {
    for (let size = this.best.frames; size >= 1 && !this.stopped; size >>= 1) {
      for (let at = 0; at < this.best.frames; at += size) this.keep(simpler(at, Math.min(at + size, this.best.frames)));
    }
  }
}

type Pass = (shrinking: Shrinking) => void;

const PASSES: readonly (readonly [string, Pass])[] = [
  ["frames taken out", dropFrames],
  [
    "inputs left out",
    (shrinking) => eachSeat(shrinking, (seat, begin, end) => shrinking.best.neutral(seat, begin, end)),
  ],
  ["inputs held", (shrinking) => eachSeat(shrinking, (seat, begin, end) => shrinking.best.held(seat, begin, end))],
  ["buttons let go", clearBits],
];

/** From the end, so that what led to the failure stays together as long as it can. */
function dropFrames(shrinking: Shrinking): void {
  for (let size = shrinking.best.frames >> 1; size >= 1 && !shrinking.stopped; size >>= 1) {
    for (let end = shrinking.best.frames; end > 0; end -= size) {
      const until = Math.min(end, shrinking.best.frames);
      shrinking.keep(shrinking.best.without(Math.max(0, until - size), until));
    }
  }
}

function eachSeat(shrinking: Shrinking, simpler: (seat: number, begin: number, end: number) => Tape): void {
  const { players } = shrinking.best.config;
  for (let seat = 0; seat < players; seat++) {
    shrinking.stretches((begin, end) => simpler(seat, begin, end));
    // And what was pressed from one turn to the next, wherever that begins.
    for (let i = 0, turns = shrinking.best.turns(seat); i < turns.length; turns = shrinking.best.turns(seat)) {
      const kept = shrinking.keep(simpler(seat, turns[i]!, turns[i + 1] ?? shrinking.best.frames));
      if (!kept) i += 1;
    }
  }
}

function clearBits(shrinking: Shrinking): void {
  const { config, cellBytes } = shrinking.best;
  for (let seat = 0; seat < config.players; seat++) {
    for (const bit of bitsUsed(shrinking.best, seat * cellBytes, cellBytes)) {
      shrinking.stretches((begin, end) => shrinking.best.cleared(seat, bit, begin, end));
    }
  }
}

/** The bits that any input of the cell sets. */
function bitsUsed(tape: Tape, cell: number, cellBytes: number): number[] {
  const used = new Uint8Array(cellBytes - CELL_HEADER_BYTES);
  for (let frame = 0; frame < tape.frames; frame++) {
    const record = tape.record(frame);
    for (let i = 0; i < used.length; i++) used[i]! |= record[cell + CELL_HEADER_BYTES + i]!;
  }
  return Array.from({ length: 8 * used.length }, (_, bit) => bit).filter((bit) => (used[bit >> 3]! >> (bit & 7)) & 1);
}
