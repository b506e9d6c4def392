// An open match: its settings, its final inputs, its seats, and what all of them together have.
import { FinalInputs } from "../session/inputs/final-inputs.js";
import { PartsIn } from "../session/inputs/parts-in.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { absenceLead } from "../wire/limits.js";
import type { MatchConfig } from "../wire/match-config.js";
import { Change, joinedValue, NEUTRAL_FRAMES_MAX, type RosterEntry } from "../wire/stream.js";
import type { Seat } from "./seat.js";
import { MatchClock } from "./timing/match-clock.js";
import { Agreement } from "./verdict/agreement.js";
import type { Authority } from "./verdict/authority.js";

export class Match {
  readonly config: MatchConfig;
  readonly members: boolean;
  readonly inputs: FinalInputs;
  /** Long inputs of all seats, as far as they have come. */
  readonly parts: PartsIn;
  readonly agreement: Agreement;
  /** The sequencer's own simulation, if it runs one. */
  authority: Authority | undefined;
  /** By index; undefined while nobody sits there. */
  readonly seats: (Seat | undefined)[];
  /** Who left, at which frame; only ever grows. */
  readonly roster: RosterEntry[] = [];
  /** Entries that an earlier sequencer's successor never read: what they came to stands in their places. */
  rosterBegin = 0;
  /** Stretches in which a seat was absent until somebody joined it, as long as it matters: seldom any. */
  readonly absences: { seat: number; begin: number; end: number }[] = [];
  /** Bit s: nobody had taken seat s at frame zero. */
  vacant = 0;
  /** Nobody has been told that no absent seat is played again before a later frame than this. */
  promisedEnd: number;
  readonly #lead: number;
  /** Frames whose records were handed to recorders. */
  confirmed = 0;
  readonly #present: boolean[] = [];
  /** The input delay that was announced last, from which frame on, and the one before it. */
  inputDelay: number;
  #delayFrom = 0;
  #delayBefore: number;
  #stableEnd = 0;
  #clock: MatchClock | undefined;

