// After a disagreement: asks all sides for their hashes, tells everybody the verdict, and passes evidence between two.
import { writeExhibit } from "../../session/evidence/exhibit.js";
import { EVIDENCE, ParcelOut, TRUTH } from "../../session/evidence/parcel.js";
import { Donor } from "../../session/evidence/truth.js";
import { AUTHORITY } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";
import type { Verdict } from "./judgement.js";

/** A question or verdict may be lost: it is said four times, a frame apart, and then when an answer could have come. */
const SOON_TIMES = 4;
const SOON_MS = 16;
const LATER_MS = 100;

/**
 * A verdict is told to each until he acknowledged something new after so many of them: a silent path counts for nothing,
 * and at 10 % loss all ten are lost once in ten thousand million times.
 */
const VERDICTS_TOLD = 10;

/** Evidence datagrams passed on in one match: two states of the largest game, with every repeat. */
const EVIDENCE_MAX = 40_000;

/** Of so many verdicts the authority's evidence is kept, for who lacks a piece of it: one of every seat. */
const EXHIBITS_KEPT = 16;

/** Heals of one seat: who is wrong again and again is let go on as he is. */
const HEALS_MAX = 8;

const KINDS: readonly Verdict["verdict"][] = ["state", "inputs", "chain"];

type Evidence =
  | { type: "parcel"; body: Body<"parcel"> }
  | { type: "lacking"; body: Body<"lacking"> }
  | { type: "heal"; body: Body<"heal"> };

/** When something is to be said again. */
class Repeats {
  count = 0;
  #at = -Infinity;

  due(now: number): boolean {
    if (now < this.#at) return false;
    this.count += 1;
    this.#at = now + (this.count < SOON_TIMES ? SOON_MS : LATER_MS);
    return true;
  }
}

/** One of those a verdict is told to. */
interface Hearer {
  seat: Seat;
  /** Tellings after which he acknowledged something new; and all that he had acknowledged then. */
  heard: number;
  received: number;
}

export class Inquiry {
  #asking = new Repeats();
  /** What was asked about last. */
  #asked = { begin: 0, end: 0 };
  /** For each verdict: when it is told again, and to whom. */
  readonly #telling: { repeats: Repeats; hearers: Hearer[] }[] = [];
  /** The authority's evidence, for the other party. */
  readonly #exhibits: { seat: number; serial: number; out: ParcelOut }[] = [];
  #donor: Donor | undefined;
  /** Heals by seat, and which verdicts were healed. */
  readonly #heals: number[] = [];
  readonly #healed = new Set<number>();
  #passed = 0;

  /** Repeats what has to be repeated. Answers a verdict when one was reached. */
  tick(match: Match, outbox: Outbox, now: number): Verdict | undefined {
    const { agreement } = match;
    if (agreement.dispute === undefined && agreement.verdicts.length === 0) return undefined;
    this.#askAuthority(match);
    const verdict = agreement.tick(match.present(), now);
    if (verdict !== undefined) this.#exhibit(match, verdict, agreement.verdicts.length - 1);
    for (let serial = 0; serial < agreement.verdicts.length; serial++) this.#tell(match, serial, outbox, now);
    this.#ask(match, outbox, now);
    this.#post(match, outbox, now);
    return verdict;
  }

  #askAuthority({ agreement, authority }: Match): void {
    if (authority === undefined || !agreement.awaits(AUTHORITY)) return;
    const { witness } = authority;
    const hashes = blank("hashes");
    witness.hashes(agreement.dispute!.begin, agreement.dispute!.end, hashes);
    agreement.answer(AUTHORITY, hashes);
    witness.leaves(hashes.begin, hashes.states.count, (leaves) => agreement.leaves(AUTHORITY, leaves));
  }

