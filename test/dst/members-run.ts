// Plays one schedule of a match without a server and judges it: the outcome is plain data, as of any other match.

import type { Violation } from "./invariants.js";
import { judgeMembers } from "./members-oracles.js";
import { partingsIn } from "./members-parting.js";
import {
  generateMembers,
  isEarly,
  type MembersSchedule,
  type MembersTrouble,
  type PagePlan,
} from "./members-schedule.js";
import { type MembersWorld, runMembers, waitsForEver } from "./members-world.js";
import type { Games, Outcome } from "./run.js";
import { broken, placeOf } from "./run.js";

export async function playMembers(what: number | MembersSchedule, games: Games): Promise<Outcome> {
  const schedule = typeof what === "number" ? generateMembers(what) : what;
  const { seed } = schedule;
  try {
    const world = await runMembers(schedule, games[schedule.game]);
    const violations = [...judgeMembers(world), ...(await swayed(schedule, games))];
    const trace = world.match.members.map(({ member }) => `${member.epoch} ${member.player.stats.frame}`).join();
    return { seed, violations, exercised: exercised(world), trace };
  } catch (error) {
    const text = error instanceof Error ? `${error.message} (${placeOf(error)})` : String(error);
    return broken(seed, text);
  }
}

/** After these it matters which datagram comes first. */
const WAKE: ReadonlySet<MembersTrouble["kind"]> = new Set(["pause", "hidden", "undrained", "reload", "jump"]);

/** Of such seeds the match is played twice more, with and without those who look on. */
const COMPARED = 2;

/**
 * Whether the players' match is another one when somebody looks on. In still air: what he asks of them travels with what
 * they say to each other, and luck is counted by datagrams. Where nobody sleeps or comes in: his datagrams wake a page as
 * any do, or tell it the time when its clock was set, and the snapshot that was fetched for him is there for others, too.
 */
async function swayed({ guests = [], ...schedule }: MembersSchedule, games: Games): Promise<Violation[]> {
  const woken = schedule.troubles.some(({ kind }) => WAKE.has(kind));
  if (guests.length === 0 || schedule.seed % COMPARED !== 0 || woken) return [];
  const still = (plan: PagePlan): PagePlan => ({ ...plan, weather: { ...plan.weather, loss: 0, jitterMs: 0 } });
  const troubles = schedule.troubles.filter(({ kind }) => kind !== "storm");
  // They are there from the start, so that all is over at the same time.
  const calm = { ...schedule, troubles, pages: schedule.pages.map(still) };
  const watched = { ...calm, guests: guests.map((plan) => ({ ...still(plan), comesAt: 0 })) };
  const game = games[schedule.game];
  const [alone, together] = [await runMembers(calm, game), await runMembers(watched, game)];
  if (alone.course === together.course || alone.course.includes("joined")) return [];
  const text = `the players' match is another one when somebody looks on: ${alone.course} and ${together.course}`;
  return [{ oracle: "swayed", text }];
}

function exercised(world: MembersWorld): Record<string, number> {
  const { schedule, match, happened, opened, granted, lives } = world;
  const counts: Record<string, number> = { matches: 1, [`pages ${schedule.pages.length}`]: 1, granted };
  counts["hand-overs"] = opened.length;
  counts.views = world.votes.views;
  counts.partings = partingsIn(world);
  counts["came in again"] = lives.reduce((sum, each) => sum + each.length - 1, 0);
  counts.suspended = match.members.filter(({ events }) => events.some(({ type }) => type === "suspended")).length;
  counts.guests = schedule.guests?.length ?? 0;
  counts["came late"] = schedule.pages.filter(({ comesAt = 0 }) => comesAt > 0).length;
  counts["before the start"] = happened.filter(({ at }) => isEarly(at)).length;
  counts["waited for ever"] = waitsForEver(world) ? 1 : 0;
  counts["cut one way"] = happened.filter((trouble) => trouble.kind === "cut" && trouble.oneWay === true).length;
  counts["bad spells"] = schedule.pages.filter(({ weather }) => weather.burstLoss !== undefined).length;
  counts["more than 6 pages"] = schedule.pages.length > 6 ? 1 : 0;
  for (const { kind } of happened) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
