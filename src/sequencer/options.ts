// What a sequencer is told when it is made, and what it tells while it runs.
import type { HostIdentity } from "../session/evidence/witness.js";
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";
import type { Identity, Room } from "./joining/admission.js";
import type { DoorEvent } from "./joining/door.js";
import type { ReceptionEvent } from "./joining/reception.js";
import type { History } from "./succession/history.js";
import type { DelayEvent } from "./timing/timing.js";
import type { RefereeEvent } from "./verdict/referee.js";

export type SequencerEvent =
  | { type: "opened"; config: MatchConfig }
  | DoorEvent
  | ReceptionEvent
  | { type: "started" }
  | { type: "left"; seat: number; frame: number; dropped: boolean }
  | { type: "equivocation"; seat: number; frame: number }
  | DelayEvent
  | RefereeEvent
  | { type: "over"; frames: number };

export interface SequencerOptions {
  /** The match; without it the first player's hello opens the room. */
  room?: Room;
  /** The games a room can be opened for; without them any. */
  games?: readonly Identity[];
  /** Told of each frame whose inputs are all final, in order, with the record of all seats' cells. */
  onConfirmed?: (frame: number, record: Uint8Array) => void;
  /** Told when all present seats agree on their hash chain at a frame: its low 32 bits. */
  onAgreed?: (frame: number, chain: number) => void;
  /** The simulation that is the truth of the match, if it is here before the match; else `appoint` brings it. */
  authority?: Simulation;
  /** So many seconds later than the players spectators see the match: 0, the default, to 8. */
  spectatorDelaySeconds?: number;
  /**
   * Without a server: it runs in a page of the match, which waits for late inputs. Peers are seats, as their carriers
   * vouch, and nobody is dropped unless most go on.
   */
  members?: boolean;
  /** A match that another sequencer began, to go on with; it has a room. */
  history?: History;
  /** Whether `announce` will be called once the match is over: who waits for the result hears nothing before. */
  announces?: boolean;
  /** What runs here, for reports of a desync to which the authority is a party. */
  host?: HostIdentity;
}

/** What strangers and broken peers sent. */
export interface SequencerCounts {
  malformed: number;
  /** Messages out of place: from somebody without a seat, or that only a sequencer sends. */
  strangers: number;
  unusable: number;
  /** Hellos that were heard before, over another connection: somebody repeats them, or they came late. */
  replayed: number;
  /** Inputs that came a second time and were different. */
  equivocations: number;
  /** Under `substitute`: inputs that came too late and were replaced, and those of them that came after all. */
  replaced: number;
  late: number;
}
