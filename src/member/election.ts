// Who sequences the match next: silence, ballots and promises. It knows nothing of inputs; whoever has them is told when.

import { nextEpoch, rankAfter, seatOf } from "./ballot.js";
import { hasMajorityOf } from "./majority.js";
import { type Cause, type Role, turned } from "./role.js";

/**
 * Silence of the sequencer after which another one is looked for: it speaks every frame, so that ninety datagrams are
 * lost in a row, or a page sleeps. A second is told to people as silence, and pauses of garbage collectors are shorter.
 */
export const SILENCE_MS = 1500;

/** One after the other around the table: the first has asked and heard from the farthest when the next would begin. */
const STAGGER_MS = 300;

/** Who has heard the sequencer this lately would not follow another one. */
const STICKY_MS: number = SILENCE_MS / 2;

/** Time between two questions, and without a majority until it is said that the match is suspended. */
const ASK_AGAIN_MS = 100;
const SUSPENDED_MS = 600;

/** Time between two claims, which a new piece of what is lacking shortens; and how long all is collected at most. */
const CLAIM_AGAIN_MS = 50;
const COLLECT_MS = 300;
const CLAIM_MS = 2000;

/** Time between two requests to be taken into an epoch that runs, and two questions who sequences. */
const ENTER_AGAIN_MS = 100;
const INQUIRE_AGAIN_MS = 500;

/** So long who is heard in a later epoch may keep us waiting for an answer; then as long others are looked for. */
const ENTER_MS = 4000;

/** So long nobody opens a lobby who was told that the match runs: he asks again then, and is told again. */
const FORGO_MS = 1000;

/** How the claim to a ballot came about. */
export const BY_SILENCE = 0;
export const BY_NAME = 1;
export const BY_GRANT = 2;

export interface ElectionParts {
  seats: number;
  own: number;
  /** Whether we could sequence the match at all: we play and our seat is present, or we wait for it to start. */
  electable: () => boolean;
  /** Seats that are present, by what we hold now; before the start all that there are. */
  electors: () => readonly number[];
  /** Whether all is here that a seat said it holds. */
  complete: (seat: number) => boolean;
  ask: () => void;
  claim: () => void;
  enter: () => void;
  inquire: () => void;
  /** We sequence no longer. */
  stepDown: () => void;
  /** We sequence the match from this epoch on; before, we lived in another one, whose sequencer we heard then. */
  open: (epoch: number, before: { epoch: number; heardAt: number }) => void;
  tell: (suspended: boolean) => void;
}

export class Election {
  readonly #parts: ElectionParts;
  #role: Role;
  /** The epoch in which we live. */
  epoch = 0;
  /** No epoch before this one is heard any more. */
  promised = 0;
  /** The latest epoch that we know to be open. */
  rumoured = 0;
  /** The highest number that anybody was believed to speak of. */
  #noted = 0;
  /** What we ask for, or claim, and why. */
  ballot = 0;
  cause: number = BY_SILENCE;
  readonly #would = new Set<number>();
  readonly #answered = new Set<number>();
  #heardAt: number | undefined;
  #beganAt = 0;
  #sayAt = -Infinity;
  #suspended = false;
  #forgoesUntil = -Infinity;
  /** When we first heard of the latest epoch. */
  #enteredAt = 0;

  constructor(parts: ElectionParts) {
    this.#parts = parts;
    this.#role = parts.own === 0 ? "sequencing" : "following";
  }

  get role(): Role {
    return this.#role;
  }

