// Runs seeds one after another, judges each match, and sums up what was exercised.
import { readFile } from "node:fs/promises";
import { type Game, loadGame } from "../../src/simulation/game.js";
import { compileGame } from "../../src/toolchain/build.js";
import { judge } from "./oracles.js";
import { schedule } from "./schedule.js";
import { mustReport, runWorld, type World } from "./world.js";

export interface Summary {
  passed: number;
  failed: number;
  failures: { seed: number; violations: string[] }[];
  frames: number;
  rollbacks: number;
  resimulated: number;
  stalls: number;
  faultsFound: number;
}

export type Games = Record<"fighter" | "scramble", Game>;

export async function loadGames(): Promise<Games> {
  const fighter = await loadGame(await readFile("build/games/fighter.wasm"));
  const scramble = await compileGame({ entry: "test/games/scramble.ts" });
  return { fighter, scramble: await loadGame(scramble.wasm) };
}

/** A broken law of ours is a violation as well. */
export async function violationsOf(seed: number, games: Games): Promise<string[]> {
  try {
    return (await runSeed(seed, games))[1];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

export async function runSeed(seed: number, games: Games): Promise<[World, string[]]> {
  const plan = schedule(seed);
  const game = games[plan.game];
  const world = await runWorld(plan, game);
  return [world, await judge(world, game)];
}

export async function runSeeds(options: {
  first: number;
  seeds: number;
  log?: (line: string) => void;
}): Promise<Summary> {
  const games = await loadGames();
  const summary: Summary = {
    passed: 0,
    failed: 0,
    failures: [],
    frames: 0,
    rollbacks: 0,
    resimulated: 0,
    stalls: 0,
    faultsFound: 0,
  };
  for (let seed = options.first; seed < options.first + options.seeds; seed++) {
    const [world, violations] = await runSeed(seed, games);
    if (violations.length === 0) summary.passed += 1;
    else {
      summary.failed += 1;
      summary.failures.push({ seed, violations });
      options.log?.(`seed ${seed} (${world.schedule.game}, ${world.schedule.players} players):`);
      for (const violation of violations) options.log?.(`  ${violation}`);
      options.log?.(`  again: npm run dst -- --seeds 1 --first ${seed}`);
    }
    for (const { player } of world.match.players) {
      const { stats } = player;
      summary.frames += stats.confirmedEnd;
      summary.rollbacks += stats.rollbacks;
      summary.resimulated += stats.resimulatedFrames;
      summary.stalls += stats.stalls;
    }
    if (violations.length === 0 && mustReport(world)) summary.faultsFound += 1;
  }
  options.log?.(
    `${summary.passed} passed, ${summary.failed} failed: ${summary.frames} frames confirmed, ${summary.rollbacks} rollbacks, ` +
      `${summary.resimulated} frames resimulated, ${summary.stalls} stalls, ${summary.faultsFound} planted faults found`,
  );
  return summary;
}
