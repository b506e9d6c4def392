// A match without a server goes on when the page that sequenced it is gone: nothing that was confirmed is lost.
import { beforeAll, describe, expect, it } from "vitest";
import { PERFECT } from "../../src/netsim/conditions.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import {
  type Confirmed,
  chainsOf,
  confirmedEnd,
  type Gathering,
  gather,
  play,
  playUntil,
  typesOf,
} from "./gathering.js";

let game: Game;
let scroll: Game;
beforeAll(async () => {
  [game, scroll] = await Promise.all([testGame("scramble"), testGame("scroll")]);
});

function stallsOf({ members }: Gathering): number[] {
  return members.map(({ member }) => member.player.stats.stalls);
}

function sequencing({ members }: Gathering): number[] {
  return members.filter(({ gone, member }) => !gone && member.sequencer !== undefined).map(({ seat }) => seat);
}

function expectAlike(match: Gathering, least: number): void {
  const { end, values } = chainsOf(match.members.filter(({ gone }) => !gone));
  expect(end).toBeGreaterThan(least);
  expect(new Set(values).size).toBe(1);
}

describe("a match without a server", () => {
  it("is played by all pages alike, with what the first page sequences", async () => {
    const match = play(await gather(game, { pages: 3 }), 0, 5000);
    expectAlike(match, 200);
    expect(stallsOf(match)).toEqual([0, 0, 0]);
    expect(sequencing(match)).toEqual([0]);
  });

  it("is handed over without a stall, and without anybody's coming in again", async () => {
    const match = play(await gather(game, { pages: 3 }), 0, 3000);
    match.members[0]!.member.handOver();
    play(match, 3000, 8000);
    expectAlike(match, 380);
    expect(stallsOf(match)).toEqual([0, 0, 0]);
    expect(sequencing(match)).toEqual([1]);
    for (const page of match.members) expect(typesOf(page)).not.toContain("rejoining");
  });

  it("is handed over with what was final and nobody had been told of", async () => {
    const match = await gather(game, { pages: 3 });
    // What is told waits for the farther one.
    match.members[2]!.links[0]!.conditions = { ...PERFECT, delayMs: 47 };
    play(match, 0, 3000);
    const { member } = match.members[0]!;
    const { inputs } = member.sequencer!;
    const mine = member.player.inputs!;
    playUntil(match, 3000, 4000, () => inputs!.held(1) > mine.held(1));
    member.handOver();
    expect([0, 1, 2].map((seat) => mine.held(seat))).toEqual([0, 1, 2].map((seat) => inputs!.held(seat)));
  });

  it("is handed over again and again, at 5 % loss", async () => {
    const network = { ...PERFECT, delayMs: 40, jitterMs: 10, loss: 0.05 };
    const match = play(await gather(game, { pages: 4, network }), 0, 3000);
    const sequenced = new Set<number>();
    for (let at = 3000; at < 13_000; at += 1000) {
      for (const { member } of match.members) member.handOver();
      play(match, at, at + 1000);
      sequenced.add(sequencing(match)[0]!);
    }
    expectAlike(match, 500);
    expect(sequenced.size).toBe(4);
    for (const page of match.members) expect(typesOf(page)).not.toContain("rejoining");
  });

  it("is handed over with long commands under way", async () => {
    const match = play(await gather(scroll, { pages: 3, letters: true }), 0, 2500);
    for (let at = 2500; at < 6500; at += 1000) {
      for (const { member } of match.members) member.handOver();
      play(match, at, at + 1000);
    }
    expectAlike(match, 80);
    for (const page of match.members) expect(typesOf(page)).not.toContain("rejoining");
  });

  it("goes on two and a half seconds after the page that sequenced it vanished, with all that was confirmed", async () => {
    const confirmed: Confirmed = [[], [], []];
    const match = play(await gather(game, { pages: 3, confirmed }), 0, 3000);
    const [first, second, third] = match.members;
    first!.gone = true;
    const before = [second!, third!].map(confirmedEnd);
    const at = playUntil(match, 3000, 8000, () => confirmedEnd(second!) > before[0]! + 30);
    expect(at).toBeLessThan(5500);
    play(match, at, 8000);
    expectAlike(match, 200);
    for (let frame = 0; frame < 250; frame++) expect(confirmed[2]![frame]).toEqual(confirmed[1]![frame]);
    expect(typesOf(third!)).toContain("left");
    expect([second, third].map((page) => typesOf(page!).includes("rejoining"))).toEqual([false, false]);
  });

  it("goes on when the player whose page sequenced it leaves, and knows at once that he did", async () => {
    const match = play(await gather(game, { pages: 3 }), 0, 3000);
    match.members[0]!.member.leave();
    play(match, 3000, 3400);
    const [, second, third] = match.members;
    const left = second!.events.find(({ type }) => type === "left");
    expect(left).toMatchObject({ seat: 0, dropped: false });
    expect(third!.events.find(({ type }) => type === "left")).toEqual(left);
    play(match, 3400, 6000);
    expect(confirmedEnd(second!)).toBeGreaterThan(290);
    expect([second, third].map((page) => page!.member.player.stats.stalls)).toEqual([0, 0]);
  });

  it("takes a page back that slept while it sequenced", async () => {
    const match = play(await gather(game, { pages: 3 }), 0, 3000);
    match.members[0]!.pausedUntil = 9000;
    play(match, 3000, 13_000);
    expect(typesOf(match.members[0]!)).toEqual(expect.arrayContaining(["rejoining", "joined"]));
    expectAlike(match, 550);
    expect(sequencing(match)).toEqual([1]);
  });

  it("lets nobody in a minority go on, and takes him back when he can be heard", async () => {
    const confirmed: Confirmed = [[], [], [], [], []];
    const match = play(await gather(game, { pages: 5, confirmed }), 0, 3000);
    match.part([0, 1], true);
    play(match, 3000, 9000);
    const alone = confirmedEnd(match.members[0]!);
    expect(alone).toBeLessThan(150);
    expect(match.members[0]!.member.suspended).toBe(true);
    expect(confirmedEnd(match.members[2]!)).toBeGreaterThan(300);
    match.part([0, 1], false);
    play(match, 9000, 14_000);
    expectAlike(match, 500);
    expect(match.members.map(({ member }) => member.suspended)).toEqual([false, false, false, false, false]);
  });

  it("is sequenced by one page when two would at once", async () => {
    const match = play(await gather(game, { pages: 4 }), 0, 3000);
    match.members[0]!.gone = true;
    // Neither hears the other in time: both ask, and both may claim.
    match.members[1]!.links[2]!.cut = true;
    match.members[2]!.links[1]!.cut = true;
    play(match, 3000, 5200);
    match.members[1]!.links[2]!.cut = false;
    match.members[2]!.links[1]!.cut = false;
    play(match, 5200, 12_000);
    expectAlike(match, 400);
    expect(sequencing(match).length).toBe(1);
  });

  it("goes on under a hand-over while somebody comes in", async () => {
    const match = await gather(game, { pages: 4, config: { startWith: 3 } });
    match.members[3]!.pausedUntil = 3000;
    play(match, 0, 3150);
    match.members[0]!.member.handOver();
    play(match, 3150, 8000);
    expect(match.members[3]!.member.player.phase).toBe("running");
    expectAlike(match, 350);
  });
});

