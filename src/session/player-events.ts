// What can happen to a player's match: silence, leaving, a desync and the end are events, not errors.
import type { MatchConfig } from "../wire/match-config.js";
import type { SignedResult, Statement } from "../wire/result.js";
import type { ClockChange } from "./clock/clock-state.js";
import type { Desync, HealedEvent, UnhealedEvent } from "./evidence/evidence.js";
import type { QualityChange } from "./path/quality.js";

export type EndReason = "left" | "dropped" | "over" | "lost" | "refused" | "trap" | "desync";

export type PlayerEvent =
  | { type: "welcome" /** None: we look on. */; seat: number | undefined; config: MatchConfig }
  | { type: "waiting"; present: number; players: number }
  | { type: "started" }
  /** Our seat was dropped; we come back to it by ourselves. */
  | { type: "rejoining" }
  /** A seat is played (again) from this frame on; our own: we have caught up. */
  | { type: "joined"; seat: number | undefined; frame: number }
  /** The state we were given was not the match's; another one is on its way. */
  | { type: "spoilt" }
  | { type: "silent" }
  | { type: "heard"; silentMs: number }
  /** Under `substitute`: my inputs of the frames [begin, end) came too late, and are others than I sent. */
  | { type: "replaced"; begin: number; end: number }
  /** From `frame` on, all seats' input delay is another one. */
  | { type: "delay"; frame: number; inputDelay: number }
  /** By what is measured here, the match would be better with this input delay. */
  | { type: "advice"; inputDelay: number }
  | { type: "left"; seat: number; frame: number; dropped: boolean }
  | Desync
  | HealedEvent
  | UnhealedEvent
  | QualityChange
  | ClockChange
  | { type: "result"; result: Statement; signed: SignedResult }
  | { type: "ended"; reason: EndReason; text: string };
