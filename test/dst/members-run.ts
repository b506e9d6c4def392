// Plays one schedule of a match without a server and judges it: the outcome is plain data, as of any other match.

import { judgeMembers } from "./members-oracles.js";
import { generateMembers, type MembersSchedule } from "./members-schedule.js";
import { type MembersWorld, runMembers } from "./members-world.js";
import type { Games, Outcome } from "./run.js";
import { placeOf } from "./run.js";

export async function playMembers(what: number | MembersSchedule, games: Games): Promise<Outcome> {
  const schedule = typeof what === "number" ? generateMembers(what) : what;
  const { seed } = schedule;
  try {
    const world = await runMembers(schedule, games[schedule.game]);
    const trace = world.match.members.map(({ member }) => `${member.epoch} ${member.player.stats.frame}`).join();
    return { seed, violations: judgeMembers(world), exercised: exercised(world), trace, played: trace };
  } catch (error) {
    const text = error instanceof Error ? `${error.message} (${placeOf(error)})` : String(error);
    return { seed, violations: [{ oracle: "throws", text }], exercised: {}, trace: text, played: text };
  }
}

function exercised(world: MembersWorld): Record<string, number> {
  const { schedule, match, happened, opened, granted, lives } = world;
  const counts: Record<string, number> = { matches: 1, [`pages ${schedule.pages.length}`]: 1, granted };
  counts["hand-overs"] = opened.length;
  counts["came in again"] = lives.reduce((sum, each) => sum + each.length - 1, 0);
  counts.suspended = match.members.filter(({ events }) => events.some(({ type }) => type === "suspended")).length;
  for (const { kind } of happened) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
