// A room: one sequencer, the connections of its players, its record, and the reasons for which it ends.
import type { Room as SequencedRoom } from "../sequencer/joining/admission.js";
import { Sequencer, type SequencerEvent } from "../sequencer/sequencer.js";
import { HISTORY_FRAMES } from "../session/inputs/final-inputs.js";
import type { Key } from "../signing/keys.js";
import type { Game } from "../simulation/game.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { CLOSE_BUSY, CLOSE_DONE, CLOSE_FAILED, CLOSE_SLOW } from "../transport/closing.js";
import type { Transport } from "../transport/transport.js";
import type { MatchConfig } from "../wire/match-config.js";
import { Decoder } from "../wire/messages.js";
import type { SignedResult } from "../wire/result.js";
import { Attestation, authorityBytes, type Simulated } from "./attestation.js";
import type { Connection } from "./connection.js";
import { HOST } from "./host.js";
import type { Limits } from "./limits.js";
import type { OpenedMatch, Recorder } from "./recording.js";

/** How often slow readers are looked for. */
const INSPECT_MS = 100;

/** Between somebody's being sent away and the end of his connection. */
const FAREWELL_MS = 2000;

/** Who talks again is sent what he lacks: a second is enough for all that is held. */
const CATCH_UP_MS = 1000;

/** A signature takes a millisecond or two, and an authority that lags some hundred. */
const SETTLE_MS = 1000;
const SETTLE_STEP_MS = 2;

export interface RoomOptions {
  code: string;
  limits: Limits;
  now: number;
  record: ((match: OpenedMatch) => Recorder) | undefined;
  /** The games that are played here too; without them any game is hosted, and none is played. */
  games: readonly Game[] | undefined;
  /** What results are signed with. */
  key: Key | undefined;
  simulated: Simulated;
  spectatorDelaySeconds: number;
  /** Bytes of input history that are left to this server. */
  bytesLeft: () => number;
  log: (event: string, more: object) => void;
}

interface Member {
  connection: Connection;
  /** The connection itself, or what a simulated network makes of it. */
  carrier: Transport;
}

export class Room {
  readonly code: string;
  /** Bytes of input history that this room holds. */
  bytes = 0;
  readonly #options: RoomOptions;
  readonly #sequencer: Sequencer;
  readonly #members = new Map<number, Member>();
  readonly #decoder = new Decoder();
  readonly #openedAt: number;
  #recorder: Recorder | undefined;
  #attestation: Attestation | undefined;
  #recorded = 0;
  #startedAt: number | undefined;
  /** Since when nobody is here, and since when the match is over. */
  #emptyAt: number | undefined;
  #overAt: number | undefined;
  #inspectAt = 0;
  #stableEnd = 0;
  #stableAt = 0;
  #draining = false;
  #closed = false;