  #ask({ agreement, seats }: Match, outbox: Outbox, now: number): void {
    const { dispute } = agreement;
    if (dispute === undefined) return;
    if (dispute.begin !== this.#asked.begin || dispute.end !== this.#asked.end) this.#asking = new Repeats();
    this.#asked = { ...dispute };
    if (!this.#asking.due(now)) return;
    for (const seat of seats)
      if (seat?.present && agreement.awaits(seat.index)) outbox.post(seat.peer, "hashQuery", this.#asked);
  }

  #tell({ agreement, seats }: Match, serial: number, outbox: Outbox, now: number): void {
    this.#telling[serial] ??= { repeats: new Repeats(), hearers: hearersOf(seats) };
    const { repeats, hearers } = this.#telling[serial];
    if (hearers.length === 0 || !repeats.due(now)) return;
    const { verdict, blamed, blocks, ...found } = agreement.verdicts[serial]!;
    const desync = blank("desync");
    Object.assign(desync, found, {
      serial,
      verdict: KINDS.indexOf(verdict),
      blocks: { count: blocks.length, items: blocks },
    });
    for (const seat of blamed) desync.blamed |= 1 << seat;
    for (let i = hearers.length - 1; i >= 0; i--) {
      const hearer = hearers[i]!;
      if (hearer.seat.present) outbox.post(hearer.seat.peer, "desync", desync);
      const received = sum(hearer.seat.received);
      if (received > hearer.received) hearer.heard += 1;
      hearer.received = received;
      if (hearer.heard >= VERDICTS_TOLD || !hearer.seat.present) hearers.splice(i, 1);
    }
  }

  /** The authority is a party: what it has to show goes out with the verdict. */
  #exhibit({ authority }: Match, { frame, verdict, blocks, seatA, seatB }: Verdict, serial: number): void {
    if (authority === undefined || (seatA !== AUTHORITY && seatB !== AUTHORITY)) return;
    const seat = seatA === AUTHORITY ? seatB : seatA;
    const exhibit = authority.witness.exhibit(frame, KINDS.indexOf(verdict), blocks);
    const out = new ParcelOut({ kind: EVIDENCE, serial, seat: AUTHORITY }, writeExhibit(exhibit));
    this.#exhibits.push({ seat, serial, out });
    if (this.#exhibits.length > EXHIBITS_KEPT) this.#exhibits.shift();
  }

  #post({ seats }: Match, outbox: Outbox, now: number): void {
    const peerOf = (seat: number): number | undefined => (seats[seat]?.present ? seats[seat].peer : undefined);
    for (const { seat, out } of this.#exhibits) {
      const peer = peerOf(seat);
      if (peer !== undefined) out.post(outbox, peer, now);
    }
    this.#donor?.tick(outbox, peerOf, now, AUTHORITY);
  }

  /** Passes evidence to the other party. False when it is none of theirs, or there was too much. */
  passOn(match: Match, from: Seat, message: Evidence, outbox: Outbox, now: number): boolean {
    const verdict = match.agreement.verdicts[message.body.serial];
    if (verdict === undefined || this.#passed >= EVIDENCE_MAX) return false;
    this.#passed += 1;
    if (message.type === "heal") return this.#askForTruth(match, verdict, from, message.body, outbox, now);
    const { kind, seat: to } = message.body;
    if (from.index === to || !mayTalk(verdict, kind, from.index, to)) return false;
    if (to === AUTHORITY) {
      if (message.type === "lacking") this.#lacks(message.body);
      return true;
    }
    const seat = match.seats[to];
    if (!seat?.present) return true; // he left, and nobody could have known
    message.body.seat = from.index;
    if (message.type === "parcel") outbox.post(seat.peer, "parcel", message.body);
    else outbox.post(seat.peer, "lacking", message.body);
    return true;
  }

  #lacks(lacking: Body<"lacking">): void {
    if (lacking.kind === TRUTH) this.#donor?.onLacking(lacking);
    else for (const { serial, out } of this.#exhibits) if (serial === lacking.serial) out.lacks(lacking);
  }

  /** Somebody was found wrong and wants the truth: from the authority, or from one of those who are right. */
  #askForTruth(match: Match, verdict: Verdict, from: Seat, heal: Body<"heal">, outbox: Outbox, now: number): boolean {
    if (!verdict.blamed.includes(from.index)) return false;
    const { authority, agreement } = match;
    heal.seat = from.index;
    if (authority !== undefined) {
      const badFrame = (serial: number): number | undefined => agreement.verdicts[serial]?.frame;
      this.#donor ??= new Donor(authority.simulation, authority.witness, badFrame);
      this.#donor.onHeal(heal, now);
      this.#post(match, outbox, now);
      return true;
    }
    const right = match.seats.filter((seat) => seat?.present && agreement.isCompared(seat.index)) as Seat[];
    // Another frame, another donor: the one before may be gone, or wrong by now.
    const donor = right[heal.frame % right.length];
    if (donor !== undefined) outbox.post(donor.peer, "heal", heal);
    return true;
  }

  /** He has taken over the truth. "again": he is compared again from now on. */
  healed({ agreement }: Match, seat: number, { serial, frame }: Body<"healed">): "again" | "known" | "stranger" {
    if (agreement.verdicts[serial]?.blamed.includes(seat) !== true) return "stranger";
    const heals = this.#heals[seat] ?? 0;
    const key = serial * 256 + seat;
    if (this.#healed.has(key) || heals >= HEALS_MAX) return "known";
    this.#healed.add(key);
    this.#heals[seat] = heals + 1;
    agreement.readmit(seat, frame);
    return "again";
  }
}

function hearersOf(seats: readonly (Seat | undefined)[]): Hearer[] {
  const present = seats.filter((seat) => seat?.present) as Seat[];
  return present.map((seat) => ({ seat, heard: 0, received: Infinity }));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Evidence is between the two parties; the truth goes from who is right to who was blamed. */
function mayTalk({ seatA, seatB, blamed }: Verdict, kind: number, a: number, b: number): boolean {
  if (kind === EVIDENCE) return (seatA === a && seatB === b) || (seatA === b && seatB === a);
  return blamed.includes(a) !== blamed.includes(b);
}
