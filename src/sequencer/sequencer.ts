// The centre of the star: takes every player's inputs, makes them final, fans them out, and compares the hashes.
import { SamestepError } from "../error.js";
import type { FinalInputs } from "../session/inputs/final-inputs.js";
import { TRAVEL_STEPS } from "../session/path/path-meter.js";
import { PROBES } from "../wire/limits.js";
import { type MatchConfig, whyUnplayable } from "../wire/match-config.js";
import { type Body, blank, Decoder, type Message, Refusal } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { GENERATIONS } from "../wire/stream.js";
import { FanOut } from "./fan-out.js";
import { Intake } from "./intake.js";
import { Admission, type Room } from "./joining/admission.js";
import { Door } from "./joining/door.js";
import { Reception } from "./joining/reception.js";
import { lagFrames } from "./lag.js";
import { Match } from "./match.js";
import type { SequencerCounts, SequencerEvent, SequencerOptions } from "./options.js";
import type { Seat } from "./seat.js";
import type { SeatQuality } from "./seat-quality.js";
import { baseOf, type History, resume } from "./succession/history.js";
import { type Holdings, takeIn } from "./succession/holdings.js";
import { Timing, tooFar } from "./timing/timing.js";
import { Referee } from "./verdict/referee.js";

/** Time between the last player's readiness and frame zero, beside the slowest path: room for a lost `start`. */
const COUNTDOWN_MS = 500;