  constructor(options: RoomOptions) {
    this.code = options.code;
    this.#options = options;
    this.#openedAt = options.now;
    this.#emptyAt = options.now;
    const { games, key } = options;
    this.#sequencer = new Sequencer({
      announces: games !== undefined && key !== undefined,
      spectatorDelaySeconds: options.spectatorDelaySeconds,
      host: HOST,
      ...(games === undefined ? {} : { games }),
      onConfirmed: (frame, record) => {
        this.#attestation?.confirmed(record);
        this.#recorder?.confirmed(frame, record);
        this.#recorded = frame + 1;
      },
      onAgreed: (frame, chain) => this.#recorder?.check(frame, chain),
    });
  }

  get peers(): number {
    return this.#members.size;
  }

  get playing(): boolean {
    return this.#sequencer.started && !this.#sequencer.over;
  }

  get over(): boolean {
    return this.#sequencer.over;
  }

  /** Nothing will be added to the record: the match is over, and signed if it is going to be. */
  get settled(): boolean {
    return this.over && this.#attestation?.pending !== true;
  }

  /** Takes a connection in and passes on what comes through its carrier. */
  enter(connection: Connection, carrier: Transport): void {
    const { peer } = connection;
    this.#members.set(peer, { connection, carrier });
    this.#emptyAt = undefined;
    carrier.listen({
      opened: () => {},
      received: (bytes) => this.#guard(() => this.#receive(connection, bytes, performance.now())),
      closed: ({ code }) => this.#guard(() => this.#lose(connection, code)),
    });
  }

  #receive(connection: Connection, bytes: Uint8Array, now: number): void {
    const unopened = this.#sequencer.room === undefined;
    if (unopened && !this.#affordable(bytes)) {
      connection.end(CLOSE_BUSY, "This server has no memory for another match with inputs of that size.");
      return;
    }
    this.#sequencer.receive(connection.peer, bytes, now);
    if (unopened && this.#sequencer.room !== undefined) this.#open(this.#sequencer.room);
    if (!connection.seated) connection.seated = this.#sequencer.seatOf(connection.peer) !== undefined;
    this.#drainSoon();
  }

  // What came in one turn of the event loop is answered once, such as all that a stream has held up.
  #drainSoon(): void {
    if (this.#draining) return;
    this.#draining = true;
    setImmediate(() => {
      this.#draining = false;
      this.#guard(() => this.#drain());
    });
  }

  // A stranger names the size of his inputs, and with it what his room costs: asked before the sequencer makes it.
  #affordable(bytes: Uint8Array): boolean {
    const message = this.#decoder.decode(bytes);
    if (message?.type !== "hello" || message.body.config.count === 0) return true;
    const { game, config } = message.body;
    return this.#bytesFor(game, config.items[0]!) <= this.#options.bytesLeft();
  }

  #open({ game, schema, config }: SequencedRoom): void {
    const { players, predictionWindow, inputDelay } = config;
    this.#options.log("opened", { game, players, predictionWindow, inputDelay });
    this.bytes = this.#bytesFor(game, config);
    const played = this.#playedHere(game);
    if (played !== undefined) this.#attest(played, config);
    this.#recorder = this.#options.record?.({
      room: this.code,
      gameHash: game,
      schemaHash: schema,
      config,
      cellBytes: CELL_HEADER_BYTES + config.inputBytes,
    });
  }

  #playedHere(game: string): Game | undefined {
    return this.#options.games?.find(({ gameHash }) => gameHash === game);
  }

  #bytesFor(game: string, config: MatchConfig): number {
    const played = this.#playedHere(game);
    return historyBytes(config) + (played === undefined ? 0 : authorityBytes(played));
  }

  #attest(game: Game, config: MatchConfig): void {
    const { key, simulated, log } = this.#options;
    const onResult = (result: SignedResult): void => this.#recorder?.sign?.(result);
    this.#attestation = new Attestation({ game, config, key, simulated, log, onResult, sequencer: this.#sequencer });
  }

  #lose(connection: Connection, code: number): void {
    this.#members.delete(connection.peer);
    this.#sequencer.disconnect(connection.peer);
    this.#options.log("lost", { peer: connection.peer, code });
    if (this.#members.size === 0) this.#emptyAt = performance.now();
  }

  #drain(): void {
    this.#sequencer.drain((peer, bytes) => this.#members.get(peer)?.carrier.send(bytes));
    for (const event of this.#sequencer.takeEvents()) this.#tell(event);
  }

  #tell(event: SequencerEvent): void {
    const { type, ...more } = event;
    if (type !== "opened") this.#options.log(type, more);
    if (type === "started") {
      this.#startedAt = performance.now();
      this.#stableAt = this.#startedAt;
    }
    if (event.type === "unattended") this.#attestation?.giveUp(event.why);
    if (type === "over") this.#overAt = performance.now();
    if (event.type === "unwatched" || event.type === "refused") this.#dismiss(event.peer);
  }

  /** Who was sent away has some time to hear why, and to go by himself: one who reads nothing never would. */
  #dismiss(peer: number): void {
    const end = (): void => {
      if (this.#sequencer.isOut(peer))
        this.#members.get(peer)?.connection.end(CLOSE_SLOW, "You are out of this match.");
    };
    setTimeout(end, FAREWELL_MS).unref();
  }

  /** Lives until `now`. Answers why the room is to be closed, when it is. */
  tick(now: number): string | undefined {
    this.#guard(() => {
      for (const { connection } of this.#members.values()) this.#sequencer.carries(connection.peer, connection.stripes);
      this.#sequencer.tick(now);
      this.#attestation?.tick();
      this.#drain();
      if (now >= this.#inspectAt) this.#inspect(now);
    });
    return this.#end(now);
  }

  #end(now: number): string | undefined {
    const { limits } = this.#options;
    if (this.#closed) return "The room has failed.";
    if (this.#overAt !== undefined) {
      // Those who look on see the end later, too.
      const lingerMs = limits.lingerMs + 1000 * this.#options.spectatorDelaySeconds;
      return now - this.#overAt > lingerMs ? "The match is over." : undefined;
    }
    if (this.#startedAt !== undefined) {
      // While a match runs, even an empty room stays: the sequencer drops its players, and then it is over.
      return now - this.#startedAt > limits.matchMs ? "The match has lasted too long." : undefined;
    }
    if (this.#emptyAt !== undefined && now - this.#emptyAt > limits.lingerMs) return "Everyone has gone.";
    return now - this.#openedAt > limits.lobbyMs ? "Nobody has started a match here." : undefined;
  }

  // Under `wait` a reader who is slow holds everybody up, so he cannot fall far behind: he is known by the match standing still.
  #inspect(now: number): void {
    this.#inspectAt = now + INSPECT_MS;
    const { limits } = this.#options;
    const sequencer = this.#sequencer;
    if (sequencer.stableEnd !== this.#stableEnd || !this.playing) {
      this.#stableEnd = sequencer.stableEnd;
      this.#stableAt = now;
    }
    const stuck = now - this.#stableAt > limits.stuckMs;
    if (stuck) this.#stableAt = now;
    for (const { connection } of this.#members.values()) {
      const lag = sequencer.lagFrames(connection.peer);
      // Who was silent meanwhile may have been cut off: the silence limit judges that.
      const talkingMs = connection.talkingMs(now);
      const holdsUp = stuck && lag > 0 && talkingMs >= limits.stuckMs;
      const fallsBehind = lag > limits.lagFrames && talkingMs >= CATCH_UP_MS;
      if (!fallsBehind && !holdsUp) continue;
      this.#options.log("slow", { peer: connection.peer, lagFrames: lag });
      connection.end(CLOSE_SLOW, "You read too slowly.");
    }
  }

  /** Waits for the result of a match that is over, which is signed between ticks; no longer than a second. */
  async settle(): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    while (this.over && !this.settled && performance.now() < end) {
      this.#guard(() => this.#attestation?.tick());
      await new Promise((resolve) => setTimeout(resolve, SETTLE_STEP_MS));
    }
  }

  /** An error in here is this room's end and no other's. */
  #guard(act: () => void): void {
    if (this.#closed) return;
    try {
      act();
    } catch (error) {
      this.#options.log("error", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      this.close(CLOSE_FAILED, "The room has failed. Please report it.");
    }
  }

  /** Sends everybody home. */
  close(code: number = CLOSE_DONE, reason = ""): void {
    this.#closed = true;
    for (const { connection } of this.#members.values()) connection.end(code, reason);
    this.#members.clear();
  }

  /** The record of what was played, once; undefined when nothing was. */
  takeRecording(): Uint8Array | undefined {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (this.#recorded === 0) return undefined;
    try {
      return recorder?.finish();
    } catch (error) {
      this.#options.log("error", { error: String(error) });
      return undefined;
    }
  }
}

function historyBytes({ players, inputBytes }: MatchConfig): number {
  return HISTORY_FRAMES * players * (CELL_HEADER_BYTES + inputBytes);
}
