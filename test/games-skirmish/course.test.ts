// Laws of a match: a fair map, fog, who is beaten, who wins, who left, and the next match.
import { describe, expect, test } from "vitest";
import { FIGHTERS } from "../../src/games/skirmish/commands.js";
import {
  CELLS_ACROSS,
  FIRST_BUILDING,
  Kind,
  MAP,
  NOBODY,
  Order,
  OVER_FRAMES,
  Phase,
} from "../../src/games/skirmish/rules.js";
import { Campaign, input } from "./campaign.js";

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe("the map", () => {
  test("is the same for everybody: turned and mirrored it does not change", () => {
    for (const seed of SEEDS) {
      const { terrain, ore } = new Campaign({ seed, players: 8 }).world.land;
      for (const layer of [[...terrain], [...ore]]) {
        const turned = layer.map((_, tile) => layer[(tile % MAP) * MAP + Math.floor(tile / MAP)]);
        const mirrored = layer.map((_, tile) => layer[tile - 2 * (tile % MAP) + MAP - 1]);
        expect([turned.join(""), mirrored.join("")]).toEqual([layer.join(""), layer.join("")]);
      }
    }
  });

  test("lets everybody reach everybody, and all the ore", () => {
    for (const seed of SEEDS) {
      const { world } = new Campaign({ seed, players: 8 });
      const terrain = [...world.land.terrain];
      const ore = [...world.land.ore];
      const seen = new Uint8Array(MAP * MAP);
      const queue = [64 * MAP + 64];
      seen[queue[0]!] = 1;
      for (const tile of queue)
        for (const next of [tile + 1, tile - 1, tile + MAP, tile - MAP])
          if (seen[next] === 0 && terrain[next] === 0) {
            seen[next] = 1;
            queue.push(next);
          }
      for (const { homeX, homeY } of world.seats) expect(seen[homeY * MAP + homeX]).toBe(1);
      expect(ore.filter((loads, tile) => loads !== 0 && seen[tile] === 0)).toEqual([]);
    }
  });

  test("follows from the seed", () => {
    const rocks = (seed: number) => [...new Campaign({ seed }).world.land.terrain].join("");
    expect(rocks(1)).toBe(rocks(1));
    expect(new Set(SEEDS.map(rocks)).size).toBe(SEEDS.length);
  });
});

describe("the fog", () => {
  const masks = (campaign: Campaign, x: number, y: number) => {
    const cell = (y >> 1) * CELLS_ACROSS + (x >> 1);
    return [campaign.world.land.seen.at(cell), campaign.world.land.explored.at(cell)];
  };

  test("lifts around one's people, and what was seen stays known", () => {
    const campaign = new Campaign({ army: 1, workers: 1, open: 1 });
    const [scout] = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    campaign.place(scout!.index, 64, 64);
    campaign.step();
    expect(masks(campaign, 64, 64)).toEqual([1, 1]);
    expect(masks(campaign, 69, 64)).toEqual([1, 1]);
    expect(masks(campaign, 80, 64)).toEqual([0, 0]);
    campaign.place(scout!.index, 30, 64);
    campaign.step();
    expect(masks(campaign, 64, 64)).toEqual([0, 1]);
  });

  test("does not reach around the map's edge", () => {
    const campaign = new Campaign({ army: 1, workers: 1, open: 1 });
    const [scout] = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    campaign.place(scout!.index, 126, 60);
    campaign.step();
    for (let y = 50; y < 70; y++) expect(masks(campaign, 1, y)).toEqual([0, 0]);
  });

  test("hides targets from commands", () => {
    const campaign = new Campaign({ army: 2, workers: 1, open: 1 });
    const mine = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    const attack = input((commands) => {
      commands.selectKinds(FIGHTERS);
      commands.attack(FIRST_BUILDING + campaign.buildings(1)[0]!.index);
    });
    campaign.step(attack);
    expect(campaign.unit(mine[0]!.index).target).toBe(NOBODY);
    const { tileX, tileY } = campaign.buildings(1)[0]!;
    campaign.place(mine[0]!.index, tileX - 2, tileY - 2);
    campaign.step();
    campaign.step(attack);
    expect(campaign.unit(mine[1]!.index)).toMatchObject({ order: Order.Attack });
  });
});

describe("a match", () => {
  test("is won by the last who has a base; the beaten lose everything", () => {
    const campaign = new Campaign({ players: 3, army: 5 });
    const raze = (seat: number) => campaign.set(["buildings", campaign.buildings(seat)[0]!.index, "health"], 0);
    raze(1);
    campaign.run(2);
    expect(campaign.seat(1)).toMatchObject({ alive: 0, units: 0, buildings: 0 });
    expect(campaign.world.phase).toBe(Phase.Playing);
    raze(0);
    campaign.run(1);
    expect(campaign.world).toMatchObject({ phase: Phase.Over, winner: 1 << 2, byTime: 0 });
  });

  test("in which the last bases fall together is won by nobody", () => {
    const campaign = new Campaign();
    for (const seat of [0, 1]) campaign.set(["buildings", campaign.buildings(seat)[0]!.index, "health"], 0);
    campaign.run(1);
    expect(campaign.world).toMatchObject({ phase: Phase.Over, winner: 0 });
  });

  test("goes to the better score when time is over", () => {
    const campaign = new Campaign({ minutes: 1 });
    campaign.set(["seats", 1, "killed"], 50);
    campaign.run(1199);
    expect(campaign.world.phase).toBe(Phase.Playing);
    campaign.run(1);
    expect(campaign.world).toMatchObject({ phase: Phase.Over, winner: 2, byTime: 1 });
  });

  test("is followed by another one on another map", () => {
    const campaign = new Campaign();
    const rocks = () => [...campaign.world.land.terrain].join("");
    const before = rocks();
    campaign.set(["buildings", campaign.buildings(1)[0]!.index, "health"], 0);
    const events = campaign.run(1 + OVER_FRAMES);
    expect(events.map(({ type }) => type)).toContain("MatchStart");
    expect(campaign.world).toMatchObject({ phase: Phase.Playing, matches: 2, winner: 0 });
    expect(campaign.seat(1)).toMatchObject({ alive: 1, bases: 1, workers: 12 });
    expect(rocks()).not.toBe(before);
  });
});

describe("a player who left", () => {
  test("commands nothing, and his people stop and defend themselves", () => {
    const campaign = new Campaign({ army: 6, open: 1, workers: 1 });
    const army = campaign.units(1).filter(({ kind }) => kind !== Kind.Worker);
    const marching = input((commands) => {
      commands.selectKinds(FIGHTERS);
      commands.advance(64 * 256, 64 * 256);
    });
    campaign.step(new Uint8Array(0), marching);
    campaign.run(20);
    campaign.step(new Uint8Array(0), undefined);
    expect(army.every(({ index }) => campaign.unit(index).order === Order.Idle)).toBe(true);
    const [enemy] = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    const near = campaign.unit(army[0]!.index);
    campaign.place(enemy!.index, near.x / 256 + 2, near.y / 256, Order.Hold);
    campaign.set(["units", "health", enemy!.index], 20_000);
    for (let frame = 0; frame < 60; frame++) campaign.step(new Uint8Array(0), undefined);
    expect(campaign.unit(enemy!.index).health).toBeLessThan(20_000);
    expect(campaign.seat(1).here).toBe(0);
  });
});
