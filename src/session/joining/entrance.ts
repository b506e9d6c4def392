// A player's ways into his match: from the lobby with everybody, or while it runs, with a snapshot; again when he was dropped.
import { SamestepError } from "../../error.js";
import type { Simulation } from "../../simulation/simulation.js";
import { append } from "../../wire/codec.js";
import { type MatchConfig, matchConfig } from "../../wire/match-config.js";
import { type Body, blank, PROTOCOL, Refusal } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { RosterEntry } from "../../wire/stream.js";
import type { OnDesync } from "../evidence/evidence.js";
import type { HostIdentity } from "../evidence/witness.js";
import type { PlayerEvent } from "../player-events.js";
import { ENTRY_WATCH, Running, type RunningOptions, SEQUENCER, whyMisfit } from "../running.js";
import { Joining } from "./joining.js";

/** Time between two hellos: one that is lost, or its answer, costs as much. */
const HELLO_AGAIN_MS = 100;

/** The last number that a hello can have. */
const SERIAL_MAX = 0xffff_ffff;

export interface PlayerOptions {
  simulation: Simulation;
  /** The match this player would open; without one, the room's is taken. */
  config?: MatchConfig;
  /** The config's seed only counts if this player opens the room; the other settings must be the room's. */
  anySeed?: boolean;
  /** Wants no seat, only to look on. */
  watch?: boolean;
  /** 16 random bytes that only this player knows: they keep the seat when the carrier changes, or he is away. */
  token: Uint8Array;
  /** Told of every frame linked into the hash chain: its end, and the low 32 bits of the chain there. */
  onConfirmed?: (end: number, chain: number) => void;
  /** What is done when this player's machine and another one compute different states; by default "continue". */
  onDesync?: OnDesync;
  /** What runs here, for reports of a desync: nothing but the host knows. */
  host?: HostIdentity;
}

export interface EntranceParts {
  options: PlayerOptions;
  outbox: Outbox;
  onEvent: (event: PlayerEvent) => void;
  onRoster: (entry: RosterEntry) => void;
}

export class Entrance {
  readonly #parts: EntranceParts;
  #helloAt = -Infinity;
  #serial = 0;
  /** His hello has been answered. */
  introduced = false;
  /** Whether he ever played in this match, or looked on: then he comes back to it. */
  played = false;
  /** The match, once it is known. */
  running: Running | undefined;
  /** How he comes, or came, in. */
  joining: Joining | undefined;

  constructor(parts: EntranceParts) {
    const { token } = parts.options;
    if (token.length !== 16) {
      throw new SamestepError("BAD_CONFIG", `a player's token is 16 random bytes, not ${token.length}`);
    }
    this.#parts = parts;
  }

  get config(): MatchConfig | undefined {
    return this.running?.config ?? this.joining?.welcome.config;
  }

  /** Undefined before the welcome, and for who looks on. */
  get seat(): number | undefined {
    const welcome = this.joining?.welcome;
    if (welcome === undefined) return this.running?.seat;
    return welcome.entry === ENTRY_WATCH ? undefined : welcome.seat;
  }

  /** The carrier is a new one, or he was dropped: he says hello again at once. */
  introduceAgain(): void {
    this.introduced = false;
    this.#helloAt = -Infinity;
    this.#serial = Math.min(SERIAL_MAX, this.#serial + 1);
  }