  /**
   * `base`: where its inputs begin, when another sequencer had it before, and all of them come from there. `members`: it is among its players, without a
   * server: peers are seats, and what parts a match needs a majority.
   */
  constructor(config: MatchConfig, members = false, base?: number) {
    this.config = config;
    this.members = members;
    this.inputs = new FinalInputs({
      seats: config.players,
      cellBytes: CELL_HEADER_BYTES + config.inputBytes,
      inputDelay: base === undefined ? config.inputDelay : 0,
      prediction: config.commands === 1 ? "none" : "repeat",
      base: base ?? 0,
    });
    this.inputDelay = config.inputDelay;
    this.#delayBefore = config.inputDelay;
    this.#lead = absenceLead(config.framesPerSecond);
    this.promisedEnd = this.#lead;
    this.parts = new PartsIn(this.inputs);
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

  /** Frames for which the clock stood still since some player's inputs were lacking, up to when it was last asked. */
  get waited(): number {
    return this.#clock?.waited ?? 0;
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
    const end = this.inputs.confirmedEnd + this.config.predictionWindow + this.inputDelay;
    return this.#clock!.at(now, end);
  }

  /** This machine slept until `now`: nobody was silent. */
  slept(ms: number, now: number): void {
    this.#clock?.sleep(ms);
    for (const seat of this.seats) seat?.slept(ms, now);
  }

  /** All seats' input delay is another one from `frame` on, or behind the change that was announced last. */
  delay(frame: number, value: number): void {
    const { frame: last } = this.roster.findLast(({ change }) => change === Change.Delay) ?? { frame: -1 };
    this.delayed({ seat: 0, frame: Math.max(frame, last + 1), change: Change.Delay, value });
  }

  /** So it was decided, here or by who sequenced the match before. */
  delayed(entry: RosterEntry): void {
    this.#delayBefore = this.inputDelay;
    this.inputDelay = entry.value;
    this.#delayFrom = entry.frame;
    this.roster.push({ ...entry });
  }

  /** Whether all that is awaited by now was pressed under the present input delay. */
  get delayHolds(): boolean {
    return this.inputs.confirmedEnd >= this.#delayFrom + this.inputDelay;
  }

  /** The frame at which what is played at `frame` was sampled. */
  sampledAt(frame: number): number {
    const sampled = frame - this.inputDelay;
    return sampled >= this.#delayFrom ? sampled : frame - this.#delayBefore;
  }

  /** Time passes, and the match does not: under `wait` the clock is held anyway. */
  stand(ms: number): void {
    if (ms > 0) this.#clock?.sleep(ms);
  }

  /** By seat; the same array every time. */
  present(): readonly boolean[] {
    for (let index = 0; index < this.seats.length; index++) this.#present[index] = this.seats[index]?.present === true;
    return this.#present;
  }

  get anyonePresent(): boolean {
    return this.seats.some((seat) => seat?.present);
  }

  appoint(authority: Authority): void {
    this.authority = authority;
    this.agreement.appoint();
  }

  /** The authority plays no further. */
  dismiss(): void {
    this.authority = undefined;
    this.agreement.dismiss();
  }

  /** Takes the seat out: absent from behind its last final input, the same frame for everybody. */
  leave(seat: Seat, why: "left" | "dropped"): RosterEntry {
    const change = why === "dropped" ? Change.Dropped : Change.Left;
    const entry = { seat: seat.index, frame: this.inputs.held(seat.index), change, value: 0 };
    seat.phase = "gone";
    seat.left = change;
    this.inputs.leave(seat.index, entry.frame);
    this.roster.push(entry);
    this.updateStable();
    return entry;
  }

  /** Nobody has taken the seat: it is absent from frame zero on. */
  vacate(index: number): void {
    this.inputs.vacate(index);
    this.vacant |= 1 << index;
    this.roster.push({ seat: index, frame: 0, change: Change.Left, value: 0 });
  }

  /** Somebody is told the clock: for that many frames beyond it he may take absent seats for absent. */
  promise(clock: number): void {
    this.promisedEnd = Math.max(this.promisedEnd, clock + this.#lead);
  }

  /** Exclusive end of what anybody may know of a seat: of an absent one, that it is absent as far as was promised. */
  knownEnd(seat: number): number {
    return this.inputs.leftAt(seat) === Infinity ? this.inputs.held(seat) : this.promisedEnd;
  }

  /** The seat is played again from `frame` on; his inputs of the frames before `end` are neutral, his states before `provenEnd` right. */
  join(seat: Seat, frame: number, end: number, provenEnd: number): void {
    const { index, generation } = seat;
    const { inputs } = this;
    this.#forgetAbsences();
    this.absences.push({ seat: index, begin: inputs.leftAt(index), end: frame });
    inputs.join(index, frame);
    const neutral = Math.min(end - frame, NEUTRAL_FRAMES_MAX);
    for (let i = 0; i < neutral; i++) inputs.push(index, NEUTRAL, 0, 0);
    seat.received[index] = frame + neutral;
    seat.heardEnd = frame + neutral;
    seat.neutralEnd = frame + neutral;
    seat.phase = "playing";
    this.agreement.readmit(index, provenEnd);
    this.roster.push({ seat: index, frame, change: Change.Joined, value: joinedValue(generation, neutral) });
    this.updateStable();
  }

  /** Whoever has nothing from behind such a stretch lacks inputs that are not held any more, and is out. */
  #forgetAbsences(): void {
    const { absences, inputs } = this;
    let kept = 0;
    for (const absence of absences) if (absence.end > inputs.begin(absence.seat)) absences[kept++] = absence;
    absences.length = kept;
  }

  /** Where the inputs of a seat go on for who has those before `received`: behind the stretch, if it was absent there. */
  resumeAt(seat: number, received: number): number {
    for (const { seat: absent, begin, end } of this.absences) {
      if (absent === seat && received >= begin && received < end) return end;
    }
    return received;
  }

  /** Where a run that begins at `from` has to end: with what is final, or where the seat was absent. */
  runEnd(seat: number, from: number): number {
    for (const { seat: absent, begin } of this.absences) if (absent === seat && from < begin) return begin;
    return this.inputs.held(seat);
  }

  /** Exclusive end of the frames whose inputs are all final; of a match that all have left, its whole length. */
  get finalEnd(): number {
    const end = this.inputs.confirmedEnd;
    return end === Infinity ? Math.max(...this.seats.map((_, seat) => this.inputs.leftAt(seat))) : end;
  }

  /** All who are present hold what was stable before. */
  stableFrom(end: number): void {
    this.#stableEnd = Math.max(this.#stableEnd, end);
  }

  updateStable(): void {
    let stable = Infinity;
    for (const seat of this.seats) if (seat?.present) stable = Math.min(stable, this.heldBy(seat));
    if (stable !== Infinity) this.#stableEnd = Math.max(this.#stableEnd, stable);
  }

  /** Every final input of the frames before this one is held by him. */
  heldBy(seat: Seat): number {
    // Under `wait` he has what he sent; under `substitute` he may not know yet what became of it.
    let end = this.config.policy === 1 ? seat.received[seat.index]! : this.inputs.held(seat.index);
    for (let other = 0; other < this.seats.length; other++) {
      if (other === seat.index) continue;
      end = Math.min(end, seat.received[other]!);
    }
    return end;
  }
}

const NEUTRAL = new Uint8Array(0);
