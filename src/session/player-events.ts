// What can happen to a player's match: silence, leaving, a desync and the end are events, not errors.
import type { MatchConfig } from "../wire/match-config.js";
import type { Desync } from "./evidence.js";

export type EndReason = "left" | "dropped" | "over" | "lost" | "refused" | "trap";

export type PlayerEvent =
  | { type: "welcome"; seat: number; config: MatchConfig }
  | { type: "waiting"; present: number; players: number }
  | { type: "started" }
  | { type: "silent" }
  | { type: "heard"; silentMs: number }
  | { type: "left"; seat: number; frame: number; dropped: boolean }
  | Desync
  | { type: "ended"; reason: EndReason; text: string };
