// What a page imports: samestep/browser.
export { type Conditions, PERFECT, PRESETS } from "../netsim/conditions.js";
export type { OnDesync } from "../session/evidence/evidence.js";
export type { DesyncReport, DesyncVerdict } from "../session/evidence/report.js";
export { Game, loadGame, type WasmSource } from "../simulation/game.js";
export * from "../transport/index.js";
export { AUTHORITY } from "../wire/limits.js";
export type { MatchConfig } from "../wire/match-config.js";
export type { SignedResult, Statement } from "../wire/result.js";
export { combine, type Device, type GamepadBindings, gamepad, keyboard, withSocd } from "./devices.js";
export { type JoinOptions, join, type MatchSettings, type NetworkOptions } from "./join.js";
export { type GameTypes, JoinError, Match, type MatchEvents } from "./match.js";
export { cleanLast, cleanNeutral, type Directions, type SocdRule } from "./socd.js";
export { defaultTicker, intervalTicker, type Ticker } from "./ticker.js";
