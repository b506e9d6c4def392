// The centre of the star: takes every player's inputs, makes them final, fans them out, and compares the hashes.
import { SamestepError } from "../error.js";
import type { FinalInputs } from "../session/final-inputs.js";
import { unwrapFrame } from "../wire/frame.js";
import { PROBES } from "../wire/limits.js";
import { type MatchConfig, whyUnplayable } from "../wire/match-config.js";
import { type Body, blank, Decoder, type Message } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { Change, GENERATIONS } from "../wire/stream.js";
import { Admission, type Room } from "./admission.js";
import type { Verdict } from "./agreement.js";
import { FanOut } from "./fan-out.js";
import { Inquiry } from "./inquiry.js";
import { Intake } from "./intake.js";
import { Match } from "./match.js";
import { Seat } from "./seat.js";

/** Time between the last player's readiness and frame zero, beside the slowest path: room for a lost `start`. */
const COUNTDOWN_MS = 500;

/** A gap between ticks that means this machine slept: silence is not counted through it. */
const SLEEP_MS = 250;

/** Time between two good-byes to somebody who is out and still talks. */
const FAREWELL_MS = 200;

export type SequencerEvent =
  | { type: "opened"; config: MatchConfig }
  | { type: "seated"; seat: number; peer: number }
  | { type: "refused"; peer: number; text: string }
  | { type: "started" }
  | { type: "left"; seat: number; frame: number; dropped: boolean }
  | { type: "equivocation"; seat: number; frame: number }
  | { type: "desync"; verdict: Verdict }
  | { type: "over"; frames: number };

export interface SequencerOptions {
  /** The match; without it the first player's hello opens the room. */
  room?: Room;
  /** Told of each frame whose inputs are all final, in order, with the record of all seats' cells. */
  onConfirmed?: (frame: number, record: Uint8Array) => void;
  /** Told when all present seats agree on their hash chain at a frame: its low 32 bits. */
  onAgreed?: (frame: number, chain: number) => void;
}

