// The roster as a player reads it: each entry once, in order, and what it means for the final inputs.
import { ROSTER_TOLD_MAX } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import { Change, generationOf, neutralFrames, type RosterEntry } from "../../wire/stream.js";
import type { PlayerEvent } from "../player-events.js";
import type { NewFinals } from "../uplink.js";
import type { FinalInputs } from "./final-inputs.js";

/** What entries tell everybody whom they are not about, each once: who begins anew, with another snapshot, reads some again. */
export class RosterNews {
  readonly #told = new Set<string>();

  event({ seat, frame, change, value }: RosterEntry): PlayerEvent | undefined {
    const name = `${seat} ${frame} ${change}`;
    if (this.#told.has(name)) return undefined;
    this.#told.add(name);
    if (change === Change.Delay) return { type: "delay", frame, inputDelay: value };
    if (change === Change.Joined) return { type: "joined", seat, frame };
    return { type: "left", seat, frame, dropped: change === Change.Dropped };
  }
}

export interface RosterOptions {
  inputs: FinalInputs;
  own: number;
  /** Ours: whoever came in on our seat before, and was dropped, was another. */
  generation: number;
  /** The first frame that is played here, and the first entry that is told; entries of earlier frames are in the snapshot. */
  base: number;
  begin: number;
  /** Our own seat is played from here on: its inputs of the frames before `end` are neutral, and decided. */
  onActive: (frame: number, end: number) => void;
  onEntry: (entry: RosterEntry) => void;
  onFinals: NewFinals;
}

export class Roster {
  readonly #options: RosterOptions;
  /** Entries read. */
  end: number;
  /** What was read, from entry `begin` on: whoever is to sequence the match goes on writing behind it. */
  readonly log: RosterEntry[] = [];
  /** Where it begins: what lies before came with a snapshot. */
  get begin(): number {
    return this.#options.begin;
  }

  /** Entries that made no sense. */
  unusable = 0;

  constructor(options: RosterOptions) {
    this.#options = options;
    this.end = options.begin;
  }

  /**
   * Reads what is new in a datagram. Answers whether nothing is left to be told: then what the datagram says of the clock
   * is a promise for absent seats.
   */
  read({ rosterBegin, roster }: Body<"frames">): boolean {
    for (let i = 0; i < roster.count; i++) {
      const place = (rosterBegin + i - this.end) & 255;
      if (place > 127) continue; // read before
      if (place > 0 || !this.#apply(roster.items[i]!)) return false;
      this.log.push({ ...roster.items[i]! });
      this.end += 1;
    }
    return roster.count < ROSTER_TOLD_MAX;
  }

  /** False: not yet, or never. */
  #apply(entry: RosterEntry): boolean {
    const { inputs, base, onEntry } = this.#options;
    if (entry.seat >= inputs.seats) {
      this.unusable += 1;
      return false;
    }
    if (entry.frame < base) return true;
    switch (entry.change) {
      case Change.Left:
      case Change.Dropped:
        return this.#leave(entry);
      case Change.Joined:
        return this.#join(entry);
      default:
        onEntry(entry);
        return true;
    }
  }

  #leave(entry: RosterEntry): boolean {
    const { inputs, own, base, onEntry, onFinals } = this.#options;
    const { seat, frame } = entry;
    if (inputs.leftAt(seat) <= frame) return true; // nobody ever took it, as the start said
    // Our own seat may be ahead of the frame from which the sequencer counts it absent: then we are out of the match.
    // What was with it before we came in is the past; who is here from the beginning on has none.
    if (seat === own && (frame > base || base === 0)) {
      onEntry(entry);
      return false;
    }
    // A seat can only leave behind its last final input: until that is here, the entry waits.
    if (inputs.held(seat) !== frame) {
      this.unusable += 1;
      return false;
    }
    inputs.leave(seat, frame);
    if (seat !== own) onEntry(entry);
    onFinals(seat, frame, Infinity);
    return true;
  }

  #join(entry: RosterEntry): boolean {
    const { inputs, own, generation, onActive, onEntry } = this.#options;
    const { seat, frame } = entry;
    if (inputs.leftAt(seat) === Infinity || inputs.held(seat) > frame) {
      this.unusable += 1;
      return false;
    }
    inputs.join(seat, frame);
    if (seat === own && generationOf(entry) === (generation & 255)) onActive(frame, frame + neutralFrames(entry));
    onEntry(entry);
    return true;
  }
}
