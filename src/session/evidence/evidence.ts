// Evidence of a desync: what we testify to, the cases we are a party to, and the reports that come of them.
import type { FieldDifference } from "../../simulation/schema.js";
import { type Body, blank, type Message } from "../../wire/messages.js";
import { assemble, type Found, foundOf } from "./assemble.js";
import { Case } from "./case.js";
import { type Healed, Healing, type HealingParts } from "./healing.js";
import { TRUTH } from "./parcel.js";
import type { DesyncReport, DesyncVerdict, Differs } from "./report.js";
import type { Scene } from "./rerun.js";
import { Donor } from "./truth.js";
import { DIFFERS_STATE } from "./witness.js";

/** What happened, from our point of view; `report` is all of it. */
export interface Desync {
  type: "desync";
  /** The first frame whose state (or inputs) differ, not the frame at which it was noticed. */
  frame: number;
  differs: Differs;
  /** What kind of fault it is. */
  verdict: DesyncVerdict;
  /** Seats that are wrong, where that is known: not with the server's simulation, or not with the majority. */
  blamed: number[];
  /** So many that compute the same, of so many that were compared. */
  agree: number;
  of: number;
  /** Two that differ, a blamed one first; AUTHORITY is the server's own simulation. */
  seats: [number, number];
  hashes: [string, string];
  /** First differing 4 KiB leaf, when the other side's bytes were had. */
  leaf: number | undefined;
  /** Differing fields; `before` is ours, `after` the other seat's. */
  fields: FieldDifference[];
  /** Why there are no fields, when there are none. */
  note: string | undefined;
  report: DesyncReport;
}

/**
 * What a player does about a desync: goes on (the default), leaves, or takes over the truth. Nobody ends the match of the
 * others: it is who was found wrong that leaves or heals; where nobody knows who is right, whoever has "stop" leaves.
 */
export type OnDesync = "continue" | "stop" | "heal";

/** We were wrong, and have taken over the others' state of `frame`: the chains agree again from there on. */
export interface HealedEvent extends Healed {
  type: "healed";
}

/** It was to be healed, and is not. */
export interface UnhealedEvent {
  type: "unhealed";
  why: string;
}

/** Heals of one match: who is found wrong again and again has a cause that no state cures. */
const HEALS_MAX = 3;

export interface EvidenceParts extends HealingParts {
  scene: Scene;
  roundTripMs: () => number;
  onDesync: OnDesync;
}

