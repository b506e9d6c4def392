// The centre of the star: takes every player's inputs, makes them final, fans them out, and compares the hashes.
import { FinalInputs, HISTORY_FRAMES } from "../session/final-inputs.js";
import { openRun, writeRun } from "../session/run.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { append } from "../wire/codec.js";
import { unwrapFrame } from "../wire/frame.js";
import { RunReader, RunWriter } from "../wire/input-run.js";
import { RUN_BYTES_MAX } from "../wire/limits.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Body, blank, Decoder, type RosterEntry, rosterEntry, seatRun } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { Admission, type Room } from "./admission.js";
import { Agreement, type Verdict } from "./agreement.js";
import { MatchClock } from "./match-clock.js";
import { Seat } from "./seat.js";

/** Time between the last player's readiness and frame zero, beside the slowest path: room for a lost `start`. */
const COUNTDOWN_MS = 500;

/** Probes a player must have closed before the match starts with him. */
const PROBES = 8;

/** A gap between ticks that means this machine slept: silence is not counted through it. */
const SLEEP_MS = 250;

/** Datagrams to a player who has sent nothing new: this many frame times apart. */
const KEEPALIVE_FRAMES = 1.5;

/** Frames ahead of the clock that inputs may be: more than any input delay and window together. */
const LEAD_FRAMES = 64;

/** Time between repeated questions and verdicts of a desync, and how often a verdict is told. */
const REPEAT_MS = 200;
const VERDICTS_TOLD = 10;

/** Evidence datagrams passed on in one match: a report of the largest ring with every repeat. */
const EVIDENCE_MAX = 10_000;

/** Bytes of runs in one datagram, so that header and roster fit beside them. */
const RUNS_ROOM = 1000;

export type SequencerEvent =
  | { type: "opened"; config: MatchConfig }
  | { type: "seated"; seat: number; peer: number }
  | { type: "refused"; peer: number; text: string }
  | { type: "started" }
  | { type: "left"; seat: number; frame: number; dropped: boolean }
  | { type: "equivocation"; seat: number; frame: number }
  | ({ type: "desync" } & Verdict)
  | { type: "over"; frames: number };

export interface SequencerOptions {
  /** The match; without it the first player's hello opens the room. */
  room?: Room;
  /** Told of each frame whose inputs are all final, in order, with the record of all seats' cells. */
  onConfirmed?: (frame: number, record: Uint8Array) => void;
  /** Told when all present seats agree on their hash chain at a frame: its low 32 bits. */
  onAgreed?: (frame: number, chain: number) => void;
}

/** What exists once a match is open. */
class Match {
  readonly config: MatchConfig;
  readonly inputs: FinalInputs;
  readonly agreement: Agreement;
  readonly seats: (Seat | undefined)[];
  readonly roster: RosterEntry[] = [];
  clock: MatchClock | undefined;
  confirmed = 0;
  stableEnd = 0;

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

  /** The clock at `now`: under `wait` it never passes final + window + delay. */
  at(now: number): number {
    const end = this.inputs.confirmedEnd + this.config.predictionWindow + this.config.inputDelay;
    return this.clock!.at(now, end);
  }

