// Those who come in while the match runs, players and spectators: a snapshot, the inputs since, and a frame to begin at.
import { HISTORY_FRAMES } from "../../session/inputs/final-inputs.js";
import { unwrapFrame } from "../../wire/frame.js";
import { SPECTATORS_MAX } from "../../wire/limits.js";
import { type Body, blank, type Message, Refusal } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import { GENERATIONS } from "../../wire/stream.js";
import { FanOut } from "../fan-out.js";
import { acknowledge } from "../intake.js";
import { lagFrames } from "../lag.js";
import type { Match } from "../match.js";
import { Seat } from "../seat.js";
import { mayJoin } from "../succession/quorum.js";
import type { Timing } from "../timing/timing.js";
import { Agreed } from "./agreed.js";
import { Arrival, REPORTS_MAX } from "./arrival.js";
import { Crowd, delaySeconds } from "./crowd.js";
import { Handout } from "./handout.js";
import { OVER } from "./places.js";

/** So long a spectator is told what was agreed on: at 10 % loss thirty times in vain once in 10^30. */
const TOLD_MS = 2000;

/** Snapshots that may fail somebody, by being wrong or too old, before he is sent away. */
const ATTEMPTS_MAX = 4;

/** Time between two words to somebody who is out and still talks. */
const FAREWELL_MS = 200;

/** Frames that a newcomer may lie behind in his reports, beside his round trip, and be as good as anybody. */
const LIVE_FRAMES = 24;

/** Frames of tail that a newcomer may lack before his snapshot is too old for him. */
const STALE_FRAMES = HISTORY_FRAMES - 128;

/** Slack on top of a round trip until a joiner's own inputs count, in frames: one that is lost is repeated in time. */
const JOIN_SLACK_FRAMES = 4;

const NOT_BROUGHT = "You could not be brought up to date: the state did not come in time, or not as it was. Try again.";

export type ReceptionEvent =
  | { type: "joined"; seat: number; frame: number }
  | { type: "spoilt"; frame: number; donor: number | undefined }
  | { type: "refused"; peer: number; text: string }
  /** A spectator is out: he left, fell silent, or too far behind. */
  | { type: "unwatched"; peer: number };

export interface ReceptionOptions {
  outbox: Outbox;
  spectatorDelaySeconds?: number | undefined;
  onEvent: (event: ReceptionEvent) => void;
  /** A spectator has seen the match to its end. */
  onEnd: (seat: Seat, now: number) => void;
  timing: Timing;
}

export class Reception {
  readonly #outbox: Outbox;
  readonly #onEvent: (event: ReceptionEvent) => void;
  readonly #onEnd: (seat: Seat, now: number) => void;
  readonly #timing: Timing;
  readonly #handout: Handout;
  readonly #arrivals: Arrival[] = [];
  readonly #watching: Seat[] = [];
  readonly #agreed = new Agreed();
  /** Of seats that nobody has played yet: the generation of who tried to. */
  readonly #forgotten = new Map<number, number>();
  readonly #spectatorDelaySeconds: number;
  #fanOut: FanOut | undefined;
  #crowd: Crowd | undefined;

