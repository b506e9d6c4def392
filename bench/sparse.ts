// A state of 16 MiB with an eight-frame rollback in every frame: what is saved, and what that costs beside its steps.
import { benchGame } from "./bench-games.js";
import { type Figure, playRounds, us } from "./measure.js";
import { buttons, LATE, STEPS } from "./peers/workload.js";
import { Bare, SessionRig } from "./rigs.js";

const FRAMES = 24;
const LEAD = 2 * STEPS;

export async function sparse(): Promise<Figure[]> {
  const game = await benchGame("block-16m");
  const simulation = await game.simulation();
  if (!simulation.sparse) throw new Error(`a state of ${simulation.stateBytes} bytes is not saved sparsely`);
  const bare = await Bare.create(game);
  const copied = new Uint8Array(simulation.stateBytes).fill(1);
  const hash = new Uint32Array(2);
  let saves = 0;
  let restores = 0;
  const { save, restore } = simulation;
  simulation.save = (slot) => {
    saves += 1;
    save.call(simulation, slot);
  };
  simulation.restore = (slot) => {
    restores += 1;
    restore.call(simulation, slot);
  };
  let depth = 0;
  const time = playRounds(
    [
      {
        ...{ name: "rollback", operations: FRAMES },
        start: () => {
          const rig = new SessionRig(simulation);
          for (let frame = 0; frame < LEAD; frame++) rig.frame();
          depth = rig.timeline.lastDepth;
          saves = 0;
          restores = 0;
          return () => {
            for (let frame = 0; frame < FRAMES; frame++) rig.frame();
          };
        },
      },
      {
        ...{ name: "step", operations: FRAMES },
        start: () => {
          bare.reset();
          return () => {
            for (let frame = 0; frame < FRAMES; frame++) bare.step(buttons);
          };
        },
      },
      { name: "copy", operations: FRAMES, start: () => () => repeat((slot) => simulation.core.slot(slot).set(copied)) },
      { name: "hash", operations: FRAMES, start: () => () => repeat((slot) => simulation.hash(slot, hash, 0)) },
    ],
    5,
  );
  if (depth < LATE) throw new Error(`rolled back ${depth} frames, not ${LATE}`);
  const what = `rollback frame of ${simulation.stateBytes >> 20} MiB, sparse`;
  return [
    {
      ...{
        what: `${what}: saves of the state`,
        value: `${saves / FRAMES} saves and ${restores / FRAMES} restores a frame`,
      },
      ...{ ratio: saves / FRAMES, budget: 1, sense: "most", unit: "saves a frame" },
      against: `while ${depth} frames are rolled back`,
    },
    {
      what,
      value: `${us(time.us("rollback"))}; a bare step ${us(time.us("step"))}, a copy ${us(time.us("copy"))}, a hash ${us(time.us("hash"))}`,
      ratio: time.median((of) => of("rollback") / ((depth + 1) * of("step") + 2 * of("copy") + of("hash"))),
      ...{ budget: 1.1, sense: "most" },
      against: `${depth + 1} bare steps, two copies and one hash`,
    },
  ];
}

/** Slot after slot, as a match does: three times 16 MiB do not stay in a cache where two may. */
function repeat(run: (slot: number) => void): void {
  for (let frame = 0; frame < FRAMES; frame++) run(frame % 2);
}
