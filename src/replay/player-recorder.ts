// Records a match from a player's seat: every confirmed frame with its hash chain, a keyframe now and then.
import type { Player } from "../session/player.js";
import type { WasmSimulation } from "../simulation/game.js";
import { KEYFRAME_EVERY_FRAMES, ReplayRecorder } from "./recorder.js";

export class PlayerRecorder {
  readonly #simulation: WasmSimulation;
  readonly #keyframeEvery: number;
  #recorder: ReplayRecorder | undefined;

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
    this.#recorder ??= new ReplayRecorder({ gameHash, schemaHash, cellBytes, config: player.config! });
    const frame = end - 1;
    this.#recorder.confirmed(frame, player.inputs!.record(frame));
    this.#recorder.check(end, chain);
    if (frame % this.#keyframeEvery !== 0) return;
    this.#recorder.keyframe(frame, simulation.core.slot(frame % simulation.slots), simulation.core);
  }

  /** The replay of all frames confirmed so far; undefined before the first. */
  finish(): Uint8Array | undefined {
    return this.#recorder?.finish();
  }
}
