// One player of a match: bytes and time go in, datagrams, events and a simulated present come out. No clock, no socket.
import { SamestepError } from "../error.js";
import { INPUT_DELAY_MAX } from "../wire/limits.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Body, Decoder, type Message, type SaidBy } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import { readStatement } from "../wire/result.js";
import { Change, type RosterEntry } from "../wire/stream.js";
import { SLEEP_MS } from "./clock/clock.js";
import { Probing } from "./clock/probing.js";
import { Silence } from "./clock/silence.js";
import { SteadyTime } from "./clock/steady-time.js";
import type { HashChain } from "./evidence/hash-chain.js";
import type { FinalInputs } from "./inputs/final-inputs.js";
import type { InputSource } from "./inputs/own-inputs.js";
import { RosterNews } from "./inputs/roster.js";
import { Entrance, type PlayerOptions } from "./joining/entrance.js";
import { Leaving } from "./leaving.js";
import { after, type Phase, type Turn } from "./phases.js";
import type { EndReason, PlayerEvent } from "./player-events.js";
import { PlayerMeter, type PlayerStats } from "./player-stats.js";
import { ENTRY_LOBBY, type Running, SEQUENCER } from "./running.js";
import type { Effect } from "./timeline/effects.js";
import type { Rewind } from "./timeline/rewind.js";
import type { Fault } from "./timeline/timeline.js";

export type { PlayerOptions } from "./joining/entrance.js";
export type { Phase } from "./phases.js";

/** Steps in one tick at most, so that catching up never freezes the page. */
const STEPS_PER_TICK_MAX = 8;