/** What strangers and broken peers sent. */
export interface SequencerCounts {
  malformed: number;
  /** Messages out of place: from somebody without a seat, or that only a sequencer sends. */
  strangers: number;
  unusable: number;
  /** Inputs that came a second time and were different. */
  equivocations: number;
}

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #admission: Admission;
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #inquiry = new Inquiry();
  readonly #intake: Intake;
  readonly #byPeer = new Map<number, Seat>();
  readonly #counts: SequencerCounts = { malformed: 0, strangers: 0, unusable: 0, equivocations: 0 };
  #match: Match | undefined;
  #fanOut: FanOut | undefined;
  #events: SequencerEvent[] = [];
  #lastTick: number | undefined;
  #lastGap = 0;

  constructor(options: SequencerOptions = {}) {
    this.#options = options;
    this.#admission = new Admission(options.room);
    this.#intake = new Intake((seat, frame) => {
      this.#counts.equivocations += 1;
      this.#events.push({ type: "equivocation", seat, frame });
    });
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
    this.#counts.unusable = this.#intake.unusable;
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
    this.#outbox.drain(send);
  }

  /** The seat a peer sits on, if he has one. */
  seatOf(peer: number): number | undefined {
    return this.#byPeer.get(peer)?.index;
  }

  /** Frames that a player's acknowledgements lie behind what is final: how slow a reader he is. */
  lagFrames(peer: number): number {
    const seat = this.#byPeer.get(peer);
    const match = this.#match;
    if (match === undefined || seat?.phase !== "playing") return 0;
    let lag = 0;
    for (let other = 0; other < match.seats.length; other++) {
      if (other !== seat.index) lag = Math.max(lag, match.inputs.held(other) - seat.received[other]!);
    }
    return lag;
  }

  /** The carrier lost this peer. In a running match his seat is kept until the silence limit, for him to come back to. */
  disconnect(peer: number): void {
    const seat = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    if (seat !== undefined && !this.started) this.#match!.seats[seat.index] = undefined;
  }

  /** Takes one datagram. Anything that does not make sense is counted and dropped. */
  receive(peer: number, bytes: Uint8Array, now: number): void {
    const message = this.#decoder.decode(bytes);
    if (message === undefined) {
      this.#counts.malformed += 1;
      return;
    }
    if (message.type === "hello") {
      this.#hello(peer, message.body, now);
      return;
    }
    const seat = this.#byPeer.get(peer);
    if (seat === undefined) {
      this.#counts.strangers += 1;
      return;
    }
    seat.lastHeardAt = now;
    if (seat.phase === "gone") this.#farewell(seat, now);
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
      case "bye":
        this.#leave(match, seat, "left");
        return;
      case "hashes": {
        const verdict = this.#inquiry.answer(match, seat, message.body);
        if (verdict !== undefined) this.#events.push({ type: "desync", verdict });
        return;
      }
      case "ask":
      case "answer":
        if (!this.#inquiry.passOn(match, seat, message, this.#outbox)) this.#counts.strangers += 1;
        return;
      default:
        this.#counts.strangers += 1;
    }
  }

  #open(config: MatchConfig): Match {
    this.#match = new Match(config);
    this.#fanOut = new FanOut(config.players);
    this.#events.push({ type: "opened", config });
    return this.#match;
  }

  #hello(peer: number, hello: Body<"hello">, now: number): void {
    const token = hello.token.join();
    const kept = this.#match?.seats.find((other) => other?.token === token);
    const sits = this.#byPeer.get(peer);
    if (sits !== undefined && sits !== kept) {
      this.#counts.strangers += 1; // one connection, one seat
      return;
    }
    if (hello.rejoin === 1 && kept === undefined) {
      this.#refuse(peer, 5, "This match is gone: the server was restarted, or the room was closed. Start a new match.");
      return;
    }
    const answer = this.#admission.consider(hello);
    if (answer.kind === "refused") {
      this.#refuse(peer, answer.reason, answer.text);
      return;
    }
    const match = this.#match ?? this.#open(answer.room.config);
    // The token is known to one player only: a hello with it from another peer is him on a new carrier.
    const seat = kept ?? this.#seat(match, peer, token, now);
    if (seat === undefined) {
      this.#refuse(peer, 4, `This room is full: all ${match.seats.length} seats are taken. Open another room.`);
      return;
    }
    if (seat.peer !== peer) this.#byPeer.delete(seat.peer);
    seat.peer = peer;
    seat.lastHeardAt = now;
    this.#byPeer.set(peer, seat);
    const welcome = blank("welcome");
    welcome.seat = seat.index;
    welcome.generation = seat.generation;
    welcome.config = match.config;
    this.#outbox.post(peer, "welcome", welcome);
  }

  /** A free seat for somebody new, or undefined. */
  #seat(match: Match, peer: number, token: string, now: number): Seat | undefined {
    const index = match.seats.indexOf(undefined);
    if (index < 0 || match.started) return undefined;
    const { inputDelay, players } = match.config;
    const seat = new Seat({ index, peer, token, seats: players, inputDelay, now });
    match.seats[index] = seat;
    this.#events.push({ type: "seated", seat: index, peer });
    return seat;
  }

  #refuse(peer: number, reason: number, text: string): void {
    const refused = blank("refused");
    refused.reason = reason;
    refused.text = text;
    this.#outbox.post(peer, "refused", refused);
    this.#events.push({ type: "refused", peer, text });
  }

  #probe(match: Match, seat: Seat, probe: Body<"probe">, now: number): void {
    seat.roundTripMs = probe.roundTrip / 4;
    if (seat.phase === "probing" && probe.samples >= PROBES) seat.phase = "ready";
    if (!match.started && match.seats.every((other) => other?.phase === "ready")) this.#start(match, now);
    if (match.started) {
      const start = blank("start");
      start.echo = probe.sequence;
      start.wait = Math.max(0, Math.round(-4 * match.clock(now) * match.frameMs));
      this.#outbox.post(seat.peer, "start", start);
      return;
    }
    const probed = blank("probed");
    probed.echo = probe.sequence;
    probed.present = match.seats.filter((other) => other !== undefined).length;
    this.#outbox.post(seat.peer, "probed", probed);
  }

  #start(match: Match, now: number): void {
    const slowest = Math.max(...match.seats.map((seat) => seat!.roundTripMs));
    const zeroAt = now + slowest / 2 + COUNTDOWN_MS;
    match.start(zeroAt);
    for (const seat of match.seats) {
      seat!.phase = "playing";
      seat!.flushAt = zeroAt;
      seat!.progressAt = zeroAt;
    }
    this.#events.push({ type: "started" });
  }

  #inputs(match: Match, seat: Seat, body: Body<"inputs">, now: number): void {
    if (body.seat !== seat.index || body.generation !== seat.generation % GENERATIONS) {
      this.#counts.strangers += 1;
      return;
    }
    if (body.timed) {
      seat.heard(body.sequence, now);
      seat.roundTripMs = 4 * body.roundTrip;
    }
    const held = match.inputs.held(seat.index);
    this.#intake.take(match, seat, body, now);
    if (match.inputs.held(seat.index) > held) seat.progressAt = now;
    for (let i = 0; i < body.chain.count; i++) this.#chain(match, seat, body.chain.items[i]!);
    if (match.inputs.held(seat.index) === held) return;
    this.#confirm(match);
    // With two players the other is due at once; with more, when the last of the others has come.
    for (const other of match.seats) {
      if (other !== seat && other?.phase === "playing" && this.#fanOut!.due(match, other)) {
        this.#fanOut!.send(match, other, this.#outbox, now);
      }
    }
  }

  #chain(match: Match, seat: Seat, report: { frame: number; value: number }): void {
    const { agreement } = match;
    const before = agreement.agreedEnd;
    const frame = unwrapFrame(report.frame, match.inputs.held(seat.index));
    agreement.report(seat.index, frame, report.value, match.present());
    if (agreement.agreedEnd > before) this.#options.onAgreed?.(agreement.agreedEnd, report.value);
  }

  #confirm(match: Match): void {
    const end = match.finalEnd;
    for (; match.confirmed < end; match.confirmed++) {
      this.#options.onConfirmed?.(match.confirmed, match.inputs.record(match.confirmed));
    }
  }

  #leave(match: Match, seat: Seat, why: "left" | "dropped"): void {
    if (!match.started) {
      match.seats[seat.index] = undefined;
      if (this.#byPeer.get(seat.peer) === seat) this.#byPeer.delete(seat.peer);
      return;
    }
    match.agreement.forget(seat.index);
    const { frame } = match.leave(seat, why);
    this.#events.push({ type: "left", seat: seat.index, frame, dropped: why === "dropped" });
    this.#confirm(match);
    if (!match.anyonePresent) this.#events.push({ type: "over", frames: match.confirmed });
  }

  // Somebody who is out and still talks does not know it yet.
  #farewell(seat: Seat, now: number): void {
    if (now < seat.flushAt) return;
    seat.flushAt = now + FAREWELL_MS;
    const bye = blank("bye");
    bye.reason = this.#match!.roster.find((entry) => entry.seat === seat.index)?.change === Change.Dropped ? 1 : 2;
    this.#outbox.post(seat.peer, "bye", bye);
  }

  /** Whether all wait for his inputs, and he talks but sends none, for as long as silence would be suffered. */
  #holdsUp({ inputs, config }: Match, seat: Seat, now: number): boolean {
    const held = inputs.held(seat.index);
    // Who waits himself makes no progress either, and is not to blame for it.
    const waitedFor = held === inputs.confirmedEnd && inputs.confirmedEndWithout(seat.index) > held;
    if (seat.phase !== "playing" || !waitedFor) seat.progressAt = now;
    return now - seat.progressAt > config.dropAfterMs;
  }

  /** Lives until `now`: sends to whoever is due, drops whoever is silent for too long. */
  tick(now: number): void {
    const match = this.#match;
    const gap = this.#lastTick === undefined ? 0 : now - this.#lastTick;
    // A host that always ticks so seldom does not sleep; one that suddenly does, did.
    const asleep = gap > SLEEP_MS && this.#lastGap <= SLEEP_MS;
    this.#lastTick = now;
    this.#lastGap = gap;
    if (match === undefined) return;
    for (const seat of match.seats) {
      if (seat === undefined || !seat.present) continue;
      // What came while we slept is still in the carrier's queue: nobody was silent then.
      if (asleep) {
        seat.lastHeardAt = Math.min(now, seat.lastHeardAt + gap);
        seat.progressAt = Math.min(now, seat.progressAt + gap);
      }
      if (now - seat.lastHeardAt > match.config.dropAfterMs || this.#holdsUp(match, seat, now))
        this.#leave(match, seat, "dropped");
      else if (seat.phase === "playing" && now >= seat.flushAt) this.#fanOut!.send(match, seat, this.#outbox, now);
    }
    this.#inquiry.tick(match, this.#outbox, now);
  }
}
