// Throw-away frames before a match: engines compile late and optimise later, and a match's first second is no time for it.
import type { Simulation } from "../../simulation/simulation.js";
import type { MatchConfig } from "../../wire/match-config.js";
import { HashChain } from "../evidence/hash-chain.js";
import { FinalInputs } from "../inputs/final-inputs.js";
import { Timeline } from "./timeline.js";

/** With a rollback each: some hundred steps, after which V8 runs the step and the timeline optimised. */
const FRAMES = 24;

/** Most frames that a throw-away rollback goes back. */
const DEPTH_MAX = 4;

/**
 * Plays and rolls back a match of nobody. It leaves the simulation anywhere: reset it afterwards, which is why this has
 * no effect on the match.
 * @throws SamestepError BAD_CONFIG when the game does not start with these settings.
 */
export function warmUp(simulation: Simulation, config: MatchConfig): void {
  simulation.reset(config);
  const { players: seats, inputBytes } = config;
  const inputs = new FinalInputs({ seats, cellBytes: simulation.cellBytes, inputDelay: 0 });
  const chain = new HashChain(simulation, inputs);
  const depth = simulation.sparse ? DEPTH_MAX : Math.min(DEPTH_MAX, simulation.slots - 2);
  const timeline = new Timeline({
    simulation,
    inputs,
    predictionWindow: depth,
    onSettled: (frame) => chain.link(frame),
  });
  const noise = new Uint8Array(inputBytes);
  for (let frame = 0; frame < FRAMES + depth; frame++) {
    for (let seat = 0; seat < seats && frame >= depth; seat++) {
      for (let i = 0; i < inputBytes; i++) noise[i] = ~(97 * (frame - depth) + 31 * seat + 7 * i);
      inputs.push(seat, noise, 0, inputBytes);
      timeline.confirm(seat, frame - depth, frame - depth + 1);
    }
    if (timeline.advance() === "trapped") return; // nonsense may well stop a game
  }
}
