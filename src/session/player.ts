// One player of a match: bytes and time go in, datagrams, events and a simulated present come out. No clock, no socket.
import { assert } from "../assert.js";
import { SamestepError } from "../error.js";
import type { Simulation } from "../simulation/simulation.js";
import { append } from "../wire/codec.js";
import { type MatchConfig, matchConfig } from "../wire/match-config.js";
import { type Body, blank, Decoder, type Message, PROTOCOL } from "../wire/messages.js";
import { Outbox, type Send } from "../wire/outbox.js";
import type { RosterEntry } from "../wire/stream.js";
import type { Effect } from "./effects.js";
import type { FinalInputs } from "./final-inputs.js";
import type { HashChain } from "./hash-chain.js";
import type { EndReason, PlayerEvent } from "./player-events.js";
import { PlayerMeter, type PlayerStats } from "./player-stats.js";
import { Probing } from "./probing.js";
import { Running, SEQUENCER, whyMisfit } from "./running.js";
import { Silence } from "./silence.js";
import { SteadyTime } from "./steady-time.js";
import type { Fault } from "./timeline.js";

const HELLO_AGAIN_MS = 250;
/** Steps in one tick at most, so that catching up never freezes the page. */
const STEPS_PER_TICK_MAX = 8;

/** A gap between ticks that means the machine slept: the missed frames are then sent neutral. */
const SLEEP_MS = 1000;

/**
 *   greeting --welcome--> probing --start--> running --bye, lost, trap--> ended
 *       \---------refused, lost-------\------------------------------------^
 */
const NEXT = {
  greeting: { welcome: "probing", end: "ended" },
  probing: { start: "running", end: "ended" },
  running: { end: "ended" },
  ended: {},
} as const;
export type Phase = keyof typeof NEXT;

/** Answers what is pressed at this moment. Called once for each frame, so that a command is neither lost nor sent twice. */
export type InputSource = () => Uint8Array;

export interface PlayerOptions {
  simulation: Simulation;
  /** The match this player would open; without one, the room's is taken. */
  config?: MatchConfig;
  /** The config's seed only counts if this player opens the room; the other settings must be the room's. */
  anySeed?: boolean;
  /** 16 random bytes that only this player knows: they keep the seat when the carrier changes. */
  token: Uint8Array;
  /** Told of every frame linked into the hash chain: its end, and the low 32 bits of the chain there. */
  onConfirmed?: (end: number, chain: number) => void;
}

export class Player {
  readonly #options: PlayerOptions;
  readonly #decoder = new Decoder();
  readonly #outbox = new Outbox();
  readonly #probing = new Probing();
  readonly #time = new SteadyTime();
  readonly #meter = new PlayerMeter();
  #phase: Phase = "greeting";
  #events: PlayerEvent[] = [];
  #running: Running | undefined;
  #sendAt = -Infinity;
  #lastTick: number | undefined;
  readonly #silence = new Silence();
  #rebinding = true;
  #helloAt = -Infinity;
  #present = 0;

  constructor(options: PlayerOptions) {
    if (options.token.length !== 16) {
      throw new SamestepError("BAD_CONFIG", `a player's token is 16 random bytes, not ${options.token.length}`);
    }
    this.#options = options;
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
    return this.#running?.config;
  }

  get seat(): number | undefined {
    return this.#running?.seat;
  }

  /** The match's final inputs, for recorders and tests. */
  get inputs(): FinalInputs | undefined {
    return this.#running?.inputs;
  }

  get chain(): HashChain | undefined {
    return this.#running?.chain;
  }

  get sentBytes(): number {
    return this.#outbox.sentBytes;
  }

  get sentDatagrams(): number {
    return this.#outbox.sentDatagrams;
  }