describe("two players who lose each other", () => {
  it("suspend, and lose nothing", async () => {
    const match = play(await gather(game, { pages: 2 }), 0, 3000);
    match.part([0], true);
    play(match, 3000, 9000);
    const frames = match.members.map(confirmedEnd);
    expect(Math.max(...frames)).toBeLessThan(150);
    for (const page of match.members) expect(typesOf(page)).toContain("suspended");
    match.part([0], false);
    play(match, 9000, 12_000);
    for (const page of match.members) {
      expect(typesOf(page)).toContain("resumed");
      expect(typesOf(page)).not.toContain("rejoining");
    }
    expectAlike(match, 280);
  });

  it("go on apart only where a rendezvous grants it to one of them", async () => {
    const match = play(await gather(game, { pages: 2 }), 0, 3000);
    match.part([0], true);
    play(match, 3000, 6000);
    const [first, second] = match.members;
    expect(() => second!.member.grant(4)).toThrow("epoch 4 of 2 is not one of seat 1");
    expect(second!.member.grant(3)).toBe(true);
    play(match, 6000, 9000);
    expect(confirmedEnd(second!)).toBeGreaterThan(250);
    expect(second!.events).toContainEqual(expect.objectContaining({ type: "left", seat: 0, dropped: true }));
    expect(confirmedEnd(first!)).toBeLessThan(150);
    match.part([0], false);
    play(match, 9000, 14_000);
    expect(typesOf(first!)).toEqual(expect.arrayContaining(["rejoining", "joined"]));
    expect(first!.member.grant(2)).toBe(false); // there is a later one
    expectAlike(match, 500);
  });
});

describe("a member", () => {
  it("refuses a match that replaces late inputs", async () => {
    await expect(gather(game, { pages: 2, config: { policy: 1 } })).rejects.toThrow("make its policy 0 (wait)");
  });

  it("counts what no member sends, and goes on", async () => {
    const match = play(await gather(game, { pages: 2 }), 0, 2000);
    const { member } = match.members[0]!;
    for (const bytes of [[], [0], [128], [255, 255, 255, 255, 1, 7], [0, 40], [0, 43, 1], [0, 255]]) {
      member.receive(1, Uint8Array.from(bytes), 2000);
    }
    member.receive(0, Uint8Array.of(0, 9, 0), 2000);
    expect(member.strays).toBeGreaterThan(5);
    play(match, 2000, 4000);
    expectAlike(match, 150);
  });
});
