// The warm-up: leaves no trace in a match, and minds neither traps nor settings that a game refuses.
import { describe, expect, it } from "vitest";
import { HashChain } from "../../src/session/evidence/hash-chain.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { Timeline } from "../../src/session/timeline/timeline.js";
import { warmUp } from "../../src/session/timeline/warm-up.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

function configOf(simulation: WasmSimulation) {
  return {
    players: 2,
    framesPerSecond: simulation.schema.framesPerSecond,
    predictionWindow: 8,
    inputDelay: 0,
    ...MATCH_DEFAULTS,
    inputBytes: simulation.cellBytes - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: 7,
    seedHigh: 9,
    rules: new Uint8Array(0),
  };
}

function chainAfter(simulation: WasmSimulation, frames: number): number {
  simulation.reset(configOf(simulation));
  const inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
  const chain = new HashChain(simulation, inputs);
  const timeline = new Timeline({
    simulation,
    inputs,
    predictionWindow: 0,
    onSettled: (frame) => chain.link(frame),
  });
  for (let frame = 0; frame < frames; frame++) {
    for (const seat of [0, 1]) inputs.push(seat, Uint8Array.of((frame * 5 + seat) & 63), 0, 1);
    timeline.advance();
  }
  expect(chain.end).toBe(frames);
  return chain.value;
}

describe("the warm-up", () => {
  it("leaves a reset simulation as a fresh one, dense and sparse", async () => {
    for (const sparse of [false, true]) {
      const game = await testGame("scramble");
      const fresh = await game.simulation({ sparse });
      const warm = await game.simulation({ sparse });
      warmUp(warm, configOf(warm));
      expect(chainAfter(warm, 50)).toBe(chainAfter(fresh, 50));
    }
  });

  it("survives a game that its nonsense stops", async () => {
    const game = await testGame("leaky"); // stops at 255, with which the nonsense begins
    const simulation = await game.simulation();
    warmUp(simulation, configOf(simulation));
    simulation.reset(configOf(simulation));
    expect(simulation.trap).toBeUndefined();
    expect(simulation.step(new Uint8Array(2 * simulation.cellBytes))).toBe("stepped");
  });
});