  present(): boolean[] {
    return this.seats.map((seat) => seat?.present === true);
  }
}

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #admission: Admission;
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #reader = new RunReader();
  readonly #writers: RunWriter[] = [];
  readonly #frames = blank("frames");
  readonly #byPeer = new Map<number, Seat>();
  #match: Match | undefined;
  #events: SequencerEvent[] = [];
  #lastTick: number | undefined;
  #repeatAt = 0;
  #verdictsTold = 0;
  #evidence = 0;
  #over = false;
  /** What strangers and broken peers sent: undecodable, out of place, unusable, and inputs changed after the fact. */
  readonly counts: { malformed: number; strangers: number; unusable: number; equivocations: number } = {
    malformed: 0,
    strangers: 0,
    unusable: 0,
    equivocations: 0,
  };

  constructor(options: SequencerOptions = {}) {
    this.#options = options;
    this.#admission = new Admission(options.room);
    if (options.room !== undefined) this.#open(options.room.config);
  }

  get config(): MatchConfig | undefined {
    return this.#match?.config;
  }
  get started(): boolean {
    return this.#match?.clock !== undefined;
  }
  get over(): boolean {
    return this.#over;
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
    if (seat === undefined || match === undefined || seat.phase !== "playing") return 0;
    let lag = 0;
    for (let other = 0; other < match.seats.length; other++) {
      if (other !== seat.index) lag = Math.max(lag, match.inputs.held(other) - seat.received[other]!);
    }
    return lag;
  }

  /** The carrier lost this peer. His seat is kept until the silence limit, for him to come back to. */
  disconnect(peer: number): void {
    const seat = this.#byPeer.get(peer);
    this.#byPeer.delete(peer);
    const match = this.#match;
    if (seat === undefined || match === undefined || match.clock !== undefined) return;
    match.seats[seat.index] = undefined; // before the start a seat is free again at once
  }

  /** Takes one datagram. Anything that does not make sense is counted and dropped. */
  receive(peer: number, bytes: Uint8Array, now: number): void {
    const message = this.#decoder.decode(bytes);
    if (message === undefined) {
      this.counts.malformed += 1;
      return;
    }
    if (message.type === "hello") {
      this.#hello(peer, message.body, now);
      return;
    }
    const seat = this.#byPeer.get(peer);
    const match = this.#match;
    if (seat === undefined || match === undefined) {
      this.counts.strangers += 1;
      return;
    }
    seat.lastHeardAt = now;
    if (seat.phase === "gone") {
      this.#farewell(seat, now);
      return;
    }
    switch (message.type) {
      case "probe":
        this.#probe(match, seat, message.body, now);
        return;
      case "inputs":
        if (match.clock !== undefined) this.#inputs(match, seat, message.body, now);
        return;
      case "bye":
        this.#leave(match, seat, false);
        return;
      case "hashes":
        match.agreement.answer(seat.index, message.body);
        this.#verdict(match, now);
        return;
      case "ask":
      case "answer":
        this.#passOn(match, seat, message);
        return;
      default:
        this.counts.strangers += 1; // a sequencer's message, sent to the sequencer
    }
  }

  #open(config: MatchConfig): void {
    this.#match = new Match(config);
    this.#events.push({ type: "opened", config });
  }

  #hello(peer: number, hello: Body<"hello">, now: number): void {
    const answer = this.#admission.consider(hello);
    if (answer.kind === "refused") {
      this.#refuse(peer, answer.reason, answer.text);
      return;
    }
    if (this.#match === undefined) this.#open(answer.room.config);
    const match = this.#match!;
    const token = hello.token.join();
    let seat = match.seats.find((other) => other?.token === token);
    if (seat === undefined) {
      const index = match.seats.indexOf(undefined);
      if (index < 0 || match.clock !== undefined) {
        this.#refuse(peer, 4, `This room is full: all ${match.seats.length} seats are taken. Open another room.`);
        return;
      }
      const { inputDelay, players } = match.config;
      seat = new Seat({ index, peer, token, seats: players, inputDelay, now });
      match.seats[index] = seat;
      this.#events.push({ type: "seated", seat: index, peer });
    }
    this.#bind(seat, peer, now);
    const welcome = blank("welcome");
    welcome.seat = seat.index;
    welcome.generation = seat.generation;
    welcome.config = match.config;
    this.#outbox.post(peer, "welcome", welcome);
  }

  // The token is known to one player only: a hello with it from another peer is him on a new carrier.
  #bind(seat: Seat, peer: number, now: number): void {
    if (seat.peer !== peer) this.#byPeer.delete(seat.peer);
    seat.peer = peer;
    seat.lastHeardAt = now;
    this.#byPeer.set(peer, seat);
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
    if (match.clock === undefined && match.seats.every((other) => other?.phase === "ready")) this.#start(match, now);
    if (match.clock === undefined) {
      const probed = blank("probed");
      probed.echo = probe.sequence;
      probed.present = match.seats.filter((other) => other !== undefined).length;
      this.#outbox.post(seat.peer, "probed", probed);
      return;
    }
    const start = blank("start");
    start.echo = probe.sequence;
    start.wait = Math.max(0, Math.round(-4 * match.at(now) * match.frameMs));
    this.#outbox.post(seat.peer, "start", start);
  }

  #start(match: Match, now: number): void {
    const slowest = Math.max(...match.seats.map((seat) => seat!.roundTripMs));
    match.clock = new MatchClock(match.frameMs, now + slowest / 2 + COUNTDOWN_MS);
    for (const seat of match.seats) {
      seat!.phase = "playing";
      seat!.flushAt = now + COUNTDOWN_MS;
    }
    this.#events.push({ type: "started" });
  }

  #inputs(match: Match, seat: Seat, body: Body<"inputs">, now: number): void {
    if (body.generation !== seat.generation) {
      this.counts.unusable += 1;
      return;
    }
    seat.heard(body.sequence, now);
    seat.roundTripMs = 4 * body.roundTrip;
    const held = match.inputs.held(seat.index);
    const first = unwrapFrame(body.first, held);
    this.#acknowledge(match, seat, body, first + body.count);
    this.#takeRun(match, seat, body, first, now);
    for (let i = 0; i < body.chain.count; i++) this.#chain(match, seat, body.chain.items[i]!);
    if (match.inputs.held(seat.index) > held) this.#advance(match, seat, now);
  }

  // What he says he holds only ever grows, and never beyond what there is.
  #acknowledge(match: Match, seat: Seat, body: Body<"inputs">, ownEnd: number): void {
    const { inputs } = match;
    let item = 0;
    for (let other = 0; other < inputs.seats && item < body.received.count; other++) {
      if (other === seat.index) continue;
      const end = ownEnd + body.received.items[item++]!;
      if (end <= inputs.held(other) && end > seat.received[other]!) seat.received[other] = end;
    }
    const roster = body.roster;
    if (roster > seat.rosterEnd && roster <= match.roster.length) seat.rosterEnd = roster;
    this.#stable(match);
  }

  #stable(match: Match): void {
    let stable = Infinity;
    for (const seat of match.seats) if (seat?.present) stable = Math.min(stable, this.#confirmedAt(match, seat));
    if (stable !== Infinity) match.stableEnd = Math.max(match.stableEnd, stable);
  }

  /** Every final input of the frames before this one is held by him. */
  #confirmedAt(match: Match, seat: Seat): number {
    const { inputs } = match;
    let end = inputs.held(seat.index);
    for (let other = 0; other < inputs.seats; other++) {
      if (other === seat.index) continue;
      const got = seat.received[other]!;
      const knowsLeft = match.roster.findIndex((entry) => entry.seat === other) < seat.rosterEnd;
      if (got >= inputs.leftAt(other) && knowsLeft) continue;
      end = Math.min(end, got);
    }
    return end;
  }

  #takeRun(match: Match, seat: Seat, body: Body<"inputs">, first: number, now: number): void {
    const { inputs } = match;
    const held = inputs.held(seat.index);
    const reader = this.#reader;
    const known = first >= 0 && first <= held && openRun(reader, inputs, seat.index, first, body);
    if (!known) {
      this.counts.unusable += 1;
      return;
    }
    const lead = Math.ceil(match.at(now)) + LEAD_FRAMES;
    for (let frame = first; reader.next(); frame++) {
      if (frame >= lead || frame >= match.stableEnd + HISTORY_FRAMES / 2) {
        this.counts.unusable += 1;
        return;
      }
      if (frame >= inputs.held(seat.index)) inputs.push(seat.index, reader.bytes, 0, reader.length);
      else if (frame >= inputs.begin(seat.index)) this.#compare(match, seat, frame);
    }
    if (!reader.finished) this.counts.unusable += 1;
  }

  // First wins. A different second one is never applied, but somebody should know.
  #compare(match: Match, seat: Seat, frame: number): void {
    const { inputs } = match;
    const record = inputs.recordOf(seat.index, frame);
    const at = seat.index * inputs.cellBytes + CELL_HEADER_BYTES;
    let same = inputs.lengthAt(seat.index, frame) === this.#reader.length;
    for (let i = 0; same && i < this.#reader.length; i++) same = record[at + i] === this.#reader.bytes[i];
    if (same) return;
    this.counts.equivocations += 1;
    this.#events.push({ type: "equivocation", seat: seat.index, frame });
  }

  #chain(match: Match, seat: Seat, report: { frame: number; value: number }): void {
    const { agreement } = match;
    const frame = unwrapFrame(report.frame, match.inputs.held(seat.index));
    const before = agreement.agreedEnd;
    agreement.report(seat.index, frame, report.value, match.present());
    if (agreement.agreedEnd > before) this.#options.onAgreed?.(agreement.agreedEnd, report.value);
    if (agreement.disagreement !== undefined) this.#repeatAt = Math.min(this.#repeatAt, 0);
  }

  // New final inputs: tell recorders, and find out who is due a datagram.
  #advance(match: Match, from: Seat | undefined, now: number): void {
    this.#confirm(match);
    for (const seat of match.seats) {
      if (seat === undefined || seat === from || seat.phase !== "playing") continue;
      let newest = Infinity;
      for (const other of match.seats) {
        if (other !== undefined && other !== seat && other.present) {
          newest = Math.min(newest, match.inputs.held(other.index));
        }
      }
      // Everybody else has something newer than the last datagram: nothing to wait for. With two players, at once.
      if (newest > seat.flushedEnd && newest !== Infinity) {
        seat.flushedEnd = newest;
        this.#flush(match, seat, now);
      }
    }
  }

  #confirm(match: Match): void {
    const { inputs } = match;
    let end = inputs.confirmedEnd;
    if (end === Infinity) end = Math.max(...match.roster.map((entry) => entry.frame));
    for (; match.confirmed < end; match.confirmed++) {
      this.#options.onConfirmed?.(match.confirmed, inputs.record(match.confirmed));
    }
  }

  #flush(match: Match, seat: Seat, now: number): void {
    const { inputs } = match;
    const clock = Math.max(0, match.at(now));
    const frame = Math.floor(clock);
    const body = this.#frames;
    body.generation = seat.generation;
    body.clock = frame & 0xffff;
    body.phase = Math.floor((clock - frame) * 256);
    body.shift = Math.round(match.clock!.shift * 256);
    body.echo = seat.sequence;
    body.held = seat.heldQuarters(now);
    body.ownEnd = inputs.held(seat.index) - frame;
    body.stableEnd = match.stableEnd - frame;
    body.agreedEnd = match.agreement.agreedEnd - frame;
    body.rosterBegin = seat.rosterEnd;
    body.roster.count = 0;
    for (let i = seat.rosterEnd; i < match.roster.length; i++) {
      Object.assign(append(body.roster, rosterEntry), match.roster[i]!);
    }
    body.runs.count = 0;
    let room = RUNS_ROOM;
    for (let other = 0; other < inputs.seats && room > 0; other++) {
      if (other !== seat.index) room -= this.#putRun(match, seat, other, frame, now);
    }
    this.#outbox.post(seat.peer, "frames", body);
    seat.flushAt = now + KEEPALIVE_FRAMES * match.frameMs;
  }

  /** Adds what a seat is owed of another's inputs to the datagram; answers the bytes it took. */
  #putRun(match: Match, seat: Seat, other: number, frame: number, now: number): number {
    const { inputs } = match;
    const end = inputs.held(other);
    const received = seat.received[other]!;
    if (received >= end) return 0;
    const first = seat.redundancy[other]!.first(received, end, seat.roundTripMs, now);
    this.#writers[other] ??= new RunWriter(Math.floor(RUN_BYTES_MAX / Math.max(1, inputs.seats - 1)));
    const run = append(this.#frames.runs, seatRun);
    run.seat = other;
    run.first = first - frame;
    writeRun(this.#writers[other], inputs, other, received, first, end, run);
    seat.redundancy[other]!.sent(first + run.count, now);
    return 8 + run.bits.end;
  }

  #leave(match: Match, seat: Seat, dropped: boolean): void {
    if (match.clock === undefined) {
      match.seats[seat.index] = undefined;
      this.#byPeer.delete(seat.peer);
      return;
    }
    const frame = match.inputs.held(seat.index);
    seat.phase = "gone";
    match.inputs.leave(seat.index, frame);
    match.roster.push({ seat: seat.index, frame, change: dropped ? 1 : 0 });
    this.#events.push({ type: "left", seat: seat.index, frame, dropped });
    this.#stable(match);
    this.#confirm(match);
    if (match.seats.some((other) => other?.present)) return;
    this.#over = true;
    this.#events.push({ type: "over", frames: match.confirmed });
  }

  /** Tells someone who is out that he is, at most once in a while. */
  #farewell(seat: Seat, now: number): void {
    if (now < seat.flushAt) return;
    seat.flushAt = now + REPEAT_MS;
    const bye = blank("bye");
    bye.reason = this.#match!.roster.find((entry) => entry.seat === seat.index)?.change === 1 ? 1 : 2;
    this.#outbox.post(seat.peer, "bye", bye);
  }

  // Evidence goes between the two parties of a verdict, through us.
  #passOn(
    match: Match,
    seat: Seat,
    message: { type: "ask"; body: Body<"ask"> } | { type: "answer"; body: Body<"answer"> },
  ): void {
    const verdict = match.agreement.verdict;
    const to = match.seats[message.body.seat];
    const parties = verdict !== undefined && [verdict.seatA, verdict.seatB];
    const allowed = parties && to?.present && parties.includes(seat.index) && parties.includes(to.index);
    if (!allowed || this.#evidence >= EVIDENCE_MAX) {
      this.counts.unusable += 1;
      return;
    }
    this.#evidence += 1;
    message.body.seat = seat.index;
    this.#outbox.post(to.peer, message.type, message.body as Body<"ask"> & Body<"answer">);
  }

  #verdict(match: Match, now: number): void {
    const { verdict } = match.agreement;
    if (verdict === undefined || this.#verdictsTold > 0) return;
    this.#events.push({ type: "desync", ...verdict });
    this.#tellVerdict(match, verdict, now);
  }

  #tellVerdict(match: Match, verdict: Verdict, now: number): void {
    this.#verdictsTold += 1;
    this.#repeatAt = now + REPEAT_MS;
    const desync = blank("desync");
    Object.assign(desync, verdict, { verdict: verdict.verdict === "state" ? 0 : 1 });
    for (const seat of match.seats) if (seat?.present) this.#outbox.post(seat.peer, "desync", desync);
  }

  #inquire(match: Match, now: number): void {
    const { agreement } = match;
    if (now < this.#repeatAt || agreement.disagreement === undefined) return;
    this.#repeatAt = now + REPEAT_MS;
    if (agreement.verdict !== undefined) {
      if (this.#verdictsTold < VERDICTS_TOLD) this.#tellVerdict(match, agreement.verdict, now);
      return;
    }
    const query = blank("hashQuery");
    query.begin = agreement.disagreement.begin;
    query.end = agreement.disagreement.end;
    for (const seat of match.seats) {
      if (seat?.present && agreement.awaits(seat.index)) this.#outbox.post(seat.peer, "hashQuery", query);
    }
  }

  /** Lives until `now`: sends to whoever is due, drops whoever is silent for too long. */
  tick(now: number): void {
    const match = this.#match;
    const slept = this.#lastTick === undefined ? 0 : now - this.#lastTick;
    this.#lastTick = now;
    if (match === undefined) return;
    // What came while we slept is still in the carrier's queue: nobody was silent then.
    if (slept > SLEEP_MS) for (const seat of match.seats) if (seat !== undefined) seat.lastHeardAt += slept;
    for (const seat of match.seats) {
      if (seat === undefined || !seat.present) continue;
      if (now - seat.lastHeardAt > match.config.dropAfterMs) this.#leave(match, seat, true);
      else if (seat.phase === "playing" && now >= seat.flushAt) this.#flush(match, seat, now);
    }
    this.#inquire(match, now);
  }
}
