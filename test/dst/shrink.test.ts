// The shrinker's laws: what it keeps still fails by the same law, is as small as it gets, and comes out the same each time.
import { describe, expect, it } from "vitest";
import { generate } from "./generate.js";
import { read, type Schedule, write } from "./schedule.js";
import { shrink } from "./shrink.js";

/** A seed whose schedule has many players and troubles, among them what the test's fault needs. */
function rich(wanted: (schedule: Schedule) => boolean): Schedule {
  for (let seed = 1; ; seed++) {
    const schedule = generate(seed);
    if (schedule.players.length >= 4 && schedule.troubles.length >= 4 && wanted(schedule)) return schedule;
  }
}

/** By its name, all values that a field has in a schedule. */
function valuesOf(schedule: Schedule): Map<string, string> {
  const values = new Map<string, string>();
  const visit = (value: unknown, name: string): void => {
    const words = Array.isArray(value) && typeof value[0] === "string";
    if (typeof value !== "object" || value === null || words) {
      if (value !== undefined) values.set(name, `${values.get(name) ?? ""} ${JSON.stringify(value)}`);
    } else for (const [key, each] of Object.entries(value)) visit(each, Array.isArray(value) ? name : key);
  };
  visit(schedule, "");
  return values;
}

/** Fails for two reasons together: somebody pauses, and another player's link reorders. */
async function pauseAndReorder({ troubles, players }: Schedule): Promise<boolean> {
  return troubles.some(
    (trouble) =>
      trouble.kind === "pause" &&
      trouble.until - trouble.at > 100 &&
      players.some(({ up }, index) => index !== trouble.player && (up.reorder ?? 0) > 0),
  );
}

const failing = rich(
  (schedule) =>
    schedule.troubles.some((trouble) => trouble.kind === "pause" && trouble.until - trouble.at > 200) &&
    schedule.players.every(({ up }) => (up.reorder ?? 0) >= 0) &&
    schedule.players.filter(({ up }) => up.reorder !== undefined).length >= 2,
);

describe("a failing schedule", () => {
  it("loses all that its failure does not need", async () => {
    const { schedule, runs } = await shrink(failing, pauseAndReorder);
    expect(await pauseAndReorder(schedule)).toBe(true);
    expect(schedule.players.length).toBe(2);
    expect(schedule.troubles.length).toBe(1);
    const [pause] = schedule.troubles;
    expect(pause?.kind === "pause" && pause.until - pause.at).toBeLessThanOrEqual(201);
    const weather = schedule.players.flatMap(({ up, down }) => [...Object.keys(up), ...Object.keys(down)]);
    expect(weather).toEqual(["reorder"]);
    expect(schedule).toMatchObject({ fault: undefined, mode: "datagram", frames: 20, predictionWindow: 0 });
    expect(runs).toBeLessThan(300);
  });

  it("comes out the same each time, and passes through a file unchanged", async () => {
    const [a, b] = [await shrink(failing, pauseAndReorder), await shrink(failing, pauseAndReorder)];
    expect(b).toEqual(a);
    expect(read(write(a.schedule))).toEqual(a.schedule);
    expect(read(write(failing))).toEqual(failing);
  });

  it("stays as it is when everything in it is needed, and stops at the limit of runs", async () => {
    const whole = JSON.stringify(failing);
    const { schedule } = await shrink(failing, async (candidate) => JSON.stringify(candidate) === whole);
    expect(schedule).toEqual(failing);
    expect((await shrink(failing, async () => true, 7)).runs).toBe(7);
  });

  it("keeps everybody's luck: a player taken out changes nothing for the others", async () => {
    const { schedule } = await shrink(failing, async ({ players }) => players.some(({ dice }) => dice === 3));
    expect(schedule.players.map(({ dice }) => dice)).toContain(3);
    expect(schedule.seed).toBe(failing.seed);
  });

  it("tries every field, by whatever name, but for who somebody is", async () => {
    const used = new Set<string>();
    const tried = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const schedule = generate(seed);
      const before = valuesOf(schedule);
      for (const name of before.keys()) used.add(name);
      const note = async (candidate: Schedule): Promise<boolean> => {
        const whole = candidate.players.length === schedule.players.length;
        if (!whole || candidate.troubles.length !== schedule.troubles.length) return false;
        const after = valuesOf(candidate);
        for (const [name, values] of before) if (after.get(name) !== values) tried.add(name);
        return false;
      };
      await shrink(schedule, note, Number.POSITIVE_INFINITY);
    }
    expect(used.size).toBeGreaterThan(35);
    expect([...used].filter((name) => !tried.has(name)).sort()).toEqual(["dice", "kind", "seed"]);
  });

  it("says what its file lacks", () => {
    expect(() => read('{"seed": 1}')).toThrow('the schedule has no "game"');
  });
});
