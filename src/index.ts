// What a host of its own making imports: samestep.
export { SamestepError } from "./error.js";
export { Member, type MemberOptions } from "./member/member.js";
export type { MemberEvent } from "./member/member-events.js";
export type { SeatQuality } from "./sequencer/seat-quality.js";
export { Sequencer, type SequencerEvent, type SequencerOptions } from "./sequencer/sequencer.js";
export type { ClockChange, ClockState } from "./session/clock/clock-state.js";
export type { Desync, HealedEvent, OnDesync, UnhealedEvent } from "./session/evidence/evidence.js";
export {
  type DesyncField,
  type DesyncIdentity,
  type DesyncLeaf,
  type DesyncReport,
  type DesyncSide,
  type DesyncVerdict,
  type Differs,
  REPORT_SCHEMA,
  type Rerun,
  type SeatInputs,
} from "./session/evidence/report.js";
export type { HostIdentity } from "./session/evidence/witness.js";
export type { Quality, QualityChange, QualityReason } from "./session/path/quality.js";
export { Player, type PlayerOptions } from "./session/player.js";
export type { EndReason, PlayerEvent } from "./session/player-events.js";
export type { PlayerStats } from "./session/player-stats.js";
export type { Effect } from "./session/timeline/effects.js";
export type { Rewind } from "./session/timeline/rewind.js";
export {
  type SyncDifference,
  type SyncTestOptions,
  type SyncTestReport,
  syncTest,
} from "./session/timeline/sync-test.js";
export { type Key, readPublicKey } from "./signing/keys.js";
export { whyForged } from "./signing/result.js";
export { Game, loadGame, WasmSimulation, type WasmSource } from "./simulation/game.js";
export type { FieldDifference, Schema } from "./simulation/schema.js";
export type { GameConfig, Simulation, StepResult } from "./simulation/simulation.js";
export { VERSION } from "./version.js";
export { AUTHORITY } from "./wire/limits.js";
export { MATCH_DEFAULTS, type MatchConfig } from "./wire/match-config.js";
export { PROTOCOL } from "./wire/messages.js";
export { readStatement, type SignedResult, type Statement } from "./wire/result.js";
