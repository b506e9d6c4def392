// Laws of fighting: who beats whom, what research changes, and what the dead leave behind.
import { describe, expect, test } from "vitest";
import { FIGHTERS } from "../../src/games/skirmish/commands.js";
import { FIRST_BUILDING, Kind, NOBODY, Order, Structure } from "../../src/games/skirmish/rules.js";
import { UNIT_STATS } from "../../src/games/skirmish/stats.js";
import { Campaign, input } from "./campaign.js";

/** Two lines of ten, each of one kind, ten tiles apart; the strength of a kind is what a squad of it costs. */
function duel(first: number, second: number, options: { blades?: number; plates?: number } = {}): [number, number] {
  const campaign = new Campaign({ battle: 1, army: 60 });
  const counts = [first, second].map((kind) =>
    Math.round((600 * UNIT_STATS[kind]!.squad) / UNIT_STATS[kind]!.cost / 3),
  );
  for (const [seat, kind] of [first, second].entries()) {
    campaign.units(seat).forEach(({ index }, place) => {
      if (place >= counts[seat]!) campaign.set(["units", "health", index], 0);
      campaign.set(["units", "kind", index], kind);
      if (place < counts[seat]!) campaign.set(["units", "health", index], UNIT_STATS[kind]!.health);
      campaign.place(index, 59 + 10 * seat, 56 + 0.8 * place, Order.Advance);
      campaign.set(["units", "goalX", index], (69 - 10 * seat) * 256);
    });
    if (seat === 0) {
      campaign.set(["seats", 0, "blades"], options.blades ?? 0);
      campaign.set(["seats", 0, "plates"], options.plates ?? 0);
    }
  }
  campaign.until(() => campaign.seat(0).units === 0 || campaign.seat(1).units === 0, 1200);
  return [campaign.seat(0).units, campaign.seat(1).units];
}

describe("for the same ore", () => {
  test.each([
    ["pikes beat riders", Kind.Pike, Kind.Rider],
    ["riders beat bows", Kind.Rider, Kind.Bow],
    ["bows beat pikes", Kind.Bow, Kind.Pike],
  ] as const)("%s", (_, winner, loser) => {
    const [won, lost] = duel(winner, loser);
    expect(lost).toBe(0);
    expect(won).toBeGreaterThan(0);
    const [lostAgain, wonAgain] = duel(loser, winner);
    expect(lostAgain).toBe(0);
    expect(wonAgain).toBeGreaterThan(0);
  });

  test("each kind is an even match for itself, and wins with better blades or plates", () => {
    for (const kind of [Kind.Pike, Kind.Bow, Kind.Rider]) {
      const [bladesLeft] = duel(kind, kind, { blades: 3 });
      const [platesLeft] = duel(kind, kind, { plates: 3 });
      expect(bladesLeft, `blades of ${kind}`).toBeGreaterThan(5);
      expect(platesLeft, `plates of ${kind}`).toBeGreaterThan(5);
    }
  });
});

describe("one blow", () => {
  function strike(kind: number, victim: number, arrange: (campaign: Campaign) => void = () => {}): number {
    const campaign = new Campaign({ battle: 1, army: 1 });
    const [attacker] = campaign.units(0);
    const [other] = campaign.units(1);
    campaign.set(["units", "kind", attacker!.index], kind);
    campaign.set(["units", "kind", other!.index], victim);
    campaign.set(["units", "health", other!.index], 10_000);
    campaign.place(attacker!.index, 60, 60, Order.Hold);
    campaign.place(other!.index, 60.7, 60, Order.Hold);
    // The other one cannot answer.
    campaign.set(["units", "cool", other!.index], 255);
    arrange(campaign);
    campaign.until(() => campaign.unit(other!.index).health < 10_000, 20);
    return 10_000 - campaign.unit(other!.index).health;
  }

  test("hurts by the table, the attacker's blades and the victim's plates", () => {
    expect(strike(Kind.Pike, Kind.Pike)).toBe(12);
    expect(strike(Kind.Pike, Kind.Rider)).toBe(26);
    expect(strike(Kind.Rider, Kind.Bow)).toBe(30);
    expect(strike(Kind.Pike, Kind.Pike, (campaign) => campaign.set(["seats", 0, "blades"], 2))).toBe(16);
    expect(strike(Kind.Pike, Kind.Pike, (campaign) => campaign.set(["seats", 1, "plates"], 2))).toBe(8);
    expect(strike(Kind.Worker, Kind.Rider)).toBe(1);
  });

  test("is told as an event, and its target dies at none left", () => {
    const campaign = new Campaign({ battle: 1, army: 2 });
    const [attacker, idle] = campaign.units(0);
    const [victim, far] = campaign.units(1);
    campaign.place(attacker!.index, 60, 60, Order.Hold);
    campaign.place(victim!.index, 60.5, 60, Order.Hold);
    campaign.place(idle!.index, 20, 20, Order.Hold);
    campaign.place(far!.index, 100, 100, Order.Hold);
    campaign.set(["units", "health", victim!.index], 5);
    campaign.set(["units", "cool", victim!.index], 255);
    campaign.set(["units", "groups", victim!.index], 255);
    const events = [];
    for (let frame = 0; frame < 8; frame++) {
      campaign.step();
      events.push(...campaign.events);
    }
    expect(events.filter(({ type }) => type === "Blow").length).toBe(1);
    expect(events.find(({ type }) => type === "Death")).toMatchObject({ kind: victim!.kind, owner: 1 });
    expect(campaign.unit(victim!.index)).toMatchObject({ kind: Kind.None, groups: 0 });
    expect(campaign.seat(0).killed).toBe(1);
    expect(campaign.seat(1)).toMatchObject({ lost: 1, units: 1 });
    campaign.run(5);
    expect(campaign.unit(attacker!.index).target).toBe(NOBODY);
  });

  test("two that kill each other in the same frame both die", () => {
    const campaign = new Campaign({ battle: 1, army: 2 });
    const one = campaign.units(0)[0]!.index;
    const other = campaign.units(1)[0]!.index;
    for (const index of [one, other]) {
      campaign.set(["units", "kind", index], Kind.Pike);
      campaign.set(["units", "health", index], 1);
      campaign.set(["units", "target", index], index === one ? other : one);
    }
    campaign.place(one, 60, 60, Order.Attack);
    campaign.place(other, 60.5, 60, Order.Attack);
    campaign.step();
    expect([campaign.unit(one).kind, campaign.unit(other).kind]).toEqual([Kind.None, Kind.None]);
  });
});

