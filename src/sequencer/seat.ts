// What the sequencer knows of one seat: who sits there, what he holds, when he was heard, what he is owed.
import { Redundancy } from "../session/redundancy.js";

/**
 *   empty --hello--> probing --probes--> ready --start--> playing --bye, silence--> gone
 */
export type SeatPhase = "probing" | "ready" | "playing" | "gone";

export class Seat {
  readonly index: number;
  readonly token: string;
  readonly generation = 0;
  phase: SeatPhase = "probing";
  /** The carrier's name for him; another one after he reconnects. */
  peer: number;
  lastHeardAt: number;
  /** When an input of his last became final. */
  progressAt = 0;
  roundTripMs = 0;
  /** His newest datagram and when it came, for the echo. */
  sequence = 0;
  sequenceAt = 0;
  sequenceSeen = false;
  /** His newest datagram has not been echoed; and when to tell what all have, even so. */
  owesEcho = false;
  timedAt = -Infinity;
  /** Exclusive ends of what he holds of every seat, and the roster entries he has. */
  readonly received: number[];
  rosterEnd = 0;
  readonly redundancy: Redundancy[];
  /** The others' inputs that went into the last datagram: a new one is due when all have something newer. */
  flushedEnd = 0;
  flushAt = 0;

  constructor(options: { index: number; peer: number; token: string; seats: number; inputDelay: number; now: number }) {
    this.index = options.index;
    this.peer = options.peer;
    this.token = options.token;
    this.lastHeardAt = options.now;
    this.received = new Array<number>(options.seats).fill(options.inputDelay);
    this.redundancy = Array.from({ length: options.seats }, () => new Redundancy(options.inputDelay));
  }

  get present(): boolean {
    return this.phase !== "gone";
  }

  /** Remembers the newest datagram, for the echo that closes the round trip. */
  heard(sequence: number, now: number): void {
    const newer = ((sequence - this.sequence) << 16) >> 16;
    if (this.sequenceSeen && newer <= 0) return;
    this.sequence = sequence;
    this.sequenceAt = now;
    this.sequenceSeen = true;
    this.owesEcho = true;
  }

  /** Quarter ms since the datagram that is echoed; 255 says that it is too long ago to be a round trip. */
  heldQuarters(now: number): number {
    return this.sequenceSeen ? Math.min(255, Math.round(4 * (now - this.sequenceAt))) : 255;
  }
}
