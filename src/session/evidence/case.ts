// One verdict, as one of its two sides works on it: our exhibit goes out, theirs comes in, and both make a report.
import type { Body } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import { assemble, type Found } from "./assemble.js";
import { EXHIBIT_BYTES_MAX, type Exhibit, readExhibit, writeExhibit } from "./exhibit.js";
import { EVIDENCE, ParcelIn, ParcelOut } from "./parcel.js";
import type { DesyncReport } from "./report.js";
import type { Scene } from "./rerun.js";
import type { Witness } from "./witness.js";

/** After this the report goes out with what is known; a second and a half of tries at any playable round trip. */
const GIVE_UP_MS = 5000;

/** The sequencer's name at the carrier. */
const SEQUENCER = 0;

export interface CaseParts {
  witness: Witness;
  scene: Scene;
  outbox: Outbox;
  own: number;
  roundTripMs: () => number;
}

export class Case {
  readonly found: Found;
  readonly #parts: CaseParts;
  readonly #own: 0 | 1;
  readonly #out: ParcelOut;
  readonly #in: ParcelIn;
  readonly #mine: Exhibit;
  readonly #state: Uint8Array | undefined;
  readonly #before: Uint8Array | undefined;
  readonly #startedAt: number;
  readonly #endsAt: number;
  #theirs: Exhibit | undefined;
  #told = false;

  /** `startedAt`: when we were first asked about it. */
  constructor(found: Found, parts: CaseParts, startedAt: number, now: number) {
    const { witness, own } = parts;
    this.found = found;
    this.#parts = parts;
    this.#own = found.parties[0] === own ? 0 : 1;
    this.#startedAt = startedAt;
    this.#endsAt = now + GIVE_UP_MS;
    const isState = found.differs === 0;
    this.#state = isState ? witness.pin(found.frame) : undefined;
    this.#before = isState ? witness.before(found.frame) : undefined;
    this.#mine = witness.exhibit(found.frame, found.differs, found.blocks);
    const address = { kind: EVIDENCE, serial: found.serial, seat: found.parties[1 - this.#own]! };
    this.#out = new ParcelOut(address, writeExhibit(this.#mine));
    this.#in = new ParcelIn(address, EXHIBIT_BYTES_MAX, now);
  }

  /** Nothing more is to be done for it. */
  over(now: number): boolean {
    return now >= this.#endsAt;
  }

  onParcel(parcel: Body<"parcel">, now: number): void {
    const bytes = this.#theirs === undefined ? this.#in.take(parcel, now) : undefined;
    if (bytes !== undefined) this.#theirs = readExhibit(bytes);
  }

  onLacking(lacking: Body<"lacking">): void {
    this.#out.lacks(lacking);
  }

  /** Sends what is due; answers the report, once. */
  tick(now: number): DesyncReport | undefined {
    const { outbox } = this.#parts;
    this.#out.post(outbox, SEQUENCER, now);
    if (this.#theirs === undefined && !this.over(now)) {
      this.#in.tick(outbox, SEQUENCER, now);
      return undefined;
    }
    return this.conclude(undefined, now);
  }

  /** The report with what is here by now; undefined when it was told. */
  conclude(note: string | undefined, now: number): DesyncReport | undefined {
    if (this.#told) return undefined;
    this.#told = true;
    const { scene, witness, roundTripMs } = this.#parts;
    const exhibits = this.#own === 0 ? ([this.#mine, this.#theirs] as const) : ([this.#theirs, this.#mine] as const);
    const begin = Math.max(witness.toldBegin(this.found.frame), this.#theirs?.marksBegin ?? 0);
    const stand = { ...scene, own: this.#own, exhibits, state: this.#state, before: this.#before, begin };
    const report = assemble(this.found, stand, note);
    report.took = took(now - this.#startedAt, roundTripMs());
    return report;
  }
}

/** The first question was half a round trip under way when it reached us. */
function took(sinceMs: number, roundTripMs: number): DesyncReport["took"] {
  const ms = sinceMs + roundTripMs / 2;
  return { ms: Math.round(ms), roundTrips: roundTripMs > 0 ? Math.round((10 * ms) / roundTripMs) / 10 : undefined };
}
