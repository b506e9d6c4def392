// The page that would sequence a match is gone before it has started: another one keeps the lobby, and all find each other there.
import { beforeAll, describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { type Confirmed, chainsOf, type Gathering, gather, type Page, play, playUntil, typesOf } from "./gathering.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** A match whose pages come at these times, in ms. */
async function lobby(comes: number[], config: object = {}, confirmed?: Confirmed): Promise<Gathering> {
  const match = await gather(game, { pages: comes.length, config, ...(confirmed === undefined ? {} : { confirmed }) });
  for (const [seat, at] of comes.entries()) match.members[seat]!.pausedUntil = at;
  return match;
}

/** When such a match starts: what is cut then comes too late for who sequences, and early enough for who hears of it. */
async function startOf(comes: number[]): Promise<number> {
  const match = await lobby(comes);
  return playUntil(match, 0, 4000, () => match.members[0]!.member.sequencer?.started === true);
}

function hosts({ members }: Gathering): number[] {
  return members.filter(({ gone, member }) => !gone && member.sequencer !== undefined).map(({ seat }) => seat);
}

function phases(pages: readonly Page[]): string[] {
  return pages.map(({ member }) => member.player.phase);
}

function expectAlike(pages: readonly Page[], least: number): void {
  const { end, values } = chainsOf(pages);
  expect(end).toBeGreaterThan(least);
  expect(new Set(values).size).toBe(1);
}

describe("a lobby", () => {
  it("is kept by the next page when the one that kept it vanished, and the match starts when enough are there", async () => {
    const match = await lobby([0, 0, 0, 6000], { startWith: 3 });
    const [first, ...others] = match.members;
    match.part([1], true); // two are there, and not enough
    play(match, 0, 800);
    first!.gone = true;
    match.part([1], false);
    play(match, 800, 5900);
    // Two of four seats decide nothing: there may be two others somewhere else.
    expect(phases(others)).toEqual(["greeting", "probing", "greeting"]);
    expect(others[1]!.member.suspended).toBe(true);
    play(match, 5900, 12_000);
    expectAlike(others, 100);
    expect(others.map(({ member }) => member.player.seat)).toEqual([1, 2, 3]);
    expect(hosts(match).length).toBe(1);
  });

  it("is handed over by a page that closes, at once, to waiting players on their seats", async () => {
    const match = await lobby([0, 0, 0, 6000], { startWith: 3 });
    match.part([2], true);
    play(match, 0, 1000);
    match.part([2], false);
    match.members[0]!.pausedUntil = 0;
    play(match, 1000, 1100);
    expect(match.members[0]!.member.sequencer?.started).toBe(false);
    match.members[0]!.member.leave();
    const at = playUntil(match, 1100, 3000, () => hosts(match).join() === "1");
    expect(at).toBeLessThan(1500);
    match.members[0]!.gone = true;
    const [, ...others] = match.members;
    play(match, at, 12_000);
    expectAlike(others, 100);
    expect(others.map(({ member }) => member.player.seat)).toEqual([1, 2, 3]);
  });

  it("of a page that never came is kept by the next one as soon as most are there; who comes at last finds it", async () => {
    const match = await lobby([8000, 0, 0]);
    const at = playUntil(match, 0, 4000, () => match.members[1]!.member.sequencer !== undefined);
    expect(at).toBeGreaterThan(1500);
    play(match, at, 14_000);
    expectAlike(match.members, 200);
    expect(hosts(match)).toEqual([1]);
    for (const { member } of match.members) expect([member.epoch % 3, member.suspended]).toEqual([1, false]);
  });

  it("does not wait for a page that vanished before it was ready", async () => {
    const match = await lobby([0, 0, 0], { startWith: 2 });
    play(match, 0, 60);
    expect(match.members[0]!.member.sequencer!.match!.seats[2]?.phase).toBe("probing");
    match.members[2]!.gone = true;
    play(match, 60, 5000);
    expectAlike(match.members.slice(0, 2), 100);
  });

  it("has the seed of who opened it first, whoever keeps it later", async () => {
    const match = await gather(game, { pages: 4, config: { startWith: 3 }, seeds: true });
    for (const late of match.members.slice(2)) late.pausedUntil = 1500;
    play(match, 0, 500);
    match.members[0]!.gone = true;
    const [, ...others] = match.members;
    play(match, 500, 6000);
    expectAlike(others, 100);
    expect(hosts(match)).toEqual([1]);
    expect(others.map(({ member }) => member.player.config!.seedLow)).toEqual([100, 100, 100]);
  });

  it("is given up by two who lose each other only for a rendezvous' word, and then both meet in the later one", async () => {
    const match = await lobby([0, 0]);
    match.part([0], true);
    play(match, 0, 4000);
    const [first, second] = match.members;
    expect(second!.member.suspended).toBe(true);
    expect(second!.member.grant(3)).toBe(true);
    play(match, 4000, 5000);
    expect([second!.member.epoch, hosts(match)]).toEqual([3, [0, 1]]);
    match.part([0], false);
    play(match, 5000, 10_000);
    expect([first!.member.epoch, hosts(match)]).toEqual([3, [1]]);
    expectAlike(match.members, 100);
  });

  it("is left by who believed that the match had begun there, when it had not for the others", async () => {
    const confirmed: Confirmed = [[], []];
    const match = await lobby([0, 0], {}, confirmed);
    // The other one hears nothing of the start.
    const started = await startOf([0, 0]);
    play(match, 0, started);
    match.part([0], true);
    play(match, started, started + 4000);
    expect(phases(match.members)).toEqual(["running", "probing"]);
    expect(match.members[1]!.member.grant(3)).toBe(true);
    play(match, started + 4000, started + 5000);
    match.part([0], false);
    play(match, started + 5000, started + 10_000);
    expectAlike(match.members, 100);
    expect(typesOf(match.members[0]!).filter((type) => type === "started").length).toBe(2);
    for (let frame = 0; frame < 100; frame++) expect(confirmed[0]![frame]).toEqual(confirmed[1]![frame]);
  });

  it("is not opened anew by who missed the start, while the match runs for the others", async () => {
    const match = await lobby([0, 0, 0]);
    const started = await startOf([0, 0, 0]);
    play(match, 0, started);
    match.members[0]!.links[2]!.cut = true;
    play(match, started, started + 5000);
    expect(match.members[2]!.member.player.phase).not.toBe("running");
    expect(hosts(match)).toEqual([0]);
    match.members[0]!.links[2]!.cut = false;
    play(match, started + 5000, started + 10_000);
    expectAlike(match.members, 100);
    expect(match.members.map(({ member }) => member.epoch)).toEqual([0, 0, 0]);
  });

  it("is not opened, even by a grant, while the match runs for somebody who can be heard", async () => {
    const confirmed: Confirmed = [[], [], []];
    const match = await lobby([0, 0, 0], { startWith: 2 }, confirmed);
    const [first, second, third] = match.members;
    match.part([1], true);
    play(match, 0, 3000);
    first!.gone = true;
    match.part([1], false);
    play(match, 3000, 6000);
    expect(phases([second!, third!])).toEqual(["greeting", "running"]);
    expect([second!, third!].map(({ member }) => member.suspended)).toEqual([false, true]);
    expect([second!.member.grant(4), third!.member.grant(5)]).toEqual([false, true]);
    play(match, 6000, 12_000);
    expectAlike([second!, third!], 200);
    expect(typesOf(third!).filter((type) => type === "welcome").length).toBe(1);
    expect(confirmed[2]!.filter((record) => record !== undefined).length).toBeGreaterThan(300);
  });

  it("is what a page finds that was loaded anew while it kept one, and what it leaves when the match runs", async () => {
    for (const pages of [2, 3]) {
      for (const seat of [0, 1]) {
        const match = await gather(game, { pages });
        play(match, 0, 3000);
        if (seat === 1) match.members[0]!.member.handOver();
        play(match, 3000, 4000);
        expect(hosts(match)).toEqual([seat]);
        match.members[seat]!.reload();
        play(match, 4000, 12_000);
        expectAlike(match.members, 300);
        expect(hosts(match).length).toBe(1);
      }
    }
  });
});
