// Writes a failing match down as a replay that fails: with the states that would be right, or that a player came to.
import { ReplayRecorder } from "../../replay/recorder.js";
import { ChainLink } from "../../session/evidence/chain-link.js";
import type { WasmSimulation } from "../../simulation/game.js";
import type { Failure } from "./failure.js";
import type { Tape } from "./tape.js";

/**
 * The replay of a tape as `simulation` plays it, with every frame's hash, and the whole state where it fails. Its game is
 * `of`: where that is another build, verifying the replay with it fails as the two builds part.
 */
export function fixtureOf(
  tape: Tape,
  failure: Failure,
  simulation: WasmSimulation,
  of: { readonly gameHash: string; readonly schemaHash: string },
): Uint8Array {
  const { config, cellBytes } = tape;
  const { gameHash, schemaHash } = of;
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes });
  const link = new ChainLink(simulation, config.players * cellBytes);
  // One frame more than is needed: the chain covers a state together with the inputs that are played from it.
  const whole = tape.until(Math.max(failure.needed, failure.frame + 1));
  simulation.reset(config);
  for (let frame = 0; frame < whole.frames; frame++) {
    const record = whole.record(frame);
    simulation.save(0);
    const isWrong = frame === failure.frame;
    if (isWrong && failure.state !== undefined) simulation.core.slot(0).set(failure.state);
    if (isWrong || frame === 0) recorder.keyframe(frame, simulation.copy(0), simulation.core);
    link.add(0, record);
    recorder.check(frame + 1, link.value);
    recorder.confirmed(frame, record);
    if (isWrong && failure.state !== undefined) break;
    if (simulation.step(record) === "trapped") break;
  }
  return recorder.finish();
}
