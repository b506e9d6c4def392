// What those who come in are given to begin with: a snapshot's heading, told again and again, and its chunks as they ask.
import { Supply } from "../../session/joining/supply.js";
import { CHUNK_BYTES, UNASKED_CHUNKS } from "../../wire/limits.js";
import { type Body, blank, type Message } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Match } from "../match.js";
import { rosterAt } from "../roster-at.js";
import type { Seat } from "../seat.js";
import type { Agreed } from "./agreed.js";
import type { Arrival } from "./arrival.js";
import { Depot } from "./depot.js";

/** Time between two headings of a snapshot: to who has not answered yet, since its chunks are in vain; and to who has. */
const TELL_FIRST_MS = 15;
const TELL_AGAIN_MS = 60;

export interface HandoutParts {
  outbox: Outbox;
  agreed: Agreed;
  /** A state was not the match's: of this frame, from this donor, or (undefined) from the sequencer itself. */
  onSpoilt: (frame: number, donor: number | undefined) => void;
}

export class Handout {
  readonly #parts: HandoutParts;
  readonly #depot: Depot;

  constructor(parts: HandoutParts) {
    this.#parts = parts;
    this.#depot = new Depot(parts.outbox);
  }

  /** A donor says what he keeps, or sends some of it. */
  hear(
    arrivals: readonly Arrival[],
    donor: Seat,
    message: Extract<Message, { type: "kept" | "chunk" }>,
    now: number,
  ): void {
    if (message.type === "kept") this.#depot.onKept(donor, message.body, now);
    else if (this.#depot.onChunk(donor, message.body, now)) this.#passOn(arrivals, message.body);
  }

  /** A chunk that has just come goes on at once: whoever asks for it asks for what was lost. */
  #passOn(arrivals: readonly Arrival[], { index }: Body<"chunk">): void {
    for (const { seat, frame, told } of arrivals) {
      if (told && frame === this.#depot.frame) this.#depot.post(seat.peer, index);
    }
  }

  /** Whether there is something for him to begin with; if not yet, sees to it. */
  ready(match: Match, arrival: Arrival, now: number): boolean {
    // Another donor, another state: who has not got all of the old one begins with the new one.
    if (arrival.reportedEnd === 0 && this.#depot.frame > (arrival.frame ?? 0)) arrival.frame = undefined;
    if (arrival.frame !== undefined) return true;
    if (!this.#depot.ready(match, arrival.least, now)) return false;
    this.#begin(match, arrival);
    return true;
  }

  #begin(match: Match, arrival: Arrival): void {
    const { frame, low, high, size, whole } = this.#depot;
    arrival.frame = frame;
    arrival.heading = { low, high, size };
    arrival.supply = new Supply(Math.ceil(size / CHUNK_BYTES));
    if (whole) arrival.supply.wishFirst(UNASKED_CHUNKS); // a donor's are passed on
    arrival.tellAt = 0;
    arrival.seat.enter(frame, rosterAt(match, frame).end, match);
  }

  /** Tells him what he begins with, and hands him what he asked for. What he is shown ends at `end`. */
  give(match: Match, arrival: Arrival, end: number, now: number): void {
    if (now >= arrival.tellAt) this.#tell(match, arrival, end, now);
    this.#supply(arrival, now);
  }

  #tell(match: Match, arrival: Arrival, end: number, now: number): void {
    const { outbox, agreed } = this.#parts;
    arrival.told = true;
    arrival.tellAt = now + (arrival.begun ? TELL_AGAIN_MS : TELL_FIRST_MS);
    const depot = this.#depot;
    // Where the depot has another state by now he has all of his own, or will be given the other one.
    const whole = depot.frame !== arrival.frame || depot.whole;
    const roster = rosterAt(match, arrival.frame!);
    const snapshot = blank("snapshot");
    Object.assign(snapshot, { frame: arrival.frame, ...arrival.heading });
    Object.assign(snapshot, { whole: whole ? 1 : 0, absent: roster.absent, delay: roster.delay });
    snapshot.roster = roster.end & 255;
    // What he can compare soon.
    const frame = agreed.newest(end);
    if (frame > arrival.frame!) snapshot.check = { count: 1, items: [{ frame, value: agreed.at(frame)! }] };
    outbox.post(arrival.seat.peer, "snapshot", snapshot);
  }

  #supply({ seat, supply, frame }: Arrival, now: number): void {
    if (frame !== this.#depot.frame) return;
    for (let index = supply.next(now); index !== undefined; index = supply.next(now)) {
      if (this.#depot.has(index)) this.#depot.post(seat.peer, index);
    }
  }

  /** What he was given is not the match's state: he needs another one. */
  renew(arrival: Arrival, now: number): void {
    const { frame, donor } = this.#depot;
    if (frame === arrival.frame) {
      this.#parts.onSpoilt(frame, donor?.index);
      this.#depot.discard(now);
    }
    arrival.again();
  }

  /** Lives until `now`: fetches what is missing from its donor. */
  tick(match: Match, now: number): void {
    this.#depot.tick(match, now);
  }
}
