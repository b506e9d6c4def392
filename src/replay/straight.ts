// Records a match as it is played straight through: one machine, given inputs, no network and no rollback.
import { ChainLink } from "../session/evidence/chain-link.js";
import type { WasmSimulation } from "../simulation/game.js";
import type { MatchConfig } from "../wire/match-config.js";
import { ReplayRecorder } from "./recorder.js";

export interface StraightOptions {
  simulation: WasmSimulation;
  config: MatchConfig;
  /** The inputs of each frame: a record of all seats' cells, borrowed until the next. */
  records: Iterable<Uint8Array>;
  /** Whether the hash chain at this frame, of all states and inputs before it, is written down. */
  isCheck: (frame: number) => boolean;
  /** Whether the whole state at this frame is. */
  isKeyframe: (frame: number) => boolean;
}

/** "stopped": the step of this frame trapped, so there is no such match. */
export type Straight = { kind: "recorded"; bytes: Uint8Array } | { kind: "stopped"; frame: number; why: string };

/** @throws SamestepError BAD_CONFIG when the game does not start with these settings. */
export function recordStraight({ simulation, config, records, isCheck, isKeyframe }: StraightOptions): Straight {
  const { gameHash, schemaHash, cellBytes, core } = simulation;
  const recorder = new ReplayRecorder({ gameHash, schemaHash, cellBytes, config });
  const link = new ChainLink(simulation, config.players * cellBytes);
  simulation.reset(config);
  let frame = 0;
  for (const record of records) {
    simulation.save(0);
    if (isKeyframe(frame)) recorder.keyframe(frame, core.slot(0), core);
    link.add(0, record);
    recorder.confirmed(frame, record);
    frame += 1;
    if (isCheck(frame)) recorder.check(frame, link.value);
    if (simulation.step(record) === "trapped")
      return { kind: "stopped", frame: frame - 1, why: simulation.trap ?? "unknown" };
  }
  return { kind: "recorded", bytes: recorder.finish() };
}