  /** Whether what is said in our epoch still counts here. */
  get muted(): boolean {
    return this.promised > this.epoch;
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  #turn(cause: Cause, now: number): void {
    const before = this.#role;
    this.#role = turned(before, cause);
    if (before === "sequencing" && this.#role !== "sequencing") this.#parts.stepDown();
    this.#beganAt = now;
    this.#sayAt = -Infinity;
    if (this.#role === "following" || this.#role === "sequencing") this.suspend(false);
    // What somebody would have done some time ago says nothing of now.
    if (this.#role === "asking") this.#would.clear();
  }

  suspend(suspended: boolean): void {
    if (this.#suspended !== suspended) this.#parts.tell(suspended);
    this.#suspended = suspended;
  }

  /** Whether the sequencer of our epoch was heard of late, and nothing calls us away from it. */
  sticks(now: number): boolean {
    return this.#role === "following" && !this.muted && now - (this.#heardAt ?? now) < STICKY_MS;
  }

  /** The sequencer of our epoch said something. */
  heard(now: number): void {
    this.#heardAt = now;
    if (this.#role === "asking" && !this.muted) this.#turn("heard", now);
  }

  /** This machine slept: nobody was silent. */
  slept(gapMs: number, now: number): void {
    if (this.#heardAt !== undefined) this.#heardAt = Math.min(now, this.#heardAt + gapMs);
    this.#beganAt = Math.min(now, this.#beganAt + gapMs);
  }

  /** Whether we would follow somebody who asks, in the epoch in which he lives. `forgot`: we sequence what is over. */
  would({ ballot, cause }: { ballot: number; cause: number }, from: number, forgot: boolean, now: number): boolean {
    if (ballot <= this.promised || from < this.epoch) return false;
    if (cause !== BY_SILENCE) return true;
    const sticks = now - (this.#heardAt ?? now) < STICKY_MS;
    if (this.#role === "sequencing") return forgot;
    return !sticks || this.#role === "asking";
  }

  /** Somebody speaks of an epoch, whether it is ours to promise or not: our next ballot is above it. */
  note(epoch: number): void {
    this.#noted = Math.max(this.#noted, epoch);
  }

  /** The highest number that we know of. */
  get known(): number {
    return Math.max(this.promised, this.rumoured, this.#noted);
  }

  /** Promises a ballot, unless a higher one was promised, or its claimant lives in an epoch before ours. */
  promise(ballot: number, from: number, now: number): boolean {
    if (ballot < this.promised || ballot <= this.epoch || from < this.epoch) return false;
    if (ballot > this.promised) {
      this.promised = ballot;
      this.#heardAt = now;
      this.#turn("promise", now);
    }
    return true;
  }

  /** We would open a lobby, and the match runs for somebody: we wait until we can come in. */
  forgo(now: number): void {
    this.#forgoesUntil = now + FORGO_MS;
    this.suspend(false);
    if (this.#role === "claiming") this.#turn("vain", now);
  }

  #isAble(now: number): boolean {
    return now >= this.#forgoesUntil && this.#parts.electable();
  }

  /** Our sequencer hears nothing before an epoch any more, so neither do we. */
  abandon(promised: number, now: number): void {
    if (promised <= this.promised) return;
    this.promised = promised;
    this.#heardAt = now;
    this.#turn("promise", now);
  }

  /** Somebody hears nothing before an epoch any more, while we sequence an earlier one: we claim a later one for all. */
  exceed(promised: number, now: number): void {
    if (promised <= this.promised || this.#role !== "sequencing") return;
    this.abandon(promised, now);
    this.choose(BY_NAME, this.next, now);
  }

  /** A seat would follow us. */
  onWould(seat: number, ballot: number, now: number): void {
    if (this.#role !== "asking" || ballot !== this.ballot) return;
    this.#would.add(seat);
    if (hasMajorityOf(this.#parts.electors(), this.#would)) this.#claim(BY_SILENCE, ballot, now);
  }

  /** A seat has promised us our ballot. */
  onPromise(seat: number, ballot: number, now: number): void {
    if (this.#role !== "claiming" || ballot !== this.ballot) return;
    this.#answered.add(seat);
    this.#conclude(now);
  }

  /** Something of what we lack has come. */
  hurry(now: number): void {
    if (this.#role !== "claiming") return;
    this.#sayAt = -Infinity;
    this.#conclude(now);
  }

  /** The sequencer named us, or a rendezvous grants it: claims at once. False when we cannot. */
  choose(cause: number, ballot: number | undefined, now: number): boolean {
    if (ballot === undefined || ballot <= this.promised || !this.#isAble(now)) return false;
    // One claim at a time: each begins anew what the others have to answer.
    if (this.#role === "claiming" && this.cause === cause) return false;
    this.#claim(cause, ballot, now);
    return true;
  }

  /** Our first ballot above all that we know of. */
  get next(): number | undefined {
    const { own, seats } = this.#parts;
    return nextEpoch(own, seats, this.known);
  }

  #claim(cause: number, ballot: number, now: number): void {
    this.ballot = ballot;
    this.cause = cause;
    this.promised = ballot;
    this.#answered.clear();
    this.#turn("chosen", now);
  }

  /** There is a later epoch; `from` its own sequencer or not. One before what we promised is none for us. */
  onLater(epoch: number, from: number, now: number): void {
    if (epoch <= this.epoch || epoch < this.promised) return;
    if (epoch > this.rumoured) this.#enteredAt = now;
    const patient = Math.floor((now - this.#enteredAt) / ENTER_MS) % 2 === 0;
    const itself = patient && from === seatOf(epoch, this.#parts.seats);
    if (itself) this.#heardAt = now;
    // We had given it up, and it can be heard after all.
    const again = itself && epoch === this.rumoured && this.#role === "asking";
    if (epoch <= this.rumoured && !again) return;
    this.rumoured = epoch;
    this.promised = epoch;
    this.#heardAt = now;
    this.#turn("later", now);
  }

  /** We live in this epoch from now on: as a member, or outside. False when it is none for us. */
  live(epoch: number, how: "taken" | "outside", now: number): boolean {
    if (epoch <= this.epoch || epoch < this.promised) return false;
    if (how === "taken" && (this.#role === "claiming" || this.#role === "sequencing")) return false;
    this.epoch = epoch;
    this.promised = epoch;
    this.rumoured = Math.max(this.rumoured, epoch);
    this.#heardAt = now;
    this.#turn(how, now);
    return true;
  }

  tick(now: number): void {
    this.#heardAt ??= now;
    switch (this.#role) {
      case "sequencing":
        return;
      case "asking":
        this.#ask(now);
        return;
      case "claiming":
        this.#conclude(now);
        if (this.#role === "claiming") this.#collect(now);
        return;
      case "following":
      case "promised":
      case "entering":
        this.#wait(now);
        return;
      default:
        this.#role satisfies never;
    }
  }

  #wait(now: number): void {
    const silentMs = now - this.#heardAt!;
    if (this.#role === "entering" && now >= this.#sayAt) {
      this.#sayAt = now + ENTER_AGAIN_MS;
      this.#parts.enter();
    }
    const { seats, own } = this.#parts;
    // Who only looks on is told of nothing: he asks where the match goes on, as soon as it does not where it was.
    if (own >= seats && this.muted && now >= this.#sayAt) {
      this.#sayAt = now + ASK_AGAIN_MS;
      this.#parts.inquire();
      return;
    }
    const awaited = seatOf(Math.max(this.epoch, this.promised), seats);
    if (silentMs <= SILENCE_MS + STAGGER_MS * rankAfter(own, awaited, seats)) return;
    if (this.#isAble(now) && this.next !== undefined) {
      this.#turn("silence", now);
      return;
    }
    if (this.#role === "entering" || now < this.#sayAt) return;
    this.#sayAt = now + INQUIRE_AGAIN_MS;
    this.#parts.inquire();
  }

  #ask(now: number): void {
    if (now < this.#forgoesUntil) return;
    if (now - this.#beganAt > SUSPENDED_MS) this.suspend(true);
    if (now < this.#sayAt) return;
    this.#sayAt = now + ASK_AGAIN_MS;
    const ballot = this.next;
    if (ballot === undefined || !this.#isAble(now)) return;
    if (ballot !== this.ballot) this.#would.clear();
    this.ballot = ballot;
    this.cause = BY_SILENCE;
    this.onWould(this.#parts.own, ballot, now);
    if (this.#role === "asking") this.#parts.ask();
    // Where the others go on in our epoch, only one after what we promised can be ours again.
    if (this.#role === "asking" && this.muted) this.#parts.inquire();
  }

  #collect(now: number): void {
    if (now - this.#beganAt > CLAIM_MS) {
      this.#heardAt = now;
      this.#turn("vain", now);
      return;
    }
    if (now < this.#sayAt) return;
    this.#sayAt = now + CLAIM_AGAIN_MS;
    this.#parts.claim();
  }

  /** Opens the epoch as soon as most have promised and all is here that they hold; waits a little for the others. */
  #conclude(now: number): void {
    const { electors, complete, own, seats, open } = this.#parts;
    const voters = new Set([...this.#answered].filter(complete));
    const present = electors();
    const late = now - this.#beganAt > COLLECT_MS;
    const sequencer = seatOf(this.epoch, seats);
    const vanished = (seat: number): boolean => seat === sequencer && this.cause === BY_SILENCE;
    const awaited = present.filter((seat) => !voters.has(seat) && !vanished(seat));
    if (!voters.has(own) || (awaited.length > 0 && !late)) return;
    if (this.cause !== BY_GRANT && !hasMajorityOf(present, voters)) return;
    this.#turn("complete", now);
    const before = { epoch: this.epoch, heardAt: this.#heardAt ?? now };
    this.epoch = this.ballot;
    open(this.ballot, before);
  }
}
