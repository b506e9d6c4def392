// Who is wrong, and from which frame on: the judgement over parties whose hash chains differ.
import { AUTHORITY } from "../../wire/limits.js";

export interface StateHash {
  low: number;
  high: number;
  inputs: number;
}

/** One party's answer: the hashes of the frames from `begin` on. */
export interface Answer {
  begin: number;
  states: StateHash[];
}

/** A party to the dispute: its chain value at the end, and its hashes, if it gave them. */
export interface Witness {
  name: number;
  chain: number;
  answer: Answer | undefined;
}

/** The first frame whose state or inputs differ; "chain": states and inputs are equal, and the chain is not theirs. */
export interface Verdict {
  frame: number;
  verdict: "state" | "inputs" | "chain";
  /** Seats that are wrong: not with the authority, or not with the majority. None where there is no majority. */
  blamed: number[];
  /** So many parties, of so many that were compared, have the same. */
  agree: number;
  of: number;
  /** Two that differ, the first of them a blamed one where there is one; AUTHORITY may be the other. */
  seatA: number;
  seatB: number;
  a: StateHash;
  b: StateHash;
  /** The frame at which chains were seen to differ. */
  noticed: number;
  /** Which blocks of the two states differ, the first of them, where both told what is in them. */
  blocks: number[];
}

/**
 * "further": equal up to `begin`, ask again from there. "unfounded": nothing differs but the chains, up to where states
 * are known; `verdict` is what that would come to. "settled": those who differed have left.
 */
export type Judgement =
  | { kind: "verdict"; verdict: Verdict }
  | { kind: "further"; begin: number }
  | { kind: "unfounded"; verdict: Verdict; equalUntil: number }
  | { kind: "settled" };

/** The chains agreed at `begin` and differ at `end`. */
export function judge({ begin, end }: { begin: number; end: number }, witnesses: Witness[]): Judgement {
  const camps = campsOf(witnesses);
  if (camps.length < 2) return { kind: "settled" };
  const right = camps.find((camp) => camp.some(({ name }) => name === AUTHORITY)) ?? majority(camps, witnesses.length);
  const measure = right ?? camps[0]!;
  const others = camps.filter((camp) => camp !== measure).flat();
  const parting = inOrder(firstParting(measure, others, begin, end), right !== undefined);
  const verdict: Verdict = {
    frame: parting.frame,
    verdict: parting.kind,
    blamed: right === undefined ? [] : others.map(({ name }) => name),
    agree: Math.max(...camps.map((camp) => camp.length)),
    of: witnesses.length,
    seatA: parting.one.name,
    seatB: parting.other.name,
    a: parting.a,
    b: parting.b,
    noticed: end,
    blocks: [],
  };
  if (right !== undefined) verdict.agree = right.length;
  if (parting.kind !== "chain") return { kind: "verdict", verdict };
  if (parting.equalUntil > begin && parting.equalUntil < end) return { kind: "further", begin: parting.equalUntil };
  return { kind: "unfounded", verdict, equalUntil: parting.equalUntil };
}

/** Those who have the same chain, in the order in which the first of each comes. */
function campsOf(witnesses: Witness[]): Witness[][] {
  const camps = new Map<number, Witness[]>();
  for (const witness of witnesses) camps.set(witness.chain, [...(camps.get(witness.chain) ?? []), witness]);
  return [...camps.values()];
}

function majority(camps: Witness[][], voters: number): Witness[] | undefined {
  return camps.find((camp) => 2 * camp.length > voters);
}

/** Where the first of `others` parts from those who are the measure; "chain" where none is seen to. */
interface Parting {
  kind: "state" | "inputs" | "chain";
  frame: number;
  one: Witness;
  other: Witness;
  a: StateHash;
  b: StateHash;
  /** States and inputs of the frames before are known, and equal. */
  equalUntil: number;
}

function firstParting(measure: Witness[], others: Witness[], begin: number, end: number): Parting {
  const answered = others.filter(({ answer }) => answer !== undefined);
  let equalUntil = begin;
  for (let frame = begin; frame < end; frame++) {
    const speaker = speakerAt(measure, frame);
    if (speaker === undefined) continue;
    const b = hashAt(speaker, frame)!;
    let known = answered.length > 0;
    for (const one of answered) {
      const a = hashAt(one, frame);
      if (a === undefined) known = false;
      else if (!same(a, b))
        return { kind: sameState(a, b) ? "inputs" : "state", frame, one, other: speaker, a, b, equalUntil };
    }
    if (known) equalUntil = frame + 1;
  }
  const [one, other] = [others[0]!, measure[0]!];
  const [a, b] = [one, other].map(({ chain }) => ({ low: chain >>> 0, high: 0, inputs: 0 })) as [StateHash, StateHash];
  return { kind: "chain", frame: end, one, other, a, b, equalUntil };
}

/** Whom nobody blames stands in the order of the seats. */
function inOrder(parting: Parting, blamed: boolean): Parting {
  const { one, other, a, b } = parting;
  return blamed || one.name < other.name ? parting : { ...parting, one: other, other: one, a: b, b: a };
}

/** Who speaks for the measure at a frame: the authority, else one of those who say what most of them say. */
function speakerAt(measure: Witness[], frame: number): Witness | undefined {
  const authority = measure.find(({ name }) => name === AUTHORITY);
  if (authority !== undefined) return hashAt(authority, frame) && authority;
  let speaker: Witness | undefined;
  let most = 0;
  for (const witness of measure) {
    const hash = hashAt(witness, frame);
    const alike = measure.filter((other) => same(hashAt(other, frame), hash)).length;
    if (hash === undefined || alike <= most) continue;
    speaker = witness;
    most = alike;
  }
  return speaker;
}

function hashAt({ answer }: Witness, frame: number): StateHash | undefined {
  return answer?.states[frame - answer.begin];
}

function same(a: StateHash | undefined, b: StateHash | undefined): boolean {
  return a !== undefined && b !== undefined && sameState(a, b) && a.inputs === b.inputs;
}

function sameState(a: StateHash, b: StateHash): boolean {
  return a.low === b.low && a.high === b.high;
}