  constructor(options: ReceptionOptions) {
    this.#outbox = options.outbox;
    this.#onEvent = options.onEvent;
    this.#onEnd = options.onEnd;
    this.#timing = options.timing;
    this.#handout = new Handout({
      ...{ outbox: options.outbox, agreed: this.#agreed },
      onSpoilt: (frame, donor) => options.onEvent({ type: "spoilt", frame, donor }),
    });
    this.#spectatorDelaySeconds = delaySeconds(options.spectatorDelaySeconds);
  }

  /** The room is open. */
  open(match: Match): void {
    this.#fanOut = new FanOut(match.config.players);
    this.#crowd = new Crowd(this.#outbox, match, this.#spectatorDelaySeconds);
  }

  /** Somebody is to come in on this seat, which is absent. */
  admit(match: Match, options: { index: number; peer: number; token: string; now: number }): Seat {
    const { inputDelay, players } = match.config;
    const previous = match.seats[options.index];
    // Also who came in nearly, and was forgotten: if he comes again he begins anew, and must know it.
    const generation = (previous?.generation ?? this.#forgotten.get(options.index) ?? -1) + 1;
    const seat = new Seat({ ...options, seats: players, inputDelay, frameMs: match.frameMs, generation });
    seat.phase = "joining";
    match.seats[options.index] = seat;
    // Behind the seat's last input, so that it is absent for him until he is in; and not before anything that is held.
    const least = Math.max(match.inputs.leftAt(seat.index), match.inputs.base);
    this.#arrivals.push(new Arrival(seat, previous, least));
    return seat;
  }

  get #watchers(): Seat[] {
    return [...this.#watching, ...this.#arrivals.map(({ seat }) => seat)].filter((seat) => seat.watches);
  }

  /** Who looks on, or is about to, by his token. */
  watcher(token: string): Seat | undefined {
    return this.#watchers.find((seat) => seat.token === token);
  }

  /** Somebody wants to look on; undefined when there are too many. */
  watch(match: Match, options: { peer: number; token: string; now: number }): Seat | undefined {
    const known = this.watcher(options.token);
    if (known !== undefined) return known;
    if (this.#watchers.length >= SPECTATORS_MAX) return undefined;
    const { inputDelay, players } = match.config;
    const seat = new Seat({ ...options, index: players, seats: players, inputDelay, frameMs: match.frameMs });
    seat.phase = "joining";
    seat.watches = true;
    this.#arrivals.push(new Arrival(seat, undefined, match.inputs.base));
    return seat;
  }

  /** This machine slept until `now`: who looks on was not silent, either. */
  slept(ms: number, now: number): void {
    for (const seat of this.#watching) seat.slept(ms, now);
    for (const { seat } of this.#arrivals) if (seat.watches) seat.slept(ms, now);
  }

  /** Everybody's hash chains agree at this frame. */
  agreed(frame: number, value: number): void {
    this.#agreed.note(frame, value);
    for (const arrival of this.#arrivals) {
      const reported = arrival.reports.get(frame);
      if (reported !== undefined) arrival.compare(frame, reported === value);
    }
  }

  /** Takes a message of somebody who is coming in, or of a donor; false when it has no place here. */
  hear(match: Match, seat: Seat, message: Message, now: number): boolean {
    switch (message.type) {
      case "kept":
      case "chunk":
        this.#handout.hear(this.#arrivals, seat, message, now);
        return true;
      case "inputs":
        return this.#inputs(match, seat, message.body, now);
      case "want":
        return this.#want(seat, message.body);
      case "spoilt":
        return this.#spoilt(seat, message.body, now);
      default:
        return false;
    }
  }

  #arrivalOf(seat: Seat): Arrival | undefined {
    return this.#arrivals.find((arrival) => arrival.seat === seat);
  }

  #inputs(match: Match, seat: Seat, body: Body<"inputs">, now: number): boolean {
    if (body.seat !== (seat.watches ? 0 : seat.index) || body.generation !== seat.generation % GENERATIONS)
      return false;
    // What his path loses should be known once others wait for him.
    seat.path.arrivals.arrived();
    if (body.timed) seat.told(body, now);
    // A datagram of somebody who begins elsewhere: he has not heard of his new snapshot yet.
    if (body.first !== (seat.begin & 0xffff)) return true;
    acknowledge(match, seat, body, seat.begin);
    const arrival = this.#arrivalOf(seat);
    if (arrival?.frame === undefined) return true;
    if (body.timed) arrival.travelled(body.roundTrip);
    arrival.begun = true;
    for (let i = 0; i < body.chain.count; i++) {
      const { frame: low, value } = body.chain.items[i]!;
      this.#reported(arrival, unwrapFrame(low, match.finalEnd), value);
    }
    return true;
  }

  #reported(arrival: Arrival, frame: number, value: number): void {
    if (frame <= arrival.frame!) return;
    arrival.reportedEnd = Math.max(arrival.reportedEnd, frame);
    const agreed = this.#agreed.at(frame);
    if (agreed !== undefined) arrival.compare(frame, agreed === value);
    else if (frame > this.#agreed.end && arrival.reports.size < REPORTS_MAX) arrival.reports.set(frame, value);
  }

  #want(seat: Seat, want: Body<"want">): boolean {
    const arrival = this.#arrivalOf(seat);
    if (arrival?.frame === undefined || want.frame !== arrival.frame) return false;
    arrival.supply.wish(want);
    return true;
  }

  #spoilt(seat: Seat, { frame }: Body<"spoilt">, now: number): boolean {
    const arrival = this.#arrivalOf(seat);
    if (arrival === undefined) return false;
    if (arrival.frame === frame) this.#handout.renew(arrival, now);
    return true;
  }

  /** Lives until `now`: fetches, hands on, and lets in who is ready. */
  tick(match: Match, now: number): void {
    if (!match.started || (this.#arrivals.length === 0 && this.#watching.length === 0)) return;
    for (let i = this.#watching.length - 1; i >= 0; i--) this.#inspect(match, this.#watching[i]!, now);
    this.#crowd!.tick(match, this.#watching, now);
    for (let i = this.#arrivals.length - 1; i >= 0; i--) {
      const arrival = this.#arrivals[i]!;
      const outcome = this.#host(match, arrival, now);
      if (outcome !== "waits") this.#arrivals.splice(i, 1);
    }
    if (this.#arrivals.length > 0) this.#handout.tick(match, now);
  }

  #serve(match: Match, seat: Seat, now: number): void {
    if (seat.watches) this.#crowd!.serve(match, seat, now);
    else if (now >= seat.flushAt) this.#fanOut!.send(match, seat, this.#outbox, now);
  }

  /** Who falls too far behind, or silent, is out; nobody else notices. */
  #inspect(match: Match, seat: Seat, now: number): void {
    const silent = now - seat.lastHeardAt > match.config.dropAfterMs;
    const lag = lagFrames(match, seat);
    if (!match.anyonePresent && lag === 0) {
      this.leave(match, seat);
      this.#onEnd(seat, now);
      return;
    }
    if (!silent && lag <= STALE_FRAMES) return;
    this.#refuse(
      seat,
      "You fell too far behind to look on: your line is too slow, or slept. Come back by joining again.",
    );
    this.leave(match, seat);
  }

  #host(match: Match, arrival: Arrival, now: number): "waits" | "in" | "out" {
    const { seat } = arrival;
    if (now - seat.lastHeardAt > match.config.dropAfterMs)
      return seat.watches ? this.#sendAway(match, arrival) : this.#forget(match, arrival);
    if (!seat.watches && !match.anyonePresent) return this.#sendAway(match, arrival, OVER);
    if (arrival.attempts >= ATTEMPTS_MAX) return this.#sendAway(match, arrival);
    if (arrival.wrong) this.#handout.renew(arrival, now);
    if (!this.#handout.ready(match, arrival, now)) return "waits";
    if (lagFrames(match, seat) > STALE_FRAMES) {
      arrival.again();
      return "waits";
    }
    const shownEnd = match.finalEnd - (seat.watches ? this.#crowd!.delayFrames : 0);
    // A spectator's delay holds for the state he begins with, too.
    if (seat.watches && shownEnd < arrival.frame!) return "waits";
    this.#handout.give(match, arrival, shownEnd, now);
    this.#serve(match, seat, now);
    // He has played what everybody has, but for what is under way.
    const isLive = arrival.reportedEnd >= shownEnd - seat.roundTripMs / match.frameMs - LIVE_FRAMES;
    if (!arrival.proven || !isLive || !mayJoin(match)) return "waits";
    if (seat.watches) {
      // No roster says that he is in: he has to have heard what to compare with.
      arrival.provenAt ??= now;
      if (now - arrival.provenAt < TOLD_MS) return "waits";
      seat.phase = "watching";
      this.#watching.push(seat);
      return "in";
    }
    const { tripMs, previous } = arrival;
    const why = this.#timing.tooFar(match, tripMs);
    // Whose seat it was before has it back, however far he is by now.
    if (why !== undefined && previous?.token !== seat.token) return this.#sendAway(match, arrival, why);
    if (!this.#timing.suits(match, tripMs, now)) return "waits";
    this.#join(match, arrival, now);
    return "in";
  }

  // From a frame on that nobody has been told anything of: so nobody waits for him, and nobody rolls back. What he presses
  // counts from when it can be here; before that he is there, and presses nothing.
  #join(match: Match, { seat, provenEnd }: Arrival, now: number): void {
    const { inputs } = match;
    const frame = Math.max(match.promisedEnd, match.confirmed, inputs.leftAt(seat.index));
    const heard = match.clock(now) + seat.roundTripMs / match.frameMs + JOIN_SLACK_FRAMES;
    match.join(seat, frame, Math.max(frame, Math.ceil(heard + match.inputDelay)), provenEnd);
    seat.join(match.frameMs, now);
    this.#onEvent({ type: "joined", seat: seat.index, frame });
  }

  /** He fell silent, or left: his seat is again what it was. */
  #forget(match: Match, { seat, previous }: Arrival): "out" {
    if (match.seats[seat.index] === seat) match.seats[seat.index] = previous;
    this.#forgotten.set(seat.index, seat.generation);
    if (previous !== undefined) previous.generation = seat.generation;
    if (previous?.token === seat.token) previous.serial = seat.serial;
    seat.phase = "gone";
    return "out";
  }

  #sendAway(match: Match, arrival: Arrival, why = NOT_BROUGHT): "out" {
    this.#refuse(arrival.seat, why);
    return this.#forget(match, arrival);
  }

  /** Somebody who was sent away still talks: tells him again why. False when he is none of those. */
  farewell(seat: Seat, now: number): boolean {
    if (seat.refused === undefined) return false;
    if (now < seat.flushAt) return true;
    this.#refuse(seat, seat.refused);
    seat.flushAt = now + FAREWELL_MS;
    return true;
  }

  #refuse(seat: Seat, text: string): void {
    const { peer } = seat;
    if (seat.refused === undefined) this.#onEvent({ type: "refused", peer, text });
    seat.refused = text;
    const refused = blank("refused");
    refused.reason = Refusal.Gone;
    refused.text = text;
    this.#outbox.post(peer, "refused", refused);
  }

  /** Somebody who comes in, or looks on, says good-bye. */
  leave(match: Match, seat: Seat): void {
    const at = this.#arrivals.findIndex((arrival) => arrival.seat === seat);
    if (at >= 0) this.#forget(match, this.#arrivals.splice(at, 1)[0]!);
    const place = this.#watching.indexOf(seat);
    if (place >= 0) {
      this.#watching.splice(place, 1);
      this.#onEvent({ type: "unwatched", peer: seat.peer });
    }
    seat.phase = "gone";
  }
}
