// Save and restore through the Simulation port, against memory.copy inside one module.
import { benchGame, type GameName } from "./bench-games.js";
import { kernels } from "./kernels.js";
import { type Figure, gigabytesPerSecond, rounds, us } from "./measure.js";

/** Slots that are used in turn: a prediction window of eight and the two around it. */
const SLOTS = 10;

interface Copied {
  game: GameName;
  kibibytes: number;
}

export const COPIED: readonly Copied[] = [
  { game: "entities-4k", kibibytes: 4 },
  { game: "entities-64k", kibibytes: 64 },
  { game: "block", kibibytes: 1024 },
];

/** At 4 KiB the two calls into the engine are most of it, so the budget there is a time. */
const BUDGET = 1.15;
const SMALL_BUDGET_US = 0.1;

export async function copies({ game: name, kibibytes }: Copied): Promise<Figure[]> {
  const game = await benchGame(name);
  const simulation = await game.simulation({ slots: SLOTS });
  const bytes = simulation.stateBytes;
  simulation.reset({ players: 2, seedLow: 1, seedHigh: 1, rules: new Uint8Array(0) });
  const limit = await kernels(bytes, SLOTS);
  const time = rounds(
    [
      { name: "limit", batch: 4 * SLOTS, run: () => limit.copies(4) },
      { name: "save", batch: 4 * SLOTS, run: () => times((slot) => simulation.save(slot)) },
      { name: "restore", batch: 4 * SLOTS, run: () => times((slot) => simulation.restore(slot)) },
    ],
    { rounds: 9, seconds: 0.06 },
  );
  const fast = `${us(time.us("limit"))}, ${gigabytesPerSecond(bytes, time.us("limit")).toFixed(0)} GB/s`;
  return (["save", "restore"] as const).map((which) => {
    const what = `${which} through the port, ${kibibytes} KiB`;
    const value = us(time.us(which));
    const small = kibibytes === 4;
    return small
      ? {
          what,
          value,
          ratio: time.us(which),
          budget: SMALL_BUDGET_US,
          sense: "most",
          unit: "µs",
          against: `where memory.copy takes ${fast}`,
        }
      : {
          what,
          value,
          ratio: time.ratio(which, "limit"),
          budget: BUDGET,
          sense: "most",
          against: `memory.copy inside one module, ${fast}`,
        };
  });
}

function times(run: (slot: number) => void): void {
  for (let round = 0; round < 4; round++) for (let slot = 0; slot < SLOTS; slot++) run(slot);
}
