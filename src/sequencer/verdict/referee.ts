// Who is right, and how it ends: the chains of all seats, the authority among them, disputes, and the result.

import type { HostIdentity } from "../../session/evidence/witness.js";
import type { Simulation } from "../../simulation/simulation.js";
import { unwrapFrame } from "../../wire/frame.js";
import { AUTHORITY, REPORT_EVERY_FRAMES } from "../../wire/limits.js";
import type { Body, Message } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { SignedResult } from "../../wire/result.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";
import { Authority, whyNoAuthority } from "./authority.js";
import { Ending, type Outcome, outcomeOf } from "./ending.js";
import { Inquiry } from "./inquiry.js";
import type { Verdict } from "./judgement.js";

/**
 * His newest inputs may have been lost on the way while he plays on; more than a window and delay he has not confirmed.
 * Who could report frames of the far future would agree there with himself: everybody else is too far behind to count.
 */
const AHEAD_FRAMES = 64;

/** "unattended": there is no authority, or none any more, and why. */
export type RefereeEvent =
  | { type: "desync"; verdict: Verdict }
  /** Who was found wrong has taken over the truth, and is compared again. */
  | { type: "healed"; seat: number; frame: number }
  | { type: "unattended"; why: string };

export interface RefereeOptions {
  /** Told when all present seats agree on their hash chain at a frame: its low 32 bits. */
  onAgreed?: ((frame: number, chain: number) => void) | undefined;
  /** The simulation that is the truth of the match, if it is here before the match; else `appoint` brings it. */
  authority?: Simulation | undefined;
  /** Whether `announce` will be called once the match is over: who waits for the result hears nothing before. */
  announces?: boolean | undefined;
  /** What runs here, for reports of a desync. */
  host?: HostIdentity | undefined;
  onEvent: (event: RefereeEvent) => void;
}

export class Referee {
  readonly #options: RefereeOptions;
  readonly #inquiry = new Inquiry();
  readonly #ending: Ending;
  #match: Match | undefined;

  constructor(options: RefereeOptions) {
    this.#options = options;
    this.#ending = new Ending(options.announces === true);
  }

  open(match: Match): void {
    this.#match = match;
    if (this.#options.authority !== undefined) this.appoint(this.#options.authority);
  }

  /**
   * Makes a simulation the authority of the open match: its hash is the truth from now on. It plays from frame zero, so
   * it has to come before the first inputs are forgotten; what can't play this match is told as "unattended".
   */
  appoint(simulation: Simulation): void {
    const match = this.#match;
    if (match === undefined) return;
    const { config, inputs } = match;
    const onLink = (end: number, value: number): void => {
      if (end % REPORT_EVERY_FRAMES === 0) this.compare(match, AUTHORITY, end, value | 0);
    };
    const why = whyNoAuthority(simulation, config);
    const agreedEnd = (): number => match.agreement.agreedEnd;
    const { host } = this.#options;
    if (why === undefined) match.appoint(new Authority({ simulation, config, inputs, onLink, agreedEnd, host }));
    else this.#options.onEvent({ type: "unattended", why });
  }

  /** The frame the authority plays next; undefined where there is none. */
  get frame(): number | undefined {
    return this.#match?.authority?.frame;
  }

  /** Lets the authority play on, some frames at most, and answers how many: apart from `tick`, to tell what it costs. */
  simulate(): number {
    const match = this.#match;
    if (match?.authority === undefined) return 0;
    const frames = match.authority.advance(match.confirmed);
    const { failed } = match.authority;
    if (failed !== undefined) {
      match.dismiss();
      this.#options.onEvent({ type: "unattended", why: failed });
    }
    return frames;
  }

  /** The match as the authority played it to its end; undefined before, and without one. */
  get outcome(): Outcome | undefined {
    return this.#match && outcomeOf(this.#match);
  }

  /** What those hear who left and wait for the result: the result, or that there is none. */
  announce(result: SignedResult | undefined): void {
    this.#ending.announce(result);
  }

  /** A seat's newest chain values. */
  reported(match: Match, { index }: Seat, chain: Body<"inputs">["chain"]): void {
    for (let i = 0; i < chain.count; i++) {
      const { frame, value } = chain.items[i]!;
      const held = match.inputs.held(index);
      const end = unwrapFrame(frame, held);
      if (end <= held + AHEAD_FRAMES) this.compare(match, index, end, value | 0);
    }
  }

  /** A party's chain value, against everybody's: signed, since a number above 2^31 that is handed on is garbage. */
  compare(match: Match, party: number, frame: number, value: number): void {
    const { agreement } = match;
    const before = agreement.agreedEnd;
    agreement.report(party, frame, value, match.present());
    if (agreement.agreedEnd > before) this.#options.onAgreed?.(agreement.agreedEnd, value >>> 0);
  }

  /** Takes a seat's hashes, or evidence for another party. False when it is out of place. */
  hear(match: Match, seat: Seat, message: Message, outbox: Outbox, now: number): boolean {
    switch (message.type) {
      case "hashes":
        match.agreement.answer(seat.index, message.body);
        this.tick(match, outbox, now);
        return true;
      case "leaves":
        match.agreement.leaves(seat.index, message.body);
        this.tick(match, outbox, now);
        return true;
      case "parcel":
      case "lacking":
      case "heal":
        return this.#inquiry.passOn(match, seat, message, outbox, now);
      case "healed":
        return this.#healed(match, seat, message.body);
      default:
        return false;
    }
  }

  #healed(match: Match, { index }: Seat, healed: Body<"healed">): boolean {
    const outcome = this.#inquiry.healed(match, index, healed);
    if (outcome === "again") this.#options.onEvent({ type: "healed", seat: index, frame: healed.frame });
    return outcome !== "stranger";
  }

  /** He says good-bye; with reason 2 he waits for the result. */
  bye(seat: Seat, { reason }: Body<"bye">): void {
    if (reason === 2) this.#ending.wait(seat);
  }

  /** He looked on until the end: he hears the result like those who waited for it, or that the match is over. */
  dismiss(seat: Seat, outbox: Outbox, now: number): void {
    this.#ending.wait(seat);
    this.farewell(seat, outbox, now);
  }

  /** What somebody hears who is out and still talks. */
  farewell(seat: Seat, outbox: Outbox, now: number): void {
    this.#ending.answer(this.#match!, seat, outbox, now);
  }

  tick(match: Match, outbox: Outbox, now: number): void {
    const verdict = this.#inquiry.tick(match, outbox, now);
    if (verdict !== undefined) this.#options.onEvent({ type: "desync", verdict });
  }
}
