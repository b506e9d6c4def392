// Garbage of a running match: bytes that our code allocates between receive and drain, in a process that never collects.
import { getHeapSpaceStatistics } from "node:v8";
import type { Player } from "../src/session/player.js";
import { fighter } from "./bench-games.js";
import { give, Part, type Scene, type Steady } from "./given.js";
import { type Figure, median } from "./measure.js";
import { buttons } from "./peers/workload.js";

/** A young generation so large that nothing is collected while we count. */
export const GARBAGE_FLAGS: readonly string[] = ["--min-semi-space-size=128", "--max-semi-space-size=128"];

const FRAMES = 3000;

/** Matches that are played before those that are counted, so that every function is compiled for good. */
const WARM_MATCHES = 40;
const MATCHES = 5;

/** Paths, and whether the match on them is to roll back: each wrong prediction, at least every second frame. */
const SCENES = [
  { name: "without a rollback", rollsBack: false, path: { inputDelay: 3, delayMs: 10 } },
  { name: "with rollbacks all the time", rollsBack: true, path: { inputDelay: 0, delayMs: 50 } },
];

export async function garbage(): Promise<Figure[]> {
  const game = await fighter();
  const figures: Figure[] = [];
  for (const { name, rollsBack, path } of SCENES) {
    const scene: Scene = { game, script: buttons, frames: FRAMES, ...path };
    const part = await Part.record(scene);
    const simulation = await game.simulation();
    const counts: number[] = [];
    for (let match = -WARM_MATCHES; match < MATCHES; match++) {
      const steady = part.start(simulation);
      counts.push(await count(steady));
      const { rollbacks } = steady.player.stats;
      if (rollsBack ? rollbacks < part.frames / 2 : rollbacks > 0) throw new Error(`${rollbacks} rollbacks ${name}`);
    }
    const perFrame = median(counts.slice(WARM_MATCHES)) / part.frames;
    figures.push({
      what: `garbage of a frame of the fighter between receive and drain, ${name}`,
      value: `${perFrame.toFixed(2)} B, over ${part.frames} frames`,
      ...{ ratio: wholeBytes(perFrame), budget: 0, sense: "most", unit: "bytes a frame" },
      against: "allocated by our code",
    });
  }
  return figures;
}

/** What is allocated once in hundreds of frames, as when a buffer grows, is no garbage of a frame. */
function wholeBytes(bytes: number): number {
  return Math.round(bytes);
}

/**
 * Bytes that all frames of one match allocate. Effects are not taken: that is the host's call, and makes objects. The
 * heap is not collected before it: a collection by hand also throws away what V8 has learned, and with it compiled code.
 */
async function count({ player, given }: Steady): Promise<number> {
  // Compilers that work aside finish first: what they leave would be counted as ours.
  await new Promise((resolve) => setTimeout(resolve, 20));
  // Asking allocates too: the first two answers say how much.
  const first = youngBytes();
  const before = youngBytes();
  giveAll(player, given);
  const allocated = youngBytes() - before - (before - first);
  if (allocated < -1000) throw new Error("the heap was collected while it was counted");
  return allocated;
}

// By index and in a function of its own, which V8 compiles: an iterator would be counted as ours.
function giveAll(player: Player, given: Steady["given"]): void {
  for (let i = 0; i < given.length; i++) give(player, given[i]!);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")!.space_used_size;
}