export type { SequencerCounts, SequencerEvent, SequencerOptions } from "./options.js";

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #admission: Admission;
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  /** Compares the hashes; with an authority, knows how it ends. */
  readonly referee: Referee;
  readonly #intake: Intake;
  readonly #timing: Timing;
  readonly #byPeer = new Map<number, Seat>();
  readonly #reception: Reception;
  readonly #door: Door;
  readonly #counts: SequencerCounts = {
    malformed: 0,
    strangers: 0,
    unusable: 0,
    replayed: 0,
    equivocations: 0,
    replaced: 0,
    late: 0,
  };
  /** Without those at the door. */
  #strangers = 0;
  /** Inputs became final, at this time, of which nobody has been told yet. */
  #untold = false;
  #finalAt = Number.NaN;
  #match: Match | undefined;
  #fanOut: FanOut | undefined;
  #events: SequencerEvent[] = [];

  constructor(options: SequencerOptions = {}) {
    this.#options = options;
    const { authority, announces, spectatorDelaySeconds, history, members = false } = options;
    this.#admission = new Admission(options.room ?? history?.room, options.games);
    const onEvent = (event: SequencerEvent): void => void this.#events.push(event);
    const onEnd = (seat: Seat, now: number): void => this.referee.dismiss(seat, this.#outbox, now);
    this.#timing = new Timing(onEvent, (ms, now) => this.#reception.slept(ms, now));
    const outbox = this.#outbox;
    this.#reception = new Reception({ outbox, spectatorDelaySeconds, onEvent, onEnd, timing: this.#timing });
    this.#door = new Door({
      ...{ admission: this.#admission, reception: this.#reception, outbox, byPeer: this.#byPeer },
      ...{ onEvent, members },
      open: (room) => this.#open(room.config),
      drop: (match, seat, now) => this.#leave(match, seat, "dropped", now),
    });
    const onAgreed = (frame: number, chain: number): void => {
      this.#reception.agreed(frame, chain);
      options.onAgreed?.(frame, chain);
    };
    this.referee = new Referee({ onAgreed, authority, announces, host: options.host, onEvent });
    this.#intake = new Intake((seat, frame) => {
      this.#counts.equivocations += 1;
      this.#events.push({ type: "equivocation", seat, frame });
    });
    if (history !== undefined) this.#resume(history);
    if (options.room === undefined) return;
    const why = whyUnplayable(options.room.config);
    if (why !== undefined) throw new SamestepError("BAD_CONFIG", why);
    this.#open(options.room.config);
  }

  get config(): MatchConfig | undefined {
    return this.#match?.config;
  }
  /** What every player of the room must share, once somebody opened it. */
  get room(): Room | undefined {
    return this.#admission.room;
  }
  get started(): boolean {
    return this.#match?.started === true;
  }
  /** Everybody who played has left. */
  get over(): boolean {
    return this.started && !this.#match!.anyonePresent;
  }
  get stableEnd(): number {
    return this.#match?.stableEnd ?? 0;
  }
  get agreedEnd(): number {
    return this.#match?.agreement.agreedEnd ?? 0;
  }
  get inputs(): FinalInputs | undefined {
    return this.#match?.inputs;
  }
  get counts(): SequencerCounts {
    this.#counts.strangers = this.#strangers + this.#door.strangers;
    this.#counts.replayed = this.#door.replayed;
    this.#counts.unusable = this.#intake.unusable;
    this.#counts.late = this.#intake.late;
    this.#counts.replaced = this.#timing.replaced;
    return this.#counts;
  }
  get sentBytes(): number {
    return this.#outbox.sentBytes;
  }
  get sentDatagrams(): number {
    return this.#outbox.sentDatagrams;
  }

  takeEvents(): SequencerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Hands over the datagrams that are due. Their bytes are borrowed during each call of `send`. */
  drain(send: Send): void {
    if (this.#untold) this.#forward(this.#match!, this.#finalAt);
    this.#untold = false;
    this.#outbox.drain(send);
  }

  /** The seat a peer sits on, if he has one. */
  seatOf(peer: number): number | undefined {
    return this.#byPeer.get(peer)?.index;
  }

  /** What goes to a peer takes so many stripes in turn. */
  carries(peer: number, stripes: number): void {
    const seat = this.#byPeer.get(peer);
    if (seat !== undefined) seat.stripes = stripes;
  }

  /** He had a seat, or looked on, and does no longer. */
  isOut(peer: number): boolean {
    return this.#byPeer.get(peer)?.phase === "gone";
  }

  /** A seat's figures, updated in place; undefined while nobody sits there. */
  quality(seat: number): SeatQuality | undefined {
    return this.#match?.seats[seat]?.quality.figures;
  }

  /** Frames that a player's acknowledgements lie behind what is final: how slow a reader he is. */
  lagFrames(peer: number): number {
    const seat = this.#byPeer.get(peer);
    const match = this.#match;
    return match === undefined || seat?.phase !== "playing" ? 0 : lagFrames(match, seat);
  }

  /** The carrier lost this peer. In a running match his seat is kept until the silence limit, for him to come back to. */
  disconnect(peer: number): void {
    const seat = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    // Who looks on has no seat of his own to free.
    if (seat?.watches === false && !this.started) this.#match!.seats[seat.index] = undefined;
  }

  /** Takes one datagram. Anything that does not make sense is counted and dropped. */
  receive(peer: number, bytes: Uint8Array, now: number): void {
    this.#timing.wake(this.#match, now);
    const message = this.#decoder.decode(bytes);
    if (message === undefined) {
      this.#counts.malformed += 1;
      return;
    }
    if (message.type === "hello") {
      this.#door.hello(this.#match, peer, message.body, now);
      return;
    }
    const seat = this.#byPeer.get(peer);
    if (seat === undefined) {
      this.#strangers += 1;
      return;
    }
    seat.lastHeardAt = now;
    seat.quality.receivedBytes += bytes.length;
    if (seat.phase === "gone") {
      if (!this.#reception.farewell(seat, now)) this.referee.farewell(seat, this.#outbox, now);
    } else if (seat.phase === "joining" || seat.phase === "watching") this.#host(this.#match!, seat, message, now);
    else this.#dispatch(this.#match!, seat, message, now);
  }

  #dispatch(match: Match, seat: Seat, message: Message, now: number): void {
    switch (message.type) {
      case "probe":
        this.#probe(match, seat, message.body, now);
        return;
      case "inputs":
        if (match.started) this.#inputs(match, seat, message.body, now);
        return;
      case "part":
        if (match.started && this.#intake.takePart(match, seat, message.body)) this.#becameFinal(match, now);
        return;
      case "delay":
        this.#timing.hear(seat, message.body, now);
        return;
      case "bye":
        this.referee.bye(seat, message.body);
        this.#leave(match, seat, "left", now);
        return;
      case "kept":
      case "chunk":
        this.#host(match, seat, message, now);
        return;
      default:
        if (!this.referee.hear(match, seat, message, this.#outbox, now)) this.#strangers += 1;
    }
  }

  /** Somebody who comes in or looks on, or who helps one to do so. */
  #host(match: Match, seat: Seat, message: Message, now: number): void {
    if (message.type === "bye") this.#reception.leave(match, seat);
    else if (!this.#reception.hear(match, seat, message, now)) this.#strangers += 1;
  }

  #resume(history: History): void {
    const match = this.#open(history.room.config, baseOf(history));
    resume(match, history);
    for (const seat of match.seats) if (seat !== undefined) this.#byPeer.set(seat.peer, seat);
    this.#timing.resume(match);
  }

  /** A member of a resumed match says what he holds: he goes on as he is, or (false) his seat is absent, to come in again. */
  takeIn(index: number, holdings: Holdings, now: number): boolean {
    const match = this.#match!;
    const seat = match.seats[index];
    if (seat?.phase === "playing") return true;
    if (seat?.phase === "awaited" && takeIn(match, seat, holdings, now)) return true;
    if (seat?.phase === "awaited") this.#leave(match, seat, "dropped", now);
    return false;
  }

  /** Who has not been taken in by now is out: somebody who may decided so. */
  dropAwaited(now: number): void {
    const match = this.#match!;
    for (const seat of match.seats) if (seat?.phase === "awaited") this.#leave(match, seat, "dropped", now);
  }

  /** All that it knows, for who hands it over. */
  get match(): Match | undefined {
    return this.#match;
  }

  #open(config: MatchConfig, base?: number): Match {
    this.#match = new Match(config, this.#options.members, base);
    this.#fanOut = new FanOut(config.players);
    this.#reception.open(this.#match);
    this.#events.push({ type: "opened", config });
    this.referee.open(this.#match);
    return this.#match;
  }

  #probe(match: Match, seat: Seat, probe: Body<"probe">, now: number): void {
    seat.roundTripMs = probe.roundTrip / 4;
    if (seat.phase === "probing" && probe.samples >= PROBES) seat.phase = "ready";
    if (!match.started && enoughReady(match)) this.#start(match, now);
    if (match.started) {
      const start = blank("start");
      start.seat = seat.index;
      start.echo = probe.sequence;
      start.wait = Math.max(0, Math.round(-4 * match.clock(now) * match.frameMs));
      start.inputDelay = match.inputDelay;
      start.absent = match.vacant;
      this.#outbox.post(seat.peer, "start", start);
      return;
    }
    const probed = blank("probed");
    probed.echo = probe.sequence;
    probed.present = match.seats.filter((other) => other !== undefined).length;
    this.#outbox.post(seat.peer, "probed", probed);
  }

  #start(match: Match, now: number): void {
    const far = tooFar(match);
    if (far !== undefined) {
      this.#door.refuse(far.seat.peer, Refusal.Settings, far.text);
      this.#byPeer.delete(far.seat.peer);
      match.seats[far.seat.index] = undefined;
      return;
    }
    const slowest = Math.max(...match.seats.map((seat) => seat?.roundTripMs ?? 0));
    const zeroAt = now + slowest / 2 + COUNTDOWN_MS;
    match.start(zeroAt);
    for (const [index, seat] of match.seats.entries()) {
      if (seat === undefined) match.vacate(index);
      else seat.play(zeroAt);
    }
    this.#events.push({ type: "started" });
    this.#timing.start(match, now);
  }

  #inputs(match: Match, seat: Seat, body: Body<"inputs">, now: number): void {
    if (body.seat !== seat.index || body.generation !== seat.generation % GENERATIONS) {
      this.#strangers += 1;
      return;
    }
    seat.path.arrivals.arrived();
    if (body.timed) seat.told(body, now);
    const held = match.inputs.held(seat.index);
    const { late } = this.#intake;
    this.#intake.take(match, seat, body, now);
    if (this.#intake.late > late) seat.progressAt = now;
    if (match.inputs.held(seat.index) > held) {
      seat.progressAt = now;
      measure(match, seat, held, now);
    }
    this.referee.reported(match, seat, body.chain);
    if (match.inputs.held(seat.index) > held) this.#becameFinal(match, now);
  }

  /** Inputs became final: the next drain tells of them, of all that came together at once. */
  #becameFinal(match: Match, now: number): void {
    this.#confirm(match);
    this.#untold = true;
    this.#finalAt = now;
  }

  /** With two players the other is due at once; with more, when all others have come. */
  #forward(match: Match, now: number): void {
    for (const seat of match.seats) {
      if (seat?.phase === "playing" && this.#fanOut!.due(match, seat))
        this.#fanOut!.send(match, seat, this.#outbox, now);
    }
  }

  #confirm(match: Match): void {
    const end = match.finalEnd;
    for (; match.confirmed < end; match.confirmed++) {
      this.#options.onConfirmed?.(match.confirmed, match.inputs.record(match.confirmed));
    }
  }

  #leave(match: Match, seat: Seat, why: "left" | "dropped", now: number): void {
    if (!match.started) {
      match.seats[seat.index] = undefined;
      if (this.#byPeer.get(seat.peer) === seat) this.#byPeer.delete(seat.peer);
      return;
    }
    match.agreement.forget(seat.index);
    const { frame } = match.leave(seat, why);
    seat.goneAt = now;
    this.#events.push({ type: "left", seat: seat.index, frame, dropped: why === "dropped" });
    this.#confirm(match);
    if (!match.anyonePresent) this.#events.push({ type: "over", frames: match.confirmed });
  }

  /** Lives until `now`: sends to whoever is due, drops whoever is silent for too long. */
  tick(now: number): void {
    const match = this.#match;
    const replaced = this.#timing.tick(match, now);
    if (match === undefined) return;
    if (replaced) this.#becameFinal(match, now);
    for (const seat of match.seats) {
      if (seat === undefined || !seat.present) continue;
      seat.quality.measure(seat, now);
      if (this.#timing.forsakes(match, seat, now)) this.#leave(match, seat, "dropped", now);
      else if (seat.phase === "playing" && now >= seat.flushAt) this.#fanOut!.send(match, seat, this.#outbox, now);
    }
    this.#reception.tick(match, now);
    this.referee.tick(match, this.#outbox, now);
  }
}

/** All seats are ready, or as many as the match starts with; nobody who has come is left behind. */
function enoughReady({ seats, config }: Match): boolean {
  const ready = seats.filter((seat) => seat?.phase === "ready").length;
  const wanted = config.startWith > 0 ? config.startWith : seats.length;
  return ready >= wanted && seats.every((seat) => seat === undefined || seat.phase === "ready");
}

/** How his newest inputs travelled, the oldest of which is that of the frame `first`; in whole numbers, which are no garbage. */
function measure(match: Match, seat: Seat, first: number, now: number): void {
  const { inputs, config, frameMs, inputDelay } = match;
  const clock = match.clock(now);
  const spare = first + config.predictionWindow + inputDelay - clock;
  seat.quality.came((spare * frameMs) | 0, now);
  seat.path.travelled((TRAVEL_STEPS * frameMs * (clock - inputs.held(seat.index))) | 0);
}
