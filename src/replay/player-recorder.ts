// Records a match from a player's seat: every confirmed frame with its hash chain, a keyframe now and then.
import type { Player } from "../session/player.js";
import type { WasmSimulation } from "../simulation/game.js";
import { KEYFRAME_EVERY_FRAMES, ReplayRecorder } from "./recorder.js";

export class PlayerRecorder {
  readonly #simulation: WasmSimulation;
  readonly #keyframeEvery: number;
  #recorder: ReplayRecorder | undefined;
  /** He came in while the match ran: what he has of it is no whole match. */
  #partial = false;

  constructor(simulation: WasmSimulation, options: { keyframeEvery?: number } = {}) {
    this.#simulation = simulation;
    this.#keyframeEvery = options.keyframeEvery ?? KEYFRAME_EVERY_FRAMES;
  }

  get frames(): number {
    return this.#recorder?.frames ?? 0;
  }

  /** To be called from the player's `onConfirmed`, for every frame. */
  confirmed(player: Player, end: number, chain: number): void {
    const simulation = this.#simulation;
    const { gameHash, schemaHash, cellBytes } = simulation;
    this.#partial ||= end - 1 !== this.frames;
    if (this.#partial) return;
    this.#recorder ??= new ReplayRecorder({ gameHash, schemaHash, cellBytes, config: player.config! });
    const frame = end - 1;
    this.#recorder.confirmed(frame, player.inputs!.record(frame));
    this.#recorder.check(end, chain);
    if (frame % this.#keyframeEvery !== 0) return;
    this.#recorder.keyframe(frame, simulation.core.slot(frame % simulation.slots), simulation.core);
  }

  /** Whether frames are missing: only a server's recording is whole then. */
  get partial(): boolean {
    return this.#partial;
  }

  /** The replay of all frames confirmed so far; undefined before the first, and where frames are missing. */
  finish(): Uint8Array | undefined {
    return this.#partial ? undefined : this.#recorder?.finish();
  }
}