  /**
   * Whether a refusal is only that of a hello which an earlier connection of his had brought, or of one of his lives before
   * this one: who knows the token says it again with a higher number, and whoever repeats what he heard cannot.
   */
  outbids({ reason }: Body<"refused">): boolean {
    if (reason !== Refusal.Replay || this.#serial === SERIAL_MAX) return false;
    this.#serial = Math.min(SERIAL_MAX, 2 * this.#serial);
    this.introduceAgain();
    return true;
  }

  /** Says hello, unless that has been answered. */
  introduce(now: number): void {
    if (this.introduced || now < this.#helloAt) return;
    this.#helloAt = now + HELLO_AGAIN_MS;
    const { options, outbox } = this.#parts;
    const { simulation, config, token, anySeed, watch } = options;
    const hello = blank("hello");
    hello.protocol = PROTOCOL;
    hello.game = simulation.gameHash;
    hello.schema = simulation.schemaHash;
    hello.token = token;
    hello.serial = this.#serial;
    hello.anySeed = anySeed ? 1 : 0;
    hello.rejoin = this.played ? 1 : 0;
    hello.watch = watch ? 1 : 0;
    if (config !== undefined) Object.assign(append(hello.config, matchConfig), config);
    outbox.post(SEQUENCER, "hello", hello);
  }

  /** A seat in the lobby. Answers why there is no match to be played, as a person would say it. */
  welcome(welcome: Body<"welcome">): string | undefined {
    // The decoder's record is filled again by the next message of its type.
    const kept = { ...welcome, config: { ...welcome.config } };
    const why = this.#enter(kept, undefined);
    if (why === undefined) this.#parts.onEvent({ type: "welcome", seat: kept.seat, config: kept.config });
    return why;
  }

  /** Whether this is the welcome that he has answered already. */
  knows({ seat, generation, entry }: Body<"welcome">): boolean {
    const known = this.joining?.welcome;
    return known !== undefined && known.seat === seat && known.generation === generation && known.entry === entry;
  }

  /** Whether he plays there already, and who told him that he was dropped was mistaken. */
  plays({ seat, generation }: Body<"welcome">): boolean {
    const { running, joining } = this;
    if (joining !== undefined || running === undefined) return false;
    return running.seat === seat && running.generation === generation && running.uplink.active;
  }

  /** The match runs: he comes in with a snapshot. */
  admit(welcome: Body<"welcome">): void {
    const first = this.running === undefined && this.joining === undefined;
    const kept = { ...welcome, config: { ...welcome.config } };
    this.joining = new Joining(kept, this.#parts.outbox);
    if (first) this.#parts.onEvent({ type: "welcome", seat: this.seat, config: kept.config });
  }

  /** Who looks on lives as soon as he can; the sequencer may not have heard of it yet, and have given him a later state. */
  beginsAnew({ frame }: Body<"snapshot">): boolean {
    const { joining, running } = this;
    return joining !== undefined && running?.rewind !== undefined && frame > (running.snapshot?.frame ?? 0);
  }

  /** What to begin with. Answers as `welcome` does. */
  onSnapshot(body: Body<"snapshot">, now: number): string | undefined {
    const { joining } = this;
    const snapshot = joining?.onSnapshot(body, now);
    return joining === undefined || snapshot === undefined ? undefined : this.#enter(joining.welcome, snapshot);
  }

  #enter(welcome: Body<"welcome">, snapshot: Body<"snapshot"> | undefined): string | undefined {
    const { options, outbox, onRoster, onEvent } = this.#parts;
    const running: RunningOptions = {
      ...{ simulation: options.simulation, onConfirmed: options.onConfirmed, welcome, snapshot, outbox, onRoster },
      ...{ onDesync: options.onDesync, host: options.host },
      onReplaced: (begin, end) => onEvent({ type: "replaced", begin, end }),
    };
    const misfit = whyMisfit(welcome, options.simulation) ?? whySmaller(running);
    if (misfit !== undefined) return unfit(misfit);
    try {
      this.running = new Running(running);
    } catch (error) {
      // A stranger chose these settings, and our game stops on them.
      if (!(error instanceof SamestepError)) throw error;
      return unfit(error.message);
    }
    return undefined;
  }
}

/** A snapshot is the game's state, or none: the state it starts with. */
function whySmaller({ snapshot, simulation }: RunningOptions): string | undefined {
  if (snapshot === undefined || snapshot.size === simulation.stateBytes) return undefined;
  if (snapshot.size === 0 && snapshot.frame === 0) return undefined;
  return `its state has ${snapshot.size} bytes, and this game's ${simulation.stateBytes}`;
}

function unfit(why: string): string {
  return `The room's match does not fit this game: ${why}. Open another room.`;
}
