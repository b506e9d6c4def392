// Do all compute the same? Compares the hash chains of the seats, and of the authority; what is in dispute goes to judgement.
import { differingBlocks } from "../../session/evidence/blocks.js";
import { AUTHORITY, BLOCKS_TOLD_MAX, EVIDENCE_BYTES, HASHES_MAX, REPORT_EVERY_FRAMES } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import { type Answer, judge, type Verdict, type Witness } from "./judgement.js";

/** Aligned chain values kept of each party: four seconds at 60 frames per second and one value every four frames. */
const VALUES_KEPT = 64;

/** Who is so far behind with his reports is not waited for: what he says of older frames can't be compared any more. */
const BEHIND_FRAMES = VALUES_KEPT * REPORT_EVERY_FRAMES;

/** After this a dispute is judged by those who have answered: ten round trips of the worst path anybody plays on. */
const DISPUTE_MS = 3000;

/**
 * Disputes in a row that a party may begin with states that turn out equal. One can be a datagram that a raw carrier
 * damaged; who does it time after time sends numbers that are no hashes.
 */
const UNFOUNDED_MAX = 4;

/** After such a dispute there is no other for so long: who lies now and then cannot keep all others hashing and copying. */
const QUIET_FRAMES = 64;

/** Somewhere in [begin, end) parties part: all chains agreed at `begin` and differ at `end`. */
export interface Dispute {
  begin: number;
  end: number;
}

/** What one party reported. */
class Party {
  /** Its number in messages: a seat, or AUTHORITY. */
  readonly name: number;
  readonly #frames = new Float64Array(VALUES_KEPT).fill(-1);
  readonly #values = new Int32Array(VALUES_KEPT);
  /** False for who was found wrong: he is compared no more. */
  compared = true;
  newest = 0;
  answer: Answer | undefined;
  /** Of the frames in question, the hashes of each state's blocks; none of a state that he no longer holds. */
  readonly blocks = new Map<number, Uint8Array>();
  /** What he reports of earlier frames is of a state that he has given up. */
  from = 0;
  /** Disputes in a row that he began for nothing. */
  unfounded = 0;

  constructor(name: number) {
    this.name = name;
  }

  report(frame: number, value: number): void {
    const slot = (frame / REPORT_EVERY_FRAMES) % VALUES_KEPT;
    this.#frames[slot] = frame;
    this.#values[slot] = value;
    this.newest = Math.max(this.newest, frame);
  }

  has(frame: number): boolean {
    return this.#frames[(frame / REPORT_EVERY_FRAMES) % VALUES_KEPT] === frame;
  }

  value(frame: number): number {
    return this.#values[(frame / REPORT_EVERY_FRAMES) % VALUES_KEPT]!;
  }

  /** Whether he has told all that he was asked for. */
  get answered(): boolean {
    if (this.answer === undefined) return false;
    const { begin, states } = this.answer;
    for (let frame = begin; frame < begin + states.length; frame++) if (!this.blocks.has(frame)) return false;
    return true;
  }

  retract(): void {
    this.answer = undefined;
    this.blocks.clear();
  }

  testify(frame: number): Witness {
    return { name: this.name, chain: this.value(frame), answer: this.answer };
  }

  /** Takes one value back. */
  unsay(frame: number): void {
    if (this.has(frame)) this.#frames[(frame / REPORT_EVERY_FRAMES) % VALUES_KEPT] = -1;
  }

  /** Somebody else sits there, or the same again with another state. */
  renew(): void {
    this.#frames.fill(-1);
    this.compared = true;
    this.newest = 0;
    this.from = 0;
    this.unfounded = 0;
    this.retract();
  }
}

/**
 *   report: chains differ --> dispute: all are asked for their hashes --> judged at a tick: a verdict, or nothing
 *
 * With an authority its chain is the truth, and who differs is wrong. Without one, the majority is right where there is
 * one; else the verdict blames nobody and all comparing ends, since there is nothing left to hold anybody against. One
 * liar alone is never a majority, so he only marks himself; his victims could be made of two players only.
 */
