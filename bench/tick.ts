// A session's tick that needs no rollback: what receiving, ticking and sending cost above the game's step.
import { fighter } from "./bench-games.js";
import { give, Part } from "./given.js";
import { type Figure, playRounds, us } from "./measure.js";
import { buttons } from "./peers/workload.js";
import { Bare } from "./rigs.js";

/** Less than a millisecond, in which a busy machine rarely interrupts. */
const FRAMES = 240;
const ROUNDS = 80;

/** Three frames of input delay cover a path of 10 ms, so that every input is there before it is played. */
const INPUT_DELAY = 3;
const DELAY_MS = 10;

const BUDGET_US = 2;

export async function tick(): Promise<Figure[]> {
  const game = await fighter();
  const part = await Part.record({ game, script: buttons, inputDelay: INPUT_DELAY, delayMs: DELAY_MS, frames: FRAMES });
  const simulation = await game.simulation();
  const bare = await Bare.create(game);
  const time = playRounds(
    [
      {
        ...{ name: "session", operations: part.frames },
        start: () => {
          const { player, given } = part.start(simulation);
          return () => {
            for (const each of given) give(player, each);
            if (player.stats.rollbacks > 0) throw new Error(`${player.stats.rollbacks} rollbacks where none was to be`);
          };
        },
      },
      {
        ...{ name: "step", operations: part.frames },
        start: () => {
          bare.reset();
          for (let frame = 0; frame < part.begin; frame++) bare.step(buttons);
          return () => {
            for (let frame = 0; frame < part.frames; frame++) bare.step(buttons);
          };
        },
      },
    ],
    ROUNDS,
  );
  return [
    {
      what: "session tick of the fighter without a rollback: receive, tick, drain",
      value: `${us(time.us("session"))}; the bare step ${us(time.us("step"))}`,
      ...{ ratio: time.median((of) => of("session") - of("step")), budget: BUDGET_US, sense: "most", unit: "µs" },
      against: "above the bare step",
    },
  ];
}
