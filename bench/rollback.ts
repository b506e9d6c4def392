// A frame that rolls back, and one whose prediction was right: what all of the session costs above the bare steps in it.
import type { Game, WasmSimulation } from "../src/simulation/game.js";
import { benchGame, fighter } from "./bench-games.js";
import { type Figure, type Play, playRounds, type Rounds, us } from "./measure.js";
import { buttons, LATE, type Size, STEPS } from "./peers/workload.js";
import { Bare, type Script, SessionRig } from "./rigs.js";

/** Frames before what is timed, at least: the prediction needs some to be wrong in. */
const LEAD = 2 * STEPS;

/** No button is ever pressed: every prediction is right. */
const STILL: Script = () => 0;

const BUDGET = 1.1;

/**
 * A play takes less than a millisecond: longer ones a busy machine would interrupt, and those most that are longest.
 * There are many rounds instead, and each looks at another part of the match.
 */
const ROUNDS = 100;
const PARTS = 10;

/** Bare steps and frames of a session, in each round over the same `frames` frames of the same match. */
async function plays(game: Game, frames: number): Promise<{ simulation: WasmSimulation; time: Rounds<Name> }> {
  const simulation = await game.simulation();
  const bare = await Bare.create(game);
  const lead = (round: number) => LEAD + (round % PARTS) * frames;
  const alone: Play<"step"> = {
    ...{ name: "step", operations: frames },
    start: (round) => {
      bare.reset();
      for (let frame = 0; frame < lead(round); frame++) bare.step(buttons);
      return () => {
        for (let frame = 0; frame < frames; frame++) bare.step(buttons);
      };
    },
  };
  const session = <const N extends string>(name: N, script: Script, depth: number): Play<N> => ({
    ...{ name, operations: frames },
    start: (round) => {
      const rig = new SessionRig(simulation, { script });
      for (let frame = 0; frame < lead(round); frame++) rig.frame();
      const { lastDepth } = rig.timeline;
      if (lastDepth !== depth) throw new Error(`${name}: rolled back ${lastDepth} frames, not ${depth}`);
      return () => {
        for (let frame = 0; frame < frames; frame++) rig.frame();
      };
    },
  });
  const time = playRounds(
    [
      alone,
      session("rollback", buttons, LATE),
      least(bare, simulation, frames),
      session("right", STILL, 0),
      ...copies(simulation),
    ],
    ROUNDS,
  );
  return { simulation, time };
}

/** What nobody can do without when nothing is rolled back: a step, a save, and a hash of what has become final. */
function least(bare: Bare, { core, slots }: WasmSimulation, frames: number): Play<"least"> {
  const hash = new Uint32Array(2);
  const frame = (index: number) => {
    bare.step(STILL);
    core.slot(index % slots).set(bare.state);
    core.hashSlot((index + slots - LATE) % slots, hash, 0);
  };
  return {
    ...{ name: "least", operations: frames },
    start: () => {
      bare.reset();
      for (let index = 0; index < slots; index++) frame(index);
      return () => {
        for (let index = 0; index < frames; index++) frame(index);
      };
    },
  };
}

/** Times around the slots of a window: what is timed should be far longer than looking at the clock. */
const RINGS = 20;

/**
 * Copies of the state from memory to memory, and hashes of it, over as many slots as a rollback writes again and again.
 * The source is written first: memory that nobody wrote is one page of zeroes, always in the cache.
 */
function copies({ core, stateBytes }: WasmSimulation): Play<Copy>[] {
  const state = new Uint8Array(stateBytes).fill(1);
  const hash = new Uint32Array(2);
  const ring = (run: (slot: number) => void) => {
    for (let slot = 0; slot <= STEPS; slot++) run(slot);
  };
  const around = <const N extends string>(name: N, run: (slot: number) => void): Play<N> => ({
    ...{ name, operations: RINGS * (STEPS + 1) },
    start: () => {
      ring(run);
      return () => {
        for (let times = 0; times < RINGS; times++) ring(run);
      };
    },
  });
  return [around("copy", (slot) => core.slot(slot).set(state)), around("hash", (slot) => core.hashSlot(slot, hash, 0))];
}

type Copy = "copy" | "hash";
type Name = Copy | "step" | "rollback" | "least" | "right";

/** On the fighter: against its steps alone. */
export async function rollbackOfFighter(): Promise<Figure[]> {
  const { simulation, time } = await plays(await fighter(), 200);
  return [
    {
      what: `rollback frame of the fighter (${simulation.stateBytes} B), ${STEPS} steps, a hash and all the session does`,
      value: inParts(time),
      ...{ ratio: time.median((of) => of("rollback") / (STEPS * of("step"))), budget: BUDGET, sense: "most" },
      against: `${STEPS} bare steps`,
    },
    prediction("the fighter", time),
  ];
}

/** On the workload that peers share: its steps are cheap, so its copies count too. */
export async function rollbackOfEntities(size: Size): Promise<Figure[]> {
  const { simulation, time } = await plays(await benchGame(`entities-${size.name}`), size.name === "4k" ? 200 : 14);
  const name = `${size.entities} entities`;
  const parts = (of: (name: Name) => number) => STEPS * of("step") + (STEPS + 1) * of("copy") + of("hash");
  return [
    {
      what: `rollback frame of ${name} (${simulation.stateBytes} B), ${STEPS} steps, a hash and all the session does`,
      value: inParts(time),
      ...{ ratio: time.median((of) => of("rollback") / parts(of)), budget: BUDGET, sense: "most" },
      against: `${STEPS} bare steps, ${STEPS + 1} copies by .set and one hash`,
    },
    prediction(name, time),
  ];
}

function inParts(time: Rounds<Name>): string {
  const [frame, step, copy, hash] = (["rollback", "step", "copy", "hash"] as const).map((name) => us(time.us(name)));
  return `${frame}; a bare step ${step}, a copy ${copy}, a hash ${hash}`;
}

function prediction(name: string, time: Rounds<Name>): Figure {
  return {
    what: `frame of ${name} whose prediction was right`,
    value: `${us(time.us("right"))}; a bare step with a copy and a hash ${us(time.us("least"))}`,
    ...{ ratio: time.median((of) => of("right") - of("least")), budget: 1, sense: "most", unit: "µs" },
    against: "above a bare step, a copy and a hash",
  };
}
