// The sequencer of a page whose turn it is: opened for a lobby or in the middle of a match, told to the others, and given up.
import type { Room } from "../sequencer/joining/admission.js";
import type { Match } from "../sequencer/match.js";
import type { Seat } from "../sequencer/seat.js";
import { Sequencer } from "../sequencer/sequencer.js";
import { hasMajority } from "../sequencer/succession/quorum.js";
import type { List } from "../wire/codec.js";
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { seatOf } from "./ballot.js";
import { BY_GRANT, BY_SILENCE, SILENCE_MS } from "./election.js";
import type { Heritage } from "./heritage.js";

/** A hand-over is said more than once, since nobody answers it, and the page may be gone. */
const HAND_OVERS = 3;

/** What becomes of a member in a new epoch, as `opened` says it: out, as he is, or anew, in a match to come or another one than his. */
const OUT = 0;
export const AS_HE_IS = 1;
export const ANEW = 2;

export interface ChairParts {
  heritage: Heritage;
  outbox: Outbox;
  own: number;
  seats: number;
  /** What the match is to be, for a lobby. */
  room: () => Room;
  /** Tells a member that what he says does not count here. */
  notice: (to: number) => void;
}

export class Chair {
  readonly #parts: ChairParts;
  #sequencer: Sequencer | undefined;
  /** One that has stepped down, for what it still has to say. */
  #retired: Sequencer | undefined;
  #epoch = 0;

  constructor(parts: ChairParts) {
    this.#parts = parts;
  }

  /** Set while this page sequences the match. */
  get sequencer(): Sequencer | undefined {
    return this.#sequencer;
  }

  /** Whether the match goes on here: it has begun, and most are heard. */
  leads(now: number): boolean {
    const match = this.#sequencer?.match;
    return match?.started === true && hasMajority(match, SILENCE_MS, now);
  }

  /** For its last words. */
  takeRetired(): Sequencer | undefined {
    const retired = this.#retired;
    this.#retired = undefined;
    return retired;
  }

  /** Nobody has started the match: whoever waits for it comes to us. */
  openLobby(epoch: number): void {
    this.#sequencer = new Sequencer({ members: true, room: this.#parts.room() });
    this.#epoch = epoch;
    for (let seat = 0; seat < this.#parts.seats; seat++) this.#tellOpened(seat, ANEW);
  }

  /** Goes on with a match of which we lived through an earlier epoch, whose sequencer we heard then. */
  openMatch(epoch: number, cause: number, before: { epoch: number; heardAt: number }, now: number): void {
    const { heritage, own, seats, notice } = this.#parts;
    const history = heritage.history(before.epoch, now);
    if (cause === BY_SILENCE) history.vanished = { seat: seatOf(before.epoch, seats), heardAt: before.heardAt };
    const sequencer = new Sequencer({ members: true, history });
    this.#sequencer = sequencer;
    this.#epoch = epoch;
    heritage.follow(history.inputs.held(own), now);
    for (let seat = 0; seat < seats; seat++) {
      const holdings = heritage.holdingsOf(seat, before.epoch);
      if (holdings === undefined) notice(seat);
      else this.#tellOpened(seat, sequencer.takeIn(seat, holdings, now) ? AS_HE_IS : OUT);
    }
    if (cause === BY_GRANT) sequencer.dropAwaited(now);
  }

  /** Somebody who was not there when we opened the epoch says what he holds. */
  admit(promise: Body<"promise">, peer: number, now: number): void {
    const sequencer = this.#sequencer!;
    // What he knows of is another match: ours waits for its start, or began without him.
    if (!sequencer.started || sequencer.match!.seats[peer] === undefined) {
      this.#tellOpened(peer, ANEW);
      return;
    }
    const holdings = { ...promise, tail: itemsOf(promise.tail), held: itemsOf(promise.held) };
    this.#tellOpened(peer, sequencer.takeIn(peer, holdings, now) ? AS_HE_IS : OUT);
  }

  #tellOpened(seat: number, taken: number): void {
    const { own, outbox } = this.#parts;
    if (seat === own) return;
    const opened = blank("opened");
    opened.epoch = this.#epoch;
    opened.taken = taken;
    opened.end = taken === AS_HE_IS ? this.#sequencer!.inputs!.held(seat) : 0;
    outbox.post(seat, "opened", opened);
  }

  /** Names who is to sequence next: the nearest one around the table who is heard. False when there is nobody. */
  resign(now: number): boolean {
    const { own, seats, outbox } = this.#parts;
    const match = this.#sequencer?.match;
    if (match === undefined) return false;
    for (let distance = 1; distance < seats; distance++) {
      const successor = (own + distance) % seats;
      const heir = match.seats[successor];
      if (heir === undefined || !isHere(match, heir) || now - heir.lastHeardAt >= SILENCE_MS) continue;
      const body = Object.assign(blank("handOver"), { successor });
      for (const seat of match.seats) if (seat !== undefined) seat.flushAt = 0;
      this.#sequencer!.tick(now);
      for (let i = 0; i < HAND_OVERS; i++) {
        for (const seat of match.seats) {
          if (seat !== undefined && isHere(match, seat) && seat.index !== own) outbox.post(seat.peer, "handOver", body);
        }
      }
      return true;
    }
    return false;
  }

  stepDown(now: number): void {
    const sequencer = this.#sequencer!;
    this.#sequencer = undefined;
    this.#retired = sequencer;
    this.#parts.heritage.retire(sequencer, now);
  }
}

/** He plays, or waits in the lobby. */
function isHere({ started }: Match, { phase }: Seat): boolean {
  return started ? phase === "playing" : phase === "probing" || phase === "ready";
}

function itemsOf<T>({ items, count }: List<T>): T[] {
  return items.slice(0, count);
}
