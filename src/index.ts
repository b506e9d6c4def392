// What a host of its own making imports: samestep.
export { SamestepError } from "./error.js";
export { Sequencer, type SequencerEvent, type SequencerOptions } from "./sequencer/sequencer.js";
export type { Effect } from "./session/effects.js";
export type { Desync } from "./session/evidence.js";
export { Player, type PlayerOptions } from "./session/player.js";
export type { EndReason, PlayerEvent } from "./session/player-events.js";
export type { PlayerStats } from "./session/player-stats.js";
export {
  type SyncDifference,
  type SyncTestOptions,
  type SyncTestReport,
  syncTest,
} from "./session/sync-test.js";
export { Game, loadGame, WasmSimulation, type WasmSource } from "./simulation/game.js";
export type { FieldDifference, Schema } from "./simulation/schema.js";
export type { GameConfig, Simulation, StepResult } from "./simulation/simulation.js";
export type { MatchConfig } from "./wire/match-config.js";
export { PROTOCOL } from "./wire/messages.js";