export class Agreement {
  readonly #parties: Party[];
  #dispute: Dispute | undefined;
  /** Judged by this time; undefined until the next tick says what time it is. */
  #judgedAt: number | undefined;
  #undecided = false;
  #quietUntil = 0;
  /** Up to this frame all states turned out equal, whatever the chains said. */
  #equalUntil = 0;
  readonly verdicts: Verdict[] = [];
  /** Every present party that is compared reported the same chain at this frame. */
  agreedEnd = 0;
  /** Disputes that came to nothing: the hashes behind differing chains were equal, or gone. */
  unfounded = 0;

  constructor(seats: number) {
    this.#parties = Array.from({ length: seats }, (_, seat) => new Party(seat));
  }

  get dispute(): Dispute | undefined {
    return this.#dispute;
  }

  get #authority(): Party | undefined {
    const last = this.#parties.at(-1);
    return last?.name === AUTHORITY ? last : undefined;
  }

  /** From now on the sequencer's own simulation is the measure. */
  appoint(): void {
    if (this.#authority === undefined) this.#parties.push(new Party(AUTHORITY));
  }

  /** The sequencer's simulation has ended: the seats are compared with each other. */
  dismiss(): void {
    if (this.#authority !== undefined) this.#parties.pop();
  }

  #party(name: number): Party | undefined {
    return name === AUTHORITY ? this.#authority : this.#parties[name];
  }

  /** A party's chain value at an aligned frame, as a signed number, compared with those of all others that are `present`. */
  report(name: number, frame: number, value: number, present: readonly boolean[]): void {
    const mine = this.#party(name);
    if (frame % REPORT_EVERY_FRAMES !== 0 || !mine?.compared || frame <= mine.from) return;
    mine.report(frame, value);
    if (this.#dispute !== undefined || this.#undecided) return;
    let all = true;
    for (let i = 0; i < this.#parties.length; i++) {
      const other = this.#parties[i]!;
      if (!other.compared || !isPresent(other, present)) continue;
      if (!other.has(frame)) all &&= other.newest + BEHIND_FRAMES < frame;
      else if (other.value(frame) !== value) {
        if (frame >= this.#quietUntil) this.#dispute = { begin: this.#beginOf(frame, mine, other), end: frame };
        return;
      }
    }
    if (!all || frame <= this.agreedEnd) return;
    this.agreedEnd = frame;
    for (let i = 0; i < this.#parties.length; i++) this.#parties[i]!.unfounded = 0;
  }

  /** Since when those may differ who do at `frame`; who came in late reports frames, too, that the others had agreed on. */
  #beginOf(frame: number, one: Party, other: Party): number {
    const equalUntil = Math.max(this.agreedEnd, this.#equalUntil);
    return equalUntil < frame ? equalUntil : Math.max(one.from, other.from);
  }

  /** Whether a party still owes its hashes of the frames in question. */
  awaits(name: number): boolean {
    const party = this.#party(name);
    return this.#dispute !== undefined && party?.compared === true && !party.answered;
  }

  /** False for who was found wrong, or has nobody to be compared with. */
  isCompared(name: number): boolean {
    return this.#party(name)?.compared === true;
  }

  /** A party's answer; one that does not reach as far as it was asked is asked for again. */
  answer(name: number, hashes: Body<"hashes">): void {
    if (!this.awaits(name)) return;
    const { begin, end } = this.#dispute!;
    const answered = hashes.begin + hashes.states.count;
    if (answered < Math.min(end, begin + HASHES_MAX)) return;
    const party = this.#party(name)!;
    const states = hashes.states.items.slice(0, hashes.states.count).map((hash) => ({ ...hash }));
    party.answer ??= { begin: hashes.begin, states };
    // Each value is reported once, and that one may have been lost.
    if (answered === end && !party.has(end)) party.report(end, hashes.chain | 0);
  }

  /**
   * What is in a party's states, as many as fit a datagram; those of them that are missing, at its beginning or its end, he no
   * longer holds. With an answer that was too short come leaves of as few: there he had not played the others yet.
   */
  leaves(name: number, { begin, each, hashes }: Body<"leaves">): void {
    const party = this.#party(name);
    if (!this.awaits(name) || party?.answer === undefined) return;
    const perDatagram = Math.floor(EVIDENCE_BYTES / (4 * each));
    const from = begin - ((begin - party.answer.begin) % perDatagram);
    const end = Math.min(this.#dispute!.end, from + perDatagram);
    for (let frame = Math.max(from, this.#dispute!.begin); frame < end; frame++) {
      const at = (frame - begin) * 4 * each;
      party.blocks.set(frame, frame < begin ? NOTHING : hashes.slice(at, at + 4 * each));
    }
  }

  /** The seat has left: what it said is no longer compared, nor is it asked. */
  forget(seat: number): void {
    const party = this.#parties[seat]!;
    const { compared } = party;
    party.renew();
    party.compared = compared;
  }

  /** Somebody plays the seat again from a state that was checked: he is compared like anybody, behind `from`. */
  readmit(seat: number, from = 0): void {
    const party = this.#parties[seat]!;
    party.renew();
    party.from = from;
  }

  /** Judges a dispute once everybody has answered, or had the time to. */
  tick(present: readonly boolean[], now: number): Verdict | undefined {
    const dispute = this.#dispute;
    if (dispute === undefined) return undefined;
    this.#judgedAt ??= now + DISPUTE_MS;
    const asked = this.#parties.filter((party) => party.compared && isPresent(party, present));
    const complete = (party: Party): boolean => party.has(dispute.end) && party.answered;
    const authority = this.#authority;
    if (authority !== undefined && !complete(authority)) return undefined; // it plays what all have played, so it will come
    if (now < this.#judgedAt && !asked.every(complete)) return undefined;
    return this.#judge(
      dispute,
      asked.filter((party) => party.has(dispute.end)),
    );
  }

  #judge(dispute: Dispute, voters: Party[]): Verdict | undefined {
    const judgement = judge(
      dispute,
      voters.map((party): Witness => party.testify(dispute.end)),
    );
    switch (judgement.kind) {
      case "verdict":
        return this.#found(judgement.verdict);
      case "further":
        dispute.begin = judgement.begin;
        this.#judgedAt = undefined;
        for (const party of this.#parties) party.retract();
        return undefined;
      case "unfounded":
        this.#equalUntil = judgement.equalUntil;
        return this.#complain(dispute, voters, judgement.verdict);
      case "settled":
        this.#settle();
        return undefined;
      default:
        return judgement satisfies never;
    }
  }

  // The states are equal and the chains are not: let it pass, unless that is all that somebody has to say.
  #complain(dispute: Dispute, voters: Party[], verdict: Verdict): Verdict | undefined {
    this.unfounded += 1;
    const accused = voters.filter(({ name }) => verdict.blamed.includes(name) || verdict.blamed.length === 0);
    let most = 0;
    for (const party of accused) most = Math.max(most, ++party.unfounded);
    if (most >= UNFOUNDED_MAX) {
      const blamed = verdict.blamed.filter((name) => this.#party(name)!.unfounded >= UNFOUNDED_MAX);
      return this.#found({ ...verdict, blamed });
    }
    for (const party of accused) party.unsay(dispute.end);
    this.#quietUntil = dispute.end + QUIET_FRAMES;
    this.#settle();
    return undefined;
  }

  #found(verdict: Verdict): Verdict {
    const [one, other] = [verdict.seatA, verdict.seatB].map((name) => this.#party(name)?.blocks.get(verdict.frame));
    if (verdict.verdict === "state" && one?.length === other?.length)
      verdict.blocks = differingBlocks(one ?? NOTHING, other ?? NOTHING, BLOCKS_TOLD_MAX);
    this.verdicts.push(verdict);
    for (const name of verdict.blamed) this.#party(name)!.compared = false;
    if (verdict.blamed.length === 0) this.#undecided = true;
    this.#settle();
    return verdict;
  }

  #settle(): void {
    this.#dispute = undefined;
    this.#judgedAt = undefined;
    for (const party of this.#parties) party.retract();
  }
}

const NOTHING = new Uint8Array(0);

function isPresent({ name }: Party, present: readonly boolean[]): boolean {
  return name === AUTHORITY || present[name] === true;
}