export class Evidence {
  readonly #parts: EvidenceParts;
  readonly #donor: Donor;
  readonly #hashes = blank("hashes");
  /** Those that are over stay for who still lacks a piece. */
  readonly #cases: Case[] = [];
  /** Verdicts that were told, by serial. */
  readonly #found = new Map<number, Found>();
  readonly #events: (Desync | HealedEvent | UnhealedEvent)[] = [];
  /** Of verdicts that found us wrong. */
  readonly #reports = new Map<number, DesyncReport>();
  /** The frames at which we were healed, by verdict. */
  readonly #healed = new Map<number, number>();
  #healing: Healing | undefined;
  #heals = 0;
  /** The first question about the frames in dispute, and when it came. */
  #asked = { begin: 0, end: 0, at: 0 };
  #now = 0;
  /** Why we leave, if we have to. */
  stopped: string | undefined;

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
    this.#donor = new Donor(parts.simulation, parts.witness, (serial) => this.#found.get(serial)?.frame);
  }

  /** What is new, one by one. */
  take(): Desync | HealedEvent | UnhealedEvent | undefined {
    return this.#events.shift();
  }

  hear(message: Message, now: number): void {
    switch (message.type) {
      case "hashQuery":
        this.#onQuery(message.body, now);
        return;
      case "desync":
        this.#onDesync(message.body, now);
        break;
      case "parcel":
        if (message.body.kind === TRUTH) this.#healing?.onParcel(message.body, now);
        else this.#caseOf(message.body)?.onParcel(message.body, now);
        break;
      case "lacking":
        if (message.body.kind === TRUTH) this.#donor.onLacking(message.body);
        else this.#caseOf(message.body)?.onLacking(message.body);
        break;
      case "heal":
        this.#donor.onHeal(message.body, now);
        break;
      default:
        return;
    }
    this.tick(now);
  }

  #onQuery({ begin, end }: Body<"hashQuery">, now: number): void {
    if (begin !== this.#asked.begin || end !== this.#asked.end) this.#asked = { begin, end, at: now };
    const { witness, outbox } = this.#parts;
    const hashes = this.#hashes;
    witness.hashes(begin, end, hashes);
    if (hashes.states.count === 0) return;
    outbox.post(SEQUENCER, "hashes", hashes);
    witness.leaves(hashes.begin, hashes.states.count, (leaves) => outbox.post(SEQUENCER, "leaves", leaves));
  }

  /** The sequencer found the first bad frame. It says so several times; we act once. */
  #onDesync(told: Body<"desync">, now: number): void {
    if (this.#found.has(told.serial)) return;
    const found = foundOf(told);
    this.#found.set(told.serial, found);
    const { own } = this.#parts;
    const { begin, end, at } = this.#asked;
    const asked = found.frame >= begin && found.frame <= end ? at : now;
    if (found.parties.includes(own)) this.#cases.push(new Case(found, this.#parts, asked, now));
    else this.#report(found, this.#ofOthers(found));
    if (this.#parts.onDesync === "heal") this.#heal(found, now);
  }

  #heal(found: Found, now: number): void {
    const why = this.#whyUnhealed(found);
    if (why !== undefined) this.#events.push({ type: "unhealed", why });
    else if (found.blamed.includes(this.#parts.own)) {
      this.#heals += 1;
      this.#healing = new Healing(found, this.#parts, now);
    }
  }

  #whyUnhealed({ blamed, parties, differs }: Found): string | undefined {
    const { own } = this.#parts;
    if (blamed.length === 0 && parties.includes(own))
      return "nobody knows who is right: it takes a server that plays along (samestep serve --game), or a majority";
    if (!blamed.includes(own)) return undefined;
    if (differs !== DIFFERS_STATE) return "our state is not what is wrong";
    return this.#heals >= HEALS_MAX ? `it was healed ${HEALS_MAX} times, and went wrong again` : undefined;
  }

  #ofOthers(found: Found): DesyncReport {
    const { scene, witness } = this.#parts;
    const begin = witness.toldBegin(found.frame);
    const nothing = { own: undefined, exhibits: [undefined, undefined] as const, state: undefined, before: undefined };
    return assemble(found, { ...scene, ...nothing, begin }, undefined);
  }

  #caseOf({ serial, seat }: { serial: number; seat: number }): Case | undefined {
    return this.#cases.find(({ found }) => found.serial === serial && found.parties.includes(seat));
  }

  /** The match ends: what is known by now is the report. */
  abandon(): Desync | HealedEvent | UnhealedEvent | undefined {
    for (const each of this.#cases) {
      const report = each.conclude("the match ended before the states were compared", this.#now);
      if (report !== undefined) this.#report(each.found, report);
    }
    return this.take();
  }

  #report({ serial, blamed }: Found, report: DesyncReport): void {
    const { onDesync, own } = this.#parts;
    // Only who was found wrong is healed; all reports of a long match would be megabytes.
    if (blamed.includes(own)) this.#reports.set(serial, report);
    report.healed = this.#healed.get(serial);
    this.#events.push(eventOf(report));
    if (onDesync !== "stop" || (blamed.length > 0 && !blamed.includes(own))) return;
    this.stopped = `The machines of this match compute different states since frame ${report.frame}: ${report.why}.`;
  }

  tick(now: number): void {
    this.#now = now;
    for (let i = this.#cases.length - 1; i >= 0; i--) {
      const each = this.#cases[i]!;
      const report = each.tick(now);
      if (report !== undefined) this.#report(each.found, report);
      if (!each.over(now)) continue;
      this.#cases.splice(i, 1);
      if (this.#cases.length === 0 && this.#healing === undefined) this.#parts.witness.forget();
    }
    this.#donor.tick(this.#parts.outbox, toSequencer, now);
    if (this.#healing !== undefined) this.#tickHealing(this.#healing, now);
  }

  #tickHealing(healing: Healing, now: number): void {
    const result = healing.tick(now);
    if (result === "failed")
      this.#events.push({ type: "unhealed", why: "nobody who is right gave us his state in time" });
    else if (result !== undefined) {
      this.#healed.set(healing.serial, result.frame);
      const report = this.#reports.get(healing.serial);
      if (report !== undefined) report.healed = result.frame;
      this.#events.push({ type: "healed", ...result });
    }
    if (healing.over) this.#healing = undefined;
  }
}

/** The sequencer's name at the carrier: a player talks to nobody else. */
const SEQUENCER = 0;
const toSequencer = (): number => SEQUENCER;

function eventOf(report: DesyncReport): Desync {
  const { frame, differs, verdict, blamed, agree, of, sides, leaves, fields, note, own = 0 } = report;
  return {
    type: "desync",
    ...{ frame, differs, verdict, blamed, agree, of },
    seats: [sides[0].party, sides[1].party],
    hashes: [sides[0].hash, sides[1].hash],
    leaf: leaves[0]?.index,
    fields: fields.map(({ path, values }) => ({ path, before: values[own], after: values[own === 0 ? 1 : 0] })),
    note,
    report,
  };
}
