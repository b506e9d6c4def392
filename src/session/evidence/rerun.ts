// Playing a frame again, apart from the match: what a step comes to from a given state, whatever else is in memory.
import type { Simulation, StepResult } from "../../simulation/simulation.js";
import type { MatchConfig } from "../../wire/match-config.js";
import type { FinalInputs } from "../inputs/final-inputs.js";

/** Frames played on before the last of the tries: a usual rollback, from which a cache would come back stale. */
const PLAYED_ON_FRAMES = 8;

/** What became of a try. */
export const PLAYED = 0;
export const TRAPPED = 1;
export const UNRESTORED = 2;

/** A state's hash, or why there is none: the step trapped, or the state to play it from was not what had been given back. */
export interface Outcome {
  end: number;
  low: number;
  high: number;
}

/** How a frame comes out when it is played again; see `Rerun` in the report. */
export interface Outcomes {
  clean: Outcome;
  again: Outcome[];
}

export interface Scene {
  simulation: Simulation;
  config: MatchConfig;
  inputs: FinalInputs;
}

/** Plays the step of `frame` again from its `state`. The match, its events and its ring do not notice. */
export function rerun(scene: Scene, frame: number, state: Uint8Array): Outcomes {
  const { simulation, config, inputs } = scene;
  const play = (): Outcome => {
    simulation.load(state);
    if (!same(simulation.present(), state)) return { end: UNRESTORED, low: 0, high: 0 };
    return outcome(simulation, simulation.step(inputs.record(frame)));
  };
  return simulation.aside(() => {
    turnOver(simulation); // what is not given back is seen, whatever it was
    const first = play();
    playOn(scene, frame + 1);
    const second = play();
    simulation.reset(config);
    return { clean: play(), again: [first, second] };
  });
}

/** Makes state 0 again, which no step makes but the game's start. */
export function restart({ simulation, config }: Scene): Outcomes {
  const make = (): Outcome => {
    simulation.reset(config);
    return outcome(simulation, "stepped");
  };
  return simulation.aside(() => ({ clean: make(), again: [make()] }));
}

function playOn({ simulation, inputs }: Scene, begin: number): void {
  const end = Math.min(begin + PLAYED_ON_FRAMES, inputs.confirmedEnd);
  for (let frame = begin; frame < end; frame++) {
    if (simulation.step(inputs.record(frame)) === "trapped") return;
  }
}

/** The state of `end`, played again from that of `begin` with the memory as the compiler made it; undefined where it traps. */
export function replay(scene: Scene, begin: number, state: Uint8Array, end: number): Uint8Array | undefined {
  const { simulation, config, inputs } = scene;
  return simulation.aside(() => {
    simulation.reset(config);
    simulation.load(state);
    for (let frame = begin; frame < end; frame++) {
      if (simulation.step(inputs.record(frame)) === "trapped") return undefined;
    }
    return simulation.present();
  });
}

function outcome(simulation: Simulation, result: StepResult): Outcome {
  if (result === "trapped") return { end: TRAPPED, low: 0, high: 0 };
  const [low, high] = digestOf(simulation, simulation.present());
  return { end: PLAYED, low, high };
}

function turnOver(simulation: Simulation): void {
  for (let at = 0; at < simulation.stateBytes; at++) simulation.flip(at, 0xff);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < b.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** XXH3-64 of bytes, as two numbers, the low half first. */
export function digestOf(simulation: Simulation, bytes: Uint8Array): [number, number] {
  const words = new Uint32Array(2);
  simulation.digest(bytes, words, 0);
  return [words[0]!, words[1]!];
}
