// What a page imports: samestep/browser.
export { type Conditions, PERFECT, PRESETS } from "../netsim/conditions.js";
export { Game, loadGame, type WasmSource } from "../simulation/game.js";
export * from "../transport/index.js";
export type { MatchConfig } from "../wire/match-config.js";
export { combine, type Device, type GamepadBindings, gamepad, keyboard, withSocd } from "./devices.js";
export { type JoinOptions, join, type MatchSettings, type NetworkOptions } from "./join.js";
export { type GameTypes, JoinError, Match, type MatchEvents } from "./match.js";
export { cleanLast, cleanNeutral, type Directions, type SocdRule } from "./socd.js";
export { defaultTicker, intervalTicker, type Ticker } from "./ticker.js";
