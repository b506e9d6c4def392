// A match as a page sees it: the present to draw, events to hear, and the time that makes it go on.
import { SamestepError } from "../error.js";
import type { Conditions } from "../netsim/conditions.js";
import { PlayerRecorder } from "../replay/player-recorder.js";
import type { OnDesync } from "../session/evidence/evidence.js";
import { type Phase, Player } from "../session/player.js";
import type { EndReason, PlayerEvent } from "../session/player-events.js";
import type { PlayerStats } from "../session/player-stats.js";
import type { Rewind } from "../session/timeline/rewind.js";
import type { Key } from "../signing/keys.js";
import { whyForged } from "../signing/result.js";
import type { Game, WasmSimulation } from "../simulation/game.js";
import { eventReader, inputWriter, stateView } from "../simulation/view.js";
import { CLOSE_BUSY } from "../transport/closing.js";
import type { SimulatedTransport } from "../transport/simulated.js";
import type { Closing } from "../transport/transport.js";
import { configDifference, type MatchConfig } from "../wire/match-config.js";
import { numberAt } from "./fault.js";
import { hostIdentity } from "./host.js";
import type { Ticker } from "./ticker.js";

/** Time for the server's first answer; the page should say something after that. */
const JOIN_MS = 10_000;

/** What a game is made of, as TypeScript sees it: `samestep build` writes a `Game` like this beside the module. */
export interface GameTypes {
  readonly state: object;
  readonly input: object;
  readonly config: object;
  readonly event: object;
}

type PlayerEvents = { [E in PlayerEvent as E["type"]]: E };

/** What `Match.on` tells, by name. */
export type MatchEvents<G extends GameTypes = GameTypes> = Omit<PlayerEvents, "result"> & {
  /**
   * How the match ended, as the server states and signed it, for who called `finish`. `verified`: signed with the
   * `resultKey`, and of this match; undefined without a key. May come after `ended`.
   */
  result: PlayerEvents["result"] & { verified: boolean | undefined };
  /** The present has changed: after new frames, and after a rollback. */
  frame: { frame: number; view: G["state"] };
  /** An event of the game; "cancelled" when a rollback showed that it never happened. */
  effect: { frame: number; change: "happened" | "cancelled"; event: G["event"] };
  /** The carrier came, went (another one is being dialled), or is gone for good. */
  carrier: { state: "open" | "lost" | "closed"; reason: string };
};

/** Why there is no match: the room refused, or the server did not answer. The message is for a person. */
export class JoinError extends Error {
  readonly reason: EndReason;
  constructor(reason: EndReason, message: string) {
    super(message);
    this.name = "JoinError";
    this.reason = reason;
  }
}

export interface MatchParts<G extends GameTypes> {
  game: Game;
  simulation: WasmSimulation;
  transport: SimulatedTransport;
  config: MatchConfig | undefined;
  /** The config's seed only counts if this player opens the room. */
  anySeed: boolean;
  /** Wants no seat, only to look on. */
  watch: boolean;
  onDesync: OnDesync;
  /** What the server's result has to be signed with. */
  resultKey: Key | undefined;
  input: () => Uint8Array | Partial<G["input"]>;
  ticker: Ticker;
}

export class Match<G extends GameTypes = GameTypes> {
  /** The present: reads the simulation's memory as it is now, and cannot write. */
  readonly view: G["state"];
  readonly game: Game;
  readonly #player: Player;
  readonly #transport: SimulatedTransport;
  readonly #ticker: Ticker;
  readonly #input: MatchParts<G>["input"];
  readonly #sample: () => Uint8Array;
  readonly #readEvents: ReturnType<typeof eventReader>;
  readonly #listeners = new Map<string, Set<(event: never) => void>>();
  readonly #onPageHide = () => this.leave();
  readonly #startedAt = performance.now();
  readonly #recorder: PlayerRecorder;
  readonly #resultKey: Key | undefined;
  #untold: PlayerEvent[] = [];
  #shown = -1;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #over = false;

  /** Enters the match; `join` is the way to call this. */
  static async open<G extends GameTypes>(parts: MatchParts<G>): Promise<Match<G>> {
    const match = new Match(parts);
    await match.#enter();
    return match;
  }

