// A room whose match this server plays too: the authority, what it costs, and the signed result.
import type { Sequencer } from "../sequencer/sequencer.js";
import { InputDigest } from "../signing/input-digest.js";
import type { Key } from "../signing/keys.js";
import { signResult } from "../signing/result.js";
import type { Game } from "../simulation/game.js";
import type { MatchConfig } from "../wire/match-config.js";
import { readStatement, type SignedResult } from "../wire/result.js";

/** Drawn at random, 128 bits never meet again. */
const MATCH_ID_BYTES = 16;

/**
 * Snapshots of one authority: as many as a player keeps, for a desync's evidence, but no more than this many bytes, since
 * a server has hundreds of rooms; four at least, which is a question asked at once.
 */
const RING_BYTES = 4 * 1024 * 1024;
const SLOTS_MAX = 64;
const SLOTS_MIN = 4;

/** Beside the ring: the game's memory and what hashing and evidence need, in states. */
const OTHER_STATES = 4;

function slotsFor(stateBytes: number): number {
  return Math.max(SLOTS_MIN, Math.min(SLOTS_MAX, Math.floor(RING_BYTES / stateBytes)));
}

/** Memory that an authority takes. */
export function authorityBytes({ schema }: Game): number {
  const { size } = schema.regions.state;
  return size * (slotsFor(size) + OTHER_STATES);
}

/** Frames played by this server's authorities, and what they took of its one core. */
export interface Simulated {
  frames: number;
  ms: number;
}

export interface AttestationOptions {
  game: Game;
  config: MatchConfig;
  key: Key | undefined;
  sequencer: Sequencer;
  /** Counts up over all rooms. */
  simulated: Simulated;
  /** The result, once it is signed. */
  onResult: (result: SignedResult) => void;
  log: (event: string, more: object) => void;
}

export class Attestation {
  readonly #options: AttestationOptions;
  readonly #match: Uint8Array = globalThis.crypto.getRandomValues(new Uint8Array(MATCH_ID_BYTES));
  readonly #digest: InputDigest;
  readonly #simulated: Simulated = { frames: 0, ms: 0 };
  #state: "playing" | "signing" | "done" = "playing";

  constructor(options: AttestationOptions) {
    const { game, config } = options;
    this.#options = options;
    this.#digest = new InputDigest(config.players * game.schema.regions.inputs.stride);
    game.simulation({ slots: slotsFor(game.schema.regions.state.size) }).then(
      (simulation) => this.#attend(() => options.sequencer.referee.appoint(simulation)),
      (error: Error) => this.giveUp(error.message),
    );
  }

  // The game stops on settings that a stranger chose: then no page can play them either, and each says so.
  #attend(appoint: () => void): void {
    try {
      appoint();
    } catch (error) {
      this.giveUp(error instanceof Error ? error.message : String(error));
    }
  }

  /** Whether there may still be a result. */
  get pending(): boolean {
    return this.#options.key !== undefined && this.#state !== "done";
  }

  /** The next frame's inputs are final. */
  confirmed(record: Uint8Array): void {
    if (this.pending) this.#digest.add(record);
  }

  /** Plays on, and signs when the match is over. */
  tick(): void {
    if (this.#state !== "playing") return;
    const { simulated, sequencer } = this.#options;
    const begin = performance.now();
    const frames = sequencer.referee.simulate();
    if (frames > 0) {
      const ms = performance.now() - begin;
      for (const sum of [simulated, this.#simulated]) {
        sum.frames += frames;
        sum.ms += ms;
      }
    }
    if (sequencer.over) this.#end();
  }

  #end(): void {
    const { sequencer, game, config, key, log } = this.#options;
    const { outcome } = sequencer.referee;
    if (outcome === undefined) return;
    const { frames, ms } = this.#simulated;
    log("simulated", { frames, ms: Math.round(ms), state: outcome.state });
    if (key === undefined) {
      this.#state = "done";
      return;
    }
    this.#state = "signing";
    const { frames: played, state, left } = outcome;
    this.#digest
      .finish()
      .then((inputs) =>
        signResult(
          {
            ...{
              match: this.#match,
              game: game.gameHash,
              schema: game.schemaHash,
              config,
              frames: played,
              inputs,
              state,
            },
            left: { items: left, count: left.length },
          },
          key,
        ),
      )
      .then(
        (result) => this.#signed(result),
        (error: Error) => this.giveUp(error.message),
      );
  }

  #signed(result: SignedResult): void {
    this.#state = "done";
    this.#options.sequencer.referee.announce(result);
    this.#options.onResult(result);
    const { frames, state, key } = readStatement(result.statement)!;
    this.#options.log("signed", { frames, state, key });
  }

  /** There is no authority, or none any more: there will be no result. */
  giveUp(why: string): void {
    if (this.#state === "done") return;
    this.#state = "done";
    this.#options.sequencer.referee.announce(undefined);
    this.#options.log("unsigned", { why });
  }
}
