// Schedules of matches without a server are data, and made small like the others.
import { describe, expect, it } from "vitest";
import { generateMembers, type MembersSchedule, readMembers, writeMembers } from "./members-schedule.js";
import { shrinkMembers } from "./members-shrink.js";

function rich(wanted: (schedule: MembersSchedule) => boolean): MembersSchedule {
  for (let seed = 1; ; seed++) {
    const schedule = generateMembers(seed);
    if (schedule.pages.length >= 4 && schedule.troubles.length >= 3 && wanted(schedule)) return schedule;
  }
}

/** Two pages cannot hear each other for a while, in a game of commands. */
async function cutInParley({ game, troubles, pages }: MembersSchedule): Promise<boolean> {
  const cut = troubles.find(({ kind }) => kind === "cut");
  return game === "parley" && cut?.kind === "cut" && Math.max(cut.one, cut.other) < pages.length;
}

describe("a failing schedule of members", () => {
  const failing = rich(
    ({ game, troubles, guests }) =>
      game === "parley" && guests !== undefined && troubles.some(({ kind }) => kind === "cut"),
  );

  it("passes through a file unchanged, and says what it lacks", () => {
    for (let seed = 1; seed <= 40; seed++) {
      expect(readMembers(writeMembers(generateMembers(seed)))).toEqual(generateMembers(seed));
    }
    expect(() => readMembers('{"seed": 1}')).toThrow('the schedule has no "game"');
  });

  it("loses all that its failure does not need, and comes out the same each time", async () => {
    const { schedule } = await shrinkMembers(failing, cutInParley);
    expect(await cutInParley(schedule)).toBe(true);
    expect([schedule.pages.length, schedule.guests, schedule.troubles.length]).toEqual([2, undefined, 1]);
    for (const { weather, restless } of schedule.pages) expect([weather, restless]).toEqual([{}, 0]);
    expect(schedule).toMatchObject({ mode: "datagram", predictionWindow: 0, inputDelay: 0 });
    expect((await shrinkMembers(failing, cutInParley)).schedule).toEqual(schedule);
  });

  it("keeps everybody's luck, and whom each trouble concerns", async () => {
    const who = ({ pages, troubles }: MembersSchedule): (number | undefined)[] =>
      troubles
        .flatMap((one) => (one.kind === "cut" ? [one.one, one.other] : []))
        .map((seat) => pages[seat]!.dice ?? seat);
    const dealt = who(failing);
    const { schedule } = await shrinkMembers(failing, async (candidate) => who(candidate).join() === dealt.join());
    expect(who(schedule)).toEqual(dealt);
    expect(schedule.pages.length).toBe(Math.max(2, new Set(dealt).size));
  });
});