  private constructor(parts: MatchParts<G>) {
    const { simulation, config } = parts;
    const { schema, cellBytes } = simulation;
    this.game = parts.game;
    this.view = stateView(schema, schema.root, simulation.memory, schema.regions.state.address) as G["state"];
    this.#transport = parts.transport;
    this.#ticker = parts.ticker;
    this.#input = parts.input;
    const write = inputWriter(schema);
    const bytes = new Uint8Array(cellBytes);
    this.#sample = () => {
      const input = this.#input();
      if (input instanceof Uint8Array) return input;
      const length = write(input, bytes);
      // No command is no bytes: what the others predict.
      const empty = schema.commands && bytes.every((byte, i) => byte === 0 || i >= length);
      return bytes.subarray(0, empty ? 0 : length);
    };
    this.#readEvents = eventReader(schema);
    this.#recorder = new PlayerRecorder(simulation);
    this.#resultKey = parts.resultKey;
    this.#player = new Player({
      simulation,
      token: crypto.getRandomValues(new Uint8Array(16)),
      ...(config === undefined ? {} : { config }),
      anySeed: parts.anySeed,
      watch: parts.watch,
      onDesync: parts.onDesync,
      host: hostIdentity(),
      onConfirmed: (end, chain) => this.#recorder.confirmed(this.#player, end, chain),
    });
  }

  /** The settings that all players share. */
  get config(): MatchConfig {
    return this.#player.config!;
  }

  /** Which player this is, from 0; who looks on has the number behind the last one's. */
  get seat(): number {
    return this.#player.seat ?? this.config.players;
  }

  /** "probing" in the lobby, then "running", then "ended". */
  get phase(): Phase {
    return this.#over ? "ended" : this.#player.phase;
  }

  /** Figures for a display: one object, updated in place. */
  get stats(): PlayerStats {
    return this.#player.stats;
  }

  /** Up to which frame the players' hash chains agree, and the low 32 bits of the chain there; undefined at the start. */
  get agreed(): { end: number; chain: number } | undefined {
    const { chain } = this.#player;
    const end = this.stats.agreedEnd;
    if (chain === undefined || end <= chain.begin || end > chain.end) return undefined;
    return { end, chain: chain.valueAt(end) };
  }

  /** The simulated network of this player. */
  get network(): { up: Conditions; down: Conditions } {
    return { up: this.#transport.up, down: this.#transport.down };
  }

  /** Of who looks on: earlier frames, to seek and to play again. */
  get rewind(): Rewind | undefined {
    return this.#player.rewind;
  }

  /** Changes the simulated network from now on. */
  setNetwork(conditions: { up?: Conditions; down?: Conditions }): void {
    this.#transport.change(conditions);
  }

  /** Calls `listener` for each such event, until the function that is returned is called. */
  on<K extends keyof MatchEvents<G>>(type: K, listener: (event: MatchEvents<G>[K]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener as (event: never) => void);
    return () => listeners.delete(listener as (event: never) => void);
  }

  /**
   * The match so far as a replay file: all confirmed inputs, this player's hash chain at each frame, and his state at
   * every sixtieth.
   * @throws SamestepError BAD_USAGE while no frame is confirmed, and for who was not there from the beginning on.
   */
  replay(): Uint8Array {
    if (this.#recorder.partial) {
      const text =
        "this player came in, or was healed, while the match ran, and has no replay of all of it: the server's recording is whole";
      throw new SamestepError("BAD_USAGE", text);
    }
    const file = this.#recorder.finish();
    if (file === undefined) throw new SamestepError("BAD_USAGE", "nothing is confirmed yet, so there is no replay");
    return file;
  }

  /**
   * Turns over the lowest bit of a number of this player's state at the next frame, for demonstrations: a desync follows.
   * `path` as in reports, `fighters[1].position.x`; by default the state's first number.
   * @throws SamestepError UNKNOWN_FIELD, or BAD_USAGE while the match does not run.
   */
  injectFault(path = ""): { path: string; frame: number } {
    const place = numberAt(this.game.schema, path);
    const { frame } = this.#player.stats;
    this.#player.plant({ frame, offset: place.offset, mask: 1 });
    return { path: place.path, frame };
  }

  /**
   * Asks for another input delay of all players, 0 to 15 frames: the event "delay" tells from which frame on. The event
   * "advice" says which one would be better, by what is measured here.
   */
  requestInputDelay(frames: number): void {
    this.#player.requestInputDelay(frames);
  }

  /** Says good-bye; the others go on. What was played stays readable. */
  leave(): void {
    if (this.#over) return;
    this.#player.leave();
    this.#drain();
    this.#tell();
  }

  /**
   * Leaves because the game is over, once everybody has what was played so far, and waits for the others to do so too: then
   * the server tells the result, if it plays and signs this match. `ended` follows, after twelve seconds at most.
   */
  finish(): void {
    this.#player.finish();
  }

  /** Leaves, and tells nobody here any more. */
  close(): void {
    this.#listeners.clear();
    this.leave();
  }

  #enter(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#transport.listen({
        opened: () => {
          this.#player.reconnect();
          this.#emit("carrier", { state: "open", reason: "" });
        },
        received: (bytes) => this.#player.receive(bytes, performance.now()),
        closed: (closing) => this.#lost(closing),
      });
      // A page that goes away says so, instead of letting the others wait for it.
      globalThis.addEventListener?.("pagehide", this.#onPageHide);
      this.#ticker.start(() => this.#tick());
    });
  }

  #tick(): void {
    if (this.#over) return;
    const now = performance.now();
    this.#transport.pump(now);
    this.#player.tick(this.#sample, now);
    this.#drain();
    this.#tell();
    const waited = now - this.#startedAt;
    if (this.#player.phase === "greeting" && waited > JOIN_MS) {
      this.#end(
        "lost",
        `The server has not answered for ${JOIN_MS / 1000} seconds. Is it running, and is the address right?`,
      );
    }
  }

  #drain(): void {
    this.#player.drain((_, bytes) => this.#transport.send(bytes), this.#transport.stripes);
  }

  #tell(): void {
    const events = [...this.#untold, ...this.#player.takeEvents()];
    this.#untold = [];
    for (const [at, event] of events.entries()) {
      if (event.type === "ended") this.#end(event.reason, event.text);
      else if (event.type === "result") void this.#check(event);
      else this.#emit(event.type, event);
      if (event.type !== "welcome" || this.#settle === undefined) continue;
      this.#settle.resolve();
      this.#settle = undefined;
      this.#untold = events.slice(at + 1); // for the listeners that whoever awaits us is about to add
      return;
    }
    for (const { frame, change, bytes } of this.#player.takeEffects()) {
      this.#emit("effect", { frame, change, event: this.#readEvents(bytes)[0]! as G["event"] });
    }
    const { frame, rollback } = this.#player.stats;
    if (this.phase !== "running" || (frame === this.#shown && rollback === 0)) return;
    this.#shown = frame;
    this.#emit("frame", { frame, view: this.view });
  }

  async #check(event: PlayerEvents["result"]): Promise<void> {
    const key = this.#resultKey;
    if (key === undefined) {
      this.#emit("result", { ...event, verified: undefined });
      return;
    }
    const { game, schema, config } = event.result;
    const { gameHash, schemaHash } = this.game;
    const ours = game === gameHash && schema === schemaHash && configDifference(this.config, config) === undefined;
    const forged = await whyForged(event.signed, key);
    this.#emit("result", { ...event, verified: ours && forged === undefined });
  }

  #lost(closing: Closing): void {
    this.#emit("carrier", { state: closing.final ? "closed" : "lost", reason: closing.reason });
    const joining = this.#settle !== undefined;
    // Before there is a seat to keep, a server that says why not has answered; later it may have room again.
    if (closing.final || (joining && closing.code === CLOSE_BUSY)) {
      this.#end(joining ? "refused" : "lost", closing.reason || "The server has closed the connection.");
    }
  }

  #end(reason: EndReason, text: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#ticker.stop();
    this.#transport.close();
    globalThis.removeEventListener?.("pagehide", this.#onPageHide);
    this.#settle?.reject(new JoinError(reason, text));
    this.#emit("ended", { type: "ended", reason, text });
  }

  // A listener's error is reported like any other, but takes no other listener with it, and not the match.
  #emit<K extends keyof MatchEvents<G>>(type: K, event: MatchEvents<G>[K]): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        listener(event as never);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