  /** Game events since the last call, told once across rollbacks. */
  takeEffects(): Effect[] {
    return this.#running?.effects.take() ?? NO_EFFECTS;
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
    if (this.#running === undefined) throw new SamestepError("BAD_USAGE", "a fault is planted in a running match");
    this.#running.timeline.plant(fault);
  }

  /** The carrier is a new one: introduces itself again, to keep its seat. */
  reconnect(): void {
    this.#rebinding = true;
    this.#helloAt = -Infinity;
  }

  /** Says good-bye. The others go on without this seat. */
  leave(): void {
    if (this.#phase !== "ended") this.#sayBye();
    this.#end("left", "You left the match.");
  }

  #sayBye(): void {
    for (let i = 0; i < BYES; i++) this.#outbox.post(SEQUENCER, "bye", blank("bye"));
  }

  /** Hands over the datagrams that are due. Their bytes are borrowed during each call of `send`. */
  drain(send: Send): void {
    this.#outbox.drain(send);
  }

  /** Takes one datagram from the sequencer. Anything that is not one is counted and dropped. */
  receive(bytes: Uint8Array, at: number): void {
    const now = this.#time.at(at);
    const message = this.#decoder.decode(bytes);
    if (message === undefined) {
      this.stats.malformed += 1;
      return;
    }
    this.#heard(now);
    this.#dispatch(message, now);
  }

  #dispatch(message: Message, now: number): void {
    const running = this.#running;
    switch (message.type) {
      case "welcome":
        this.#rebinding = false;
        // In the lobby a new carrier may mean another seat; in a running match the seat was kept.
        if (this.#phase === "greeting") this.#welcome(message.body);
        else if (this.#phase === "probing" && message.body.seat !== running!.seat) this.#welcome(message.body);
        return;
      case "refused":
        if (this.#phase === "running") this.#end("lost", message.body.text);
        else this.#end("refused", message.body.text);
        return;
      case "probed":
        if (this.#phase === "probing") this.#probed(running!, message.body, now);
        return;
      case "start":
        if (this.#phase === "probing") this.#start(running!, message.body, now);
        return;
      case "frames":
        if (this.#phase === "running") this.#frames(running!, message.body, now);
        else if (this.#phase === "probing") this.#probing.hurry(now);
        return;
      case "bye":
        if (message.body.reason === 1) this.#end("dropped", "The server dropped this seat after a silence.");
        else this.#end("over", "The match is over.");
        return;
      case "hashQuery":
        running?.evidence.onQuery(message.body);
        return;
      case "desync":
        running?.evidence.onDesync(message.body, now);
        return;
      case "ask":
        running?.evidence.onAsk(message.body);
        return;
      case "answer":
        running?.evidence.onAnswer(message.body);
        return;
      case "hello":
      case "probe":
      case "inputs":
      case "hashes":
        this.stats.malformed += 1; // a player's message, sent to a player
        return;
      default:
        message satisfies never;
    }
  }

  #welcome(welcome: Body<"welcome">): void {
    const { simulation } = this.#options;
    const { config } = welcome;
    const misfit = whyMisfit(welcome, simulation);
    if (misfit !== undefined) {
      this.#end("refused", `The room's match does not fit this game: ${misfit}. Open another room.`);
      return;
    }
    // The decoder's record is filled again by the next message of its type.
    const kept = { ...welcome, config: { ...config } };
    try {
      this.#running = new Running({
        simulation,
        welcome: kept,
        outbox: this.#outbox,
        onRoster: (entry) => this.#roster(entry),
        onConfirmed: this.#options.onConfirmed,
      });
    } catch (error) {
      // A stranger chose these settings, and our game stops on them.
      if (!(error instanceof SamestepError)) throw error;
      this.#end("refused", `The room's match does not fit this game: ${error.message}. Open another room.`);
      return;
    }
    this.stats.inputDelay = config.inputDelay;
    if (this.#phase === "greeting") this.#go("welcome");
    this.#events.push({ type: "welcome", seat: welcome.seat, config: kept.config });
  }

  #probed(running: Running, probed: Body<"probed">, now: number): void {
    this.#probing.probed(running, probed, now);
    if (probed.present === this.#present) return;
    this.#present = probed.present;
    this.#events.push({ type: "waiting", present: probed.present, players: running.config.players });
  }

  #start(running: Running, start: Body<"start">, now: number): void {
    this.#probing.start(running, start, now);
    this.#go("start");
    this.#events.push({ type: "started" });
  }

  #frames(running: Running, frames: Body<"frames">, now: number): void {
    const { timeline, uplink } = running;
    uplink.read(frames, timeline.frame, now);
  }

  #roster(entry: RosterEntry): void {
    if (entry.seat === this.#running!.seat) {
      this.#end(entry.change === 0 ? "left" : "dropped", "This seat is no longer in the match.");
      return;
    }
    this.#events.push({ type: "left", seat: entry.seat, frame: entry.frame, dropped: entry.change === 1 });
  }

  #heard(now: number): void {
    const silentMs = this.#silence.heard(now);
    if (silentMs !== undefined) this.#events.push({ type: "heard", silentMs });
  }

  /**
   * Lives until `at`, by the host's clock in ms: sends what is due, rolls back if the past turned out differently, and plays the frames whose
   * time has come.
   */
  tick(input: InputSource, at: number): void {
    const now = this.#time.at(at);
    const gapMs = this.#lastTick === undefined ? 0 : now - this.#lastTick;
    const slept = gapMs > SLEEP_MS;
    if (slept) this.#silence.slept(gapMs, now);
    this.#lastTick = now;
    if (this.#rebinding && this.#phase !== "ended" && now >= this.#helloAt) this.#hello(now);
    switch (this.#phase) {
      case "greeting":
        break;
      case "probing":
        this.#probing.tick(this.#running!, this.#outbox, now);
        break;
      case "running":
        this.#run(this.#running!, input, now, slept);
        break;
      case "ended":
        return;
      default:
        this.#phase satisfies never;
    }
    this.#listen(now);
  }

  #listen(now: number): void {
    const silence = this.#silence.check(now);
    if (silence === "lost") this.#end("lost", "The server has not answered for a minute.");
    if (silence !== "begins") return;
    this.#events.push({ type: "silent" });
    // In the lobby the seat may have been given away meanwhile: ask for one again.
    if (this.#phase === "probing") this.reconnect();
  }

  #hello(now: number): void {
    const { simulation, config, token, anySeed } = this.#options;
    const hello = blank("hello");
    hello.protocol = PROTOCOL;
    hello.game = simulation.gameHash;
    hello.schema = simulation.schemaHash;
    hello.token = token;
    hello.anySeed = anySeed ? 1 : 0;
    hello.rejoin = this.#phase === "running" ? 1 : 0;
    if (config !== undefined) Object.assign(append(hello.config, matchConfig), config);
    this.#outbox.post(SEQUENCER, "hello", hello);
    this.#helloAt = now + HELLO_AGAIN_MS;
  }

  #run(running: Running, input: InputSource, now: number, slept: boolean): void {
    const { timeline, clock, uplink, inputs } = running;
    const before = timeline.frame;
    timeline.settle();
    this.stats.rollback = timeline.lastDepth;
    const present = clock.advance(now, Math.min(timeline.windowEnd, uplink.reachEnd));
    const due = Math.min(present + 1, before + STEPS_PER_TICK_MAX);
    const delay = running.config.inputDelay;
    let stalled = false;
    while (timeline.frame < due && !stalled) {
      if (timeline.frame >= uplink.reachEnd) {
        stalled = true;
        break;
      }
      // What is pressed now is played `delay` frames from here. It is sampled when the frame is due, even where the
      // window forbids to play it: in lockstep everybody waits for exactly these inputs.
      const neutral = slept && timeline.frame + 1 < due;
      if (inputs.held(running.seat) <= timeline.frame + delay) {
        this.#sample(running, neutral ? nothing : input);
      }
      if (this.#phase !== "running") return; // whoever was asked for input may have left
      const result = timeline.advance();
      stalled = result !== "stepped";
      if (result === "trapped") {
        this.#sayBye();
        this.#end("trap", `The game stopped at frame ${timeline.frame}: ${this.#options.simulation.trap}`);
      }
    }
    if (timeline.frame > before || now >= this.#sendAt) {
      this.#outbox.post(SEQUENCER, "inputs", uplink.compose(now));
      // While nothing is played, keep talking at frame rate: acknowledgements and repairs ride on it.
      this.#sendAt = now + 1000 / running.config.framesPerSecond;
    }
    running.evidence.tick(now);
    const desync = running.evidence.take();
    if (desync !== undefined) this.#events.push(desync);
    this.#meter.measure(running, stalled, now);
  }

  #sample(running: Running, source: InputSource): void {
    const input = source();
    const most = running.inputs.inputBytes;
    if (input.length > most) {
      throw new SamestepError("BAD_INPUT", `an input of this game has at most ${most} bytes, not ${input.length}`);
    }
    running.inputs.push(running.seat, input, 0, input.length);
  }

  #go(event: "welcome" | "start" | "end"): void {
    const next: Partial<Record<string, Phase>> = NEXT[this.#phase];
    const phase = next[event];
    assert(phase !== undefined, `a ${this.#phase} player does not ${event}`);
    this.#phase = phase;
  }

  #end(reason: EndReason, text: string): void {
    if (this.#phase === "ended") return;
    this.#go("end");
    const report = this.#running?.evidence.abandon();
    if (report !== undefined) this.#events.push(report);
    this.#events.push({ type: "ended", reason, text });
  }
}

/** A good-bye is repeated, since nobody answers it. */
const BYES = 3;

const NEUTRAL = new Uint8Array(0);
const nothing: InputSource = () => NEUTRAL;
const NO_EFFECTS: Effect[] = [];
const NO_EVENTS: PlayerEvent[] = [];