export class Player {
  readonly #options: PlayerOptions;
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #probing = new Probing();
  readonly #leaving = new Leaving();
  readonly #time = new SteadyTime();
  readonly #meter = new PlayerMeter();
  #phase: Phase = "greeting";
  #events: PlayerEvent[] = [];
  readonly #entrance: Entrance;
  #sendAt = -Infinity;
  #lastTick: number | undefined;
  readonly #silence = new Silence();
  readonly #news = new RosterNews();

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#entrance = new Entrance({
      ...{ options, outbox: this.#outbox },
      onEvent: (event) => this.#events.push(event),
      onRoster: (entry) => this.#roster(entry),
    });
  }

  /** The match, for who hands it over or takes it over. */
  get running(): Running | undefined {
    return this.#entrance.running;
  }

  /** Updated in place at each tick. */
  get stats(): PlayerStats {
    return this.#meter.stats;
  }
  get phase(): Phase {
    return this.#phase;
  }
  /** The match as the sequencer gave it, once welcomed. */
  get config(): MatchConfig | undefined {
    return this.#entrance.config;
  }
  /** Undefined before the welcome, and for who looks on. */
  get seat(): number | undefined {
    return this.#entrance.seat;
  }
  /** The match's final inputs, for recorders and tests. */
  get inputs(): FinalInputs | undefined {
    return this.running?.inputs;
  }
  get chain(): HashChain | undefined {
    return this.running?.chain;
  }
  /** Of who looks on: what he can look back at. */
  get rewind(): Rewind | undefined {
    return this.running?.rewind;
  }
  get sentBytes(): number {
    return this.#outbox.sentBytes;
  }
  get sentDatagrams(): number {
    return this.#outbox.sentDatagrams;
  }

  /** Game events since the last call, told once across rollbacks. */
  takeEffects(): Effect[] {
    return this.running?.effects.take() ?? NO_EFFECTS;
  }

  /** What happened to the match since the last call. */
  takeEvents(): PlayerEvent[] {
    if (this.#events.length === 0) return NO_EVENTS;
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Plants a fault in this player's simulation: for tests and demonstrations. */
  plant(fault: Fault): void {
    if (this.running === undefined) throw new SamestepError("BAD_USAGE", "a fault is planted in a running match");
    this.running.timeline.plant(fault);
  }

  /** Asks for another input delay of all seats; event "delay" tells from which frame on. */
  requestInputDelay(frames: number): void {
    if (!Number.isInteger(frames) || frames < 0 || frames > INPUT_DELAY_MAX) {
      throw new SamestepError("BAD_CONFIG", `an input delay is 0 to ${INPUT_DELAY_MAX} frames, not ${frames}`);
    }
    if (this.#phase !== "running")
      throw new SamestepError("BAD_USAGE", "the input delay is changed in a running match");
    this.running!.wish.ask(frames);
  }

  /** The carrier is a new one: introduces itself again, to keep its seat. */
  reconnect(): void {
    this.#entrance.introduceAgain();
  }

  /** Says good-bye. The others go on without this seat. */
  leave(): void {
    if (this.#phase !== "ended") this.#leaving.goodbye(this.#outbox, SEQUENCER);
    this.#end("left", "You left the match.");
  }

  /** Leaves once all have what was played so far, and waits for the result: an event, if it comes in time. */
  finish(): void {
    if (this.#phase === "running") this.#leaving.intend(this.running!.timeline.frame);
    else if (this.#phase !== "finishing") this.leave();
  }

  /** Hands over the datagrams that are due, over so many stripes in turn. Their bytes are borrowed during each call of `send`. */
  drain(send: Send, stripes = 1): void {
    if (this.running !== undefined) this.running.uplink.stripes = stripes;
    this.#outbox.drain(send);
  }

  /** Takes one datagram from the sequencer. Anything that is not one is counted and dropped. */
  receive(bytes: Uint8Array, at: number): void {
    const now = this.#time.at(at);
    this.#meter.received(bytes.length);
    const message = this.#decoder.decode(bytes);
    if (message === undefined) {
      this.stats.malformed += 1;
      return;
    }
    this.#tell(this.#silence.heard(now));
    this.#dispatch(message, now);
  }

  #dispatch(message: Message, now: number): void {
    const running = this.running;
    switch (message.type) {
      case "welcome":
        this.#entrance.introduced = true;
        // In the lobby a new carrier may mean another seat; in a running match the seat was kept.
        if (message.body.entry !== ENTRY_LOBBY) this.#admit(message.body);
        else if (this.#phase === "joining" && this.#entrance.plays(message.body)) this.#go("live");
        else if (this.#phase === "greeting") this.#welcome(message.body);
        else if (this.#phase === "probing" && message.body.seat !== running!.seat) this.#welcome(message.body);
        return;
      case "refused":
        if (!this.#entrance.outbids(message.body)) this.#end(running ? "lost" : "refused", message.body.text);
        return;
      case "probed":
        if (this.#phase === "probing") this.#tell(this.#probing.probed(running!, message.body, now));
        return;
      case "start":
        if (this.#phase === "probing") this.#start(running!, message.body, now);
        return;
      case "frames":
        if (this.#phase === "running" || this.#phase === "joining") running?.read(message.body, now);
        else if (this.#phase === "probing") this.#probing.hurry(now);
        return;
      case "part":
        running?.uplink.readPart(message.body);
        return;
      case "bye":
        if (message.body.reason === 1) this.dropped();
        else this.#end("over", "The match is over.");
        return;
      case "snapshot":
        if (this.#phase === "running" && this.#entrance.beginsAnew(message.body)) this.#lapse();
        if (this.#phase === "joining") this.#fits(this.#entrance.onSnapshot(message.body, now));
        return;
      case "chunk":
        this.#entrance.joining?.onChunk(message.body, now);
        return;
      case "keep":
      case "want":
      case "hashQuery":
      case "desync":
      case "parcel":
      case "lacking":
      case "heal":
        if (this.#phase !== "joining") running?.hear(message, now);
        return;
      case "result":
        if (this.#phase === "finishing" || running?.rewind !== undefined) this.#result(message.body);
        return;
      default:
        message.type satisfies SaidBy<"player" | "member">["type"];
        this.stats.malformed += 1; // nobody says that to a player
    }
  }

  #welcome(welcome: Body<"welcome">): void {
    if (this.#fits(this.#entrance.welcome(welcome)) && this.#phase === "greeting") this.#go("welcome");
  }

  /** Whether there is a match for us; otherwise it is over. */
  #fits(why: string | undefined): boolean {
    if (why !== undefined) this.#end("refused", why);
    else this.stats.inputDelay = this.running?.delay.value ?? 0;
    return why === undefined;
  }

  /** The match runs: we come in with a snapshot, for the first time or again. */
  #admit(welcome: Body<"welcome">): void {
    if (this.#entrance.knows(welcome) || this.#phase === "finishing" || this.#phase === "ended") return;
    if (this.#phase === "running") this.#lapse();
    this.#entrance.admit(welcome);
    this.#go("admit");
  }

  #lapse(): void {
    this.#go("lapse");
    this.#events.push({ type: "rejoining" });
  }

  /** The seat was dropped: where it is kept for us, we ask for it back. */
  dropped(): void {
    const kept = this.#options.watch === true || (this.config?.seatKeepSeconds ?? 0) > 0; // who looks on needs no seat
    if (!kept || !["probing", "running", "joining"].includes(this.#phase)) {
      this.#end("dropped", "The server dropped this seat after a silence.");
      return;
    }
    if (this.#phase === "running") this.#lapse();
    this.#entrance.joining = undefined;
    if (this.#entrance.introduced) this.reconnect();
  }

  #join(running: Running | undefined, now: number): void {
    const { joining } = this.#entrance;
    if (running === undefined || joining?.begun !== true) {
      this.#entrance.introduced = false; // until there is something to begin with, we say that we are here
      return;
    }
    const progress = joining.tick(running, now);
    this.#meter.measure(running, false, this.#outbox.sentBytes, now);
    if (progress === "trapped") this.#trapped(running);
    else if (progress === "spoilt") this.#events.push({ type: "spoilt" });
    if (progress !== "live") return;
    this.#go("live");
    this.#events.push({ type: "joined", seat: this.seat, frame: running.timeline.frame });
  }

  #trapped({ timeline }: Running): void {
    this.#quit("trap", `The game stopped at frame ${timeline.frame}: ${this.#options.simulation.trap}`);
  }

  #quit(reason: EndReason, text: string): void {
    this.#leaving.goodbye(this.#outbox, SEQUENCER);
    this.#end(reason, text);
  }

  #start(running: Running, start: Body<"start">, now: number): void {
    // A new carrier got us another seat, and that welcome is on its way, or lost; or what came is damaged.
    if (start.seat !== running.seat || (start.absent >> running.seat) & 1) {
      this.#entrance.introduceAgain();
      return;
    }
    this.#probing.start(running, start, now);
    running.begin(start);
    this.#go("start");
    this.#events.push({ type: "started" });
  }

  #result(signed: Body<"result">): void {
    const result = readStatement(signed.statement);
    if (result !== undefined) this.#events.push({ type: "result", result, signed: { ...signed } });
    this.#end("over", "The match is over.");
  }

  #roster(entry: RosterEntry): void {
    const running = this.running!;
    if (entry.change === Change.Delay) running.changeDelay(entry);
    if (entry.change === Change.Delay || entry.seat !== running.seat) this.#tell(this.#news.event(entry));
    else if (entry.change === Change.Dropped) this.dropped();
    else if (entry.change === Change.Left) this.#end("left", "This seat is no longer in the match.");
  }

  #tell(event: PlayerEvent | undefined): void {
    if (event !== undefined) this.#events.push(event);
  }

  /** Lives until `at`, by the host's clock in ms: sends what is due, rolls back if need be, plays what is due. */
  tick(input: InputSource, at: number): void {
    const now = this.#time.at(at);
    const gapMs = this.#lastTick === undefined ? 0 : now - this.#lastTick;
    const slept = gapMs > SLEEP_MS;
    if (slept) this.#silence.slept(gapMs, now);
    this.#lastTick = now;
    if (this.#phase !== "ended") this.#entrance.introduce(now);
    switch (this.#phase) {
      case "greeting":
        break;
      case "probing":
        this.#probing.tick(this.running!, this.#outbox, now);
        break;
      case "joining":
        this.#join(this.running, now);
        break;
      case "running":
        this.running!.rewind?.suspend();
        this.#run(this.running!, input, now, slept);
        this.running!.lookBack(this.stats, now);
        if (this.#phase === "running" && this.#leaving.mayGo(this.running!.uplink.stableEnd, now)) this.#go("finish");
        break;
      case "finishing":
        if (!this.#leaving.wait(this.#outbox, SEQUENCER, now)) this.#end("left", "You left; no result came.");
        return;
      case "ended":
        return;
      default:
        this.#phase satisfies never;
    }
    this.#listen(now);
  }

  #listen(now: number): void {
    const silence = this.#silence.check(now, this.config?.seatKeepSeconds ?? 0);
    if (silence === "lost") this.#end("lost", "The server has not answered for so long that no seat is kept any more.");
    if (silence !== "begins") return;
    this.#events.push({ type: "silent" });
    // In the lobby the seat may have been given away meanwhile: ask for one again.
    if (this.#phase === "probing") this.reconnect();
  }

  #run(running: Running, input: InputSource, now: number, slept: boolean): void {
    const { timeline, clock, uplink, own } = running;
    const before = timeline.frame;
    if (slept) running.woke(now);
    timeline.settle();
    this.stats.rollback = timeline.lastDepth;
    const present = clock.advance(now, Math.min(timeline.windowEnd, uplink.reachEnd), before);
    const due = own.uncertain ? before : Math.min(present + 1, before + STEPS_PER_TICK_MAX);
    let stalled = false;
    while (timeline.frame < due && !stalled) {
      stalled = timeline.frame >= uplink.reachEnd;
      if (stalled) break;
      // What is pressed now is played after the input delay. It is sampled when the frame is due, even where the
      // window forbids to play it: in lockstep everybody waits for exactly these inputs.
      const neutral = clock.state === "asleep" && timeline.frame < present;
      if (uplink.active) own.sample(timeline.frame, neutral ? nothing : input);
      if (this.#phase !== "running") return; // whoever was asked for input may have left
      const result = timeline.advance();
      stalled = result !== "stepped";
      if (result === "trapped") this.#trapped(running);
    }
    if (timeline.frame > before || now >= this.#sendAt) {
      uplink.send(this.#outbox, SEQUENCER, now);
      // While nothing is played, keep talking at frame rate: acknowledgements and repairs ride on it.
      this.#sendAt = now + 1000 / running.config.framesPerSecond;
    }
    this.#tell(running.wish.tick(running, now));
    running.evidence.tick(now);
    running.donation.tick(now);
    this.#tell(running.evidence.take());
    this.#tell(this.#meter.measure(running, stalled, this.#outbox.sentBytes, now));
    if (running.evidence.stopped !== undefined) this.#quit("desync", running.evidence.stopped);
  }

  #go(turn: Turn): void {
    this.#phase = after(this.#phase, turn);
    if (this.#phase === "running") this.#entrance.played = true;
  }

  #end(reason: EndReason, text: string): void {
    if (this.#phase === "ended") return;
    this.#go("end");
    this.#tell(this.running?.evidence.abandon());
    this.#events.push({ type: "ended", reason, text });
  }
}

const NEUTRAL = new Uint8Array(0);
const nothing: InputSource = () => NEUTRAL;
const NO_EFFECTS: Effect[] = [];
const NO_EVENTS: PlayerEvent[] = [];
