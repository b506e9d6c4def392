// An open match: its settings, its final inputs, its seats, and what all of them together have.
import { FinalInputs } from "../session/final-inputs.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";
import { Change, type RosterEntry } from "../wire/stream.js";
import { Agreement } from "./agreement.js";
import { MatchClock } from "./match-clock.js";
import type { Seat } from "./seat.js";

export class Match {
  readonly config: MatchConfig;
  readonly inputs: FinalInputs;
  readonly agreement: Agreement;
  /** By index; undefined while nobody sits there. */
  readonly seats: (Seat | undefined)[];
  /** Who left, at which frame; only ever grows. */
  readonly roster: RosterEntry[] = [];
  /** Frames whose records were handed to recorders. */
  confirmed = 0;
  #stableEnd = 0;
  #clock: MatchClock | undefined;

  constructor(config: MatchConfig) {
    this.config = config;
    this.inputs = new FinalInputs({
      seats: config.players,
      cellBytes: CELL_HEADER_BYTES + config.inputBytes,
      inputDelay: config.inputDelay,
    });
    this.agreement = new Agreement(config.players);
    this.seats = new Array<Seat | undefined>(config.players).fill(undefined);
  }

  get frameMs(): number {
    return 1000 / this.config.framesPerSecond;
  }

  get started(): boolean {
    return this.#clock !== undefined;
  }

  get shift(): number {
    return this.#clock?.shift ?? 0;
  }

  /** Every present player holds all final inputs of the frames before this one. */
  get stableEnd(): number {
    return this.#stableEnd;
  }

  start(zeroAt: number): void {
    this.#clock = new MatchClock(this.frameMs, zeroAt);
  }

  /** The frame clock at `now`: under `wait` it never passes final + window + delay. */
  clock(now: number): number {
    const end = this.inputs.confirmedEnd + this.config.predictionWindow + this.config.inputDelay;
    return this.#clock!.at(now, end);
  }

  present(): boolean[] {
    return this.seats.map((seat) => seat?.present === true);
  }

  get anyonePresent(): boolean {
    return this.seats.some((seat) => seat?.present);
  }

  /** Takes the seat out: absent from behind its last final input, the same frame for everybody. */
  leave(seat: Seat, why: "left" | "dropped"): RosterEntry {
    const change = why === "dropped" ? Change.Dropped : Change.Left;
    const entry = { seat: seat.index, frame: this.inputs.held(seat.index), change, value: 0 };
    seat.phase = "gone";
    this.inputs.leave(seat.index, entry.frame);
    this.roster.push(entry);
    this.updateStable();
    return entry;
  }

  /** Exclusive end of the frames whose inputs are all final; of a match that all have left, its whole length. */
  get finalEnd(): number {
    const end = this.inputs.confirmedEnd;
    return end === Infinity ? Math.max(...this.roster.map((entry) => entry.frame)) : end;
  }

  updateStable(): void {
    let stable = Infinity;
    for (const seat of this.seats) if (seat?.present) stable = Math.min(stable, this.#heldBy(seat));
    if (stable !== Infinity) this.#stableEnd = Math.max(this.#stableEnd, stable);
  }

  /** Every final input of the frames before this one is held by him. */
  #heldBy(seat: Seat): number {
    let end = this.inputs.held(seat.index);
    for (let other = 0; other < this.seats.length; other++) {
      if (other === seat.index) continue;
      const got = seat.received[other]!;
      const knows = this.roster.findIndex((entry) => entry.seat === other) < seat.rosterEnd;
      if (got >= this.inputs.leftAt(other) && knows) continue;
      end = Math.min(end, got);
    }
    return end;
  }
}