describe("the events of a frame", () => {
  test("stay within their page when thousands fight, and the state counts all blows", () => {
    const campaign = new Campaign({ battle: 1, army: 3000, players: 4 });
    let most = 0;
    let blows = 0;
    for (let frame = 0; frame < 200; frame++) {
      campaign.step();
      most = Math.max(most, campaign.events.length);
      blows = Math.max(blows, campaign.world.blows);
    }
    expect(blows).toBeGreaterThan(96);
    expect(most).toBeLessThanOrEqual(96 + 40 + 8);
  });
});

describe("buildings", () => {
  test("are attacked when no one else is near, and their fall is told", () => {
    const campaign = new Campaign({ army: 20, workers: 1 });
    const base = campaign.buildings(1)[0]!;
    const raiders = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    for (const { index } of campaign.units(1)) campaign.set(["units", "health", index], 0);
    raiders.forEach(({ index }, place) => {
      campaign.place(index, base.tileX - 3 + (place % 10), base.tileY - 3 - Math.floor(place / 10));
    });
    campaign.run(20);
    expect(raiders.map(({ index }) => campaign.unit(index).target)).toContain(FIRST_BUILDING + base.index);
    campaign.set(["buildings", base.index, "health"], 1);
    const events = campaign.run(80);
    expect(events.filter(({ type }) => type === "Razed")).toMatchObject([{ structure: Structure.Base, owner: 1 }]);
    expect(events.filter(({ type }) => type === "Fallen")).toMatchObject([{ owner: 1 }]);
  });

  test("that are turrets shoot whoever comes near, and nobody else does", () => {
    const campaign = new Campaign({ army: 2, workers: 1 });
    const [intruder] = campaign.units(1).filter(({ kind }) => kind !== Kind.Worker);
    const base = campaign.buildings(0)[0]!;
    for (const { index, kind } of campaign.units(0))
      if (kind !== Kind.Worker) campaign.set(["units", "health", index], 0);
    campaign.place(intruder!.index, base.tileX + 6, base.tileY + 1, Order.Hold);
    campaign.run(40);
    const before = campaign.unit(intruder!.index).health;
    campaign.set(["buildings", base.index, "kind"], Structure.Turret);
    campaign.run(40);
    expect(campaign.unit(intruder!.index).health).toBeLessThan(before);
  });
});

describe("holding", () => {
  test("strikes what comes into reach and does not take a step", () => {
    const campaign = new Campaign({ battle: 1, army: 2 });
    const mine = campaign.units(0)[0]!.index;
    const other = campaign.units(1)[0]!.index;
    campaign.place(mine, 60, 60);
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.hold();
      }),
    );
    campaign.place(other, 63, 60, Order.Hold);
    campaign.run(40);
    expect(campaign.unit(mine)).toMatchObject({ x: 60 * 256, y: 60 * 256, order: Order.Hold });
    campaign.place(other, 60.8, 60, Order.Hold);
    campaign.set(["units", "health", other], 1000);
    campaign.run(40);
    expect(campaign.unit(other).health).toBeLessThan(1000);
  });
});
