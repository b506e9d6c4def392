// Laws of the household: ore is dug, carried and spent, houses are built by hands, and research shows.
import { describe, expect, test } from "vitest";
import { Commands, WORKERS } from "../../src/games/skirmish/commands.js";
import { CELLS, Kind, MAP, Order, QUEUE, Structure, Upgrade } from "../../src/games/skirmish/rules.js";
import {
  BUILDING_STATS,
  LOAD,
  TOOLS_LOAD,
  UNIT_STATS,
  UPGRADE_COST,
  UPGRADE_FRAMES,
} from "../../src/games/skirmish/stats.js";
import { Campaign, input } from "./campaign.js";

/** The first free site for a house of this size around the home of seat 0, two tiles from everything. */
function site(campaign: Campaign, size: number): [number, number] {
  const { homeX, homeY } = campaign.seat(0);
  const { terrain, ore, built } = campaign.world.land;
  for (let y = homeY - 9; y < homeY + 9; y++)
    for (let x = homeX - 9; x < homeX + 9; x++) {
      let free = true;
      for (let dy = -2; dy < size + 2; dy++)
        for (let dx = -2; dx < size + 2; dx++) {
          const tile = (y + dy) * MAP + x + dx;
          free &&= terrain.at(tile) === 0 && ore.at(tile) === 0 && built.at(tile) === 0;
        }
      if (free) return [x, y];
    }
  throw new Error("there is no site");
}

function build(campaign: Campaign, structure: number): number {
  const [x, y] = site(campaign, BUILDING_STATS[structure]!.size);
  campaign.step(
    input((commands) => {
      commands.selectKinds(WORKERS);
      commands.build(structure, x, y);
    }),
  );
  return campaign.world.land.built.at(y * MAP + x) - 1;
}

function total(campaign: Campaign): number {
  let loads = 0;
  for (const each of campaign.world.land.ore) loads += each;
  return loads;
}

describe("workers", () => {
  test("bring home exactly what they dig", () => {
    const campaign = new Campaign();
    const loads = total(campaign);
    const begin = campaign.seat(0).ore;
    campaign.run(900);
    const carried = [0, 1].map((seat) => campaign.units(seat).reduce((sum, { load }) => sum + load, 0));
    const gathered = campaign.seat(0).gathered + campaign.seat(1).gathered;
    expect(campaign.seat(0).gathered).toBeGreaterThan(40 * LOAD);
    expect(campaign.seat(0).ore - begin).toBe(campaign.seat(0).gathered);
    expect((loads - total(campaign)) * LOAD).toBe(gathered + carried[0]! + carried[1]!);
  });

  test("bring more with better tools", () => {
    const campaign = new Campaign();
    campaign.set(["seats", 0, "tools"], 2);
    campaign.until(() => campaign.units(0).some(({ load }) => load > 0));
    expect(campaign.units(0).find(({ load }) => load > 0)!.load).toBe(LOAD + 2 * TOOLS_LOAD);
  });

  test("go on to other ore when theirs is gone", () => {
    const campaign = new Campaign({ workers: 6 });
    const dug = new Set<number>();
    for (let tile = 0; tile < MAP * MAP; tile++)
      if (campaign.world.land.ore.at(tile) !== 0) campaign.set(["land", "ore", tile], 1);
    campaign.until(() => {
      for (const { x, y, order, owner } of campaign.units())
        if (owner === 0 && order === Order.Gather) dug.add((y >> 8) * MAP + (x >> 8));
      return campaign.seat(0).gathered >= 30 * LOAD;
    }, 3000);
    expect(campaign.seat(0).gathered).toBeGreaterThanOrEqual(30 * LOAD);
  });

  test("build what is paid for, and it stands after its frames of work", () => {
    const campaign = new Campaign({ ore: 1000 });
    const index = build(campaign, Structure.Barracks);
    const stats = BUILDING_STATS[Structure.Barracks]!;
    expect(campaign.seat(0).ore).toBe(1000 - stats.cost);
    const barracks = campaign.world.buildings[index]!;
    expect(barracks).toMatchObject({ kind: Structure.Barracks, unbuilt: stats.buildFrames });
    campaign.until(() => barracks.unbuilt < stats.buildFrames, 400);
    // Others on their way to the ore may jostle the builder for some frames.
    const frames = campaign.until(() => barracks.unbuilt === 0, 600);
    expect(frames).toBeGreaterThanOrEqual(stats.buildFrames - 1);
    expect(frames).toBeLessThan(stats.buildFrames + 40);
    expect(barracks.health).toBe(stats.health);
    campaign.run(10);
    expect(campaign.units(0).every(({ order }) => order !== Order.Build)).toBe(true);
  });

  test("share the work on a house", () => {
    const campaign = new Campaign({ ore: 1000 });
    const index = build(campaign, Structure.Barracks);
    const barracks = campaign.world.buildings[index]!;
    campaign.step(
      input((commands) => {
        for (const { index: unit } of campaign.units(0).slice(0, 4)) {
          commands.selectUnits([unit]);
          commands.build(Structure.Barracks, barracks.tileX, barracks.tileY);
        }
      }),
    );
    campaign.run(250);
    expect(barracks.unbuilt).toBe(0);
    expect(campaign.seat(0).buildings).toBe(2);
  });
});

describe("a house", () => {
  test("is not founded on another, on rock, on ore, in the dark, or without ore", () => {
    const campaign = new Campaign({ ore: 30_000, open: 1 });
    const home = campaign.seat(0);
    const { ore } = campaign.world.land;
    let oreTile = 0;
    while (ore.at(oreTile) === 0) oreTile++;
    campaign.step(
      input((commands) => {
        commands.selectKinds(WORKERS);
        commands.build(Structure.Barracks, home.homeX, home.homeY);
        commands.build(Structure.Barracks, 0, home.homeY);
        commands.build(Structure.Barracks, oreTile % MAP, Math.floor(oreTile / MAP));
        commands.build(Structure.Barracks, 62, 54);
      }),
    );
    expect(campaign.seat(0)).toMatchObject({ buildings: 1, ore: 30_000 });
    // The last of them was refused for the dark alone.
    for (let cell = 0; cell < CELLS; cell++) campaign.set(["land", "explored", cell], 255);
    campaign.step(
      input((commands) => {
        commands.selectKinds(WORKERS);
        commands.build(Structure.Barracks, 62, 54);
      }),
    );
    expect(campaign.seat(0).buildings).toBe(2);
    campaign.set(["seats", 0, "ore"], BUILDING_STATS[Structure.Forge]!.cost - 1);
    build(campaign, Structure.Forge);
    expect(campaign.seat(0).buildings).toBe(2);
    expect(campaign.events.filter(({ type }) => type === "TooPoor")).toMatchObject([{ owner: 0 }]);
  });

  test("needs a worker in the selection", () => {
    const campaign = new Campaign({ ore: 1000 });
    const [x, y] = site(campaign, 3);
    campaign.step(
      input((commands) => {
        commands.selectKinds(0);
        commands.build(Structure.Barracks, x, y);
      }),
    );
    expect(campaign.seat(0)).toMatchObject({ buildings: 1, ore: 1000 });
  });

  test("trains what it can, in its order, for its price", () => {
    const campaign = new Campaign({ ore: 2000, workers: 1 });
    const commands = new Commands();
    for (let each = 0; each < QUEUE + 2; each++) commands.train(0, Kind.Worker);
    commands.train(0, Kind.Pike);
    campaign.step(commands.take());
    expect(campaign.world.buildings[0]).toMatchObject({ queued: QUEUE });
    expect(campaign.seat(0).ore).toBe(2000 - QUEUE * UNIT_STATS[Kind.Worker]!.cost);
    const frames = campaign.until(() => campaign.seat(0).workers === 1 + QUEUE);
    expect(frames).toBe(QUEUE * UNIT_STATS[Kind.Worker]!.trainFrames - 1);
  });

  test("sends whole squads to its rally point", () => {
    const campaign = new Campaign({ ore: 2000, workers: 4 });
    const index = build(campaign, Structure.Barracks);
    const barracks = campaign.world.buildings[index]!;
    campaign.set(["buildings", index, "unbuilt"], 0);
    const goal = { x: (barracks.tileX + 8) * 256, y: barracks.tileY * 256 };
    campaign.step(
      input((commands) => {
        commands.rally(index, goal.x, goal.y);
        commands.train(index, Kind.Bow);
      }),
    );
    campaign.run(UNIT_STATS[Kind.Bow]!.trainFrames + 200);
    const bows = campaign.units(0).filter(({ kind }) => kind === Kind.Bow);
    expect(bows.length).toBe(UNIT_STATS[Kind.Bow]!.squad);
    for (const { x, y } of bows) expect(Math.hypot(x - goal.x, y - goal.y)).toBeLessThan(3 * 256);
  });

  test("of another seat obeys nobody else", () => {
    const campaign = new Campaign({ ore: 2000 });
    const theirs = campaign.buildings(1)[0]!.index;
    campaign.step(input((commands) => commands.train(theirs, Kind.Worker)));
    expect(campaign.world.buildings[theirs]!.queued).toBe(0);
    expect([campaign.seat(0).ore, campaign.seat(1).ore]).toEqual([2000, 2000]);
  });
});

describe("research", () => {
  test("costs more with each level, takes its time, and ends at the last level", () => {
    const campaign = new Campaign({ ore: 20_000 });
    const index = build(campaign, Structure.Forge);
    campaign.set(["buildings", index, "unbuilt"], 0);
    // Without workers nothing comes in.
    for (const unit of campaign.units(0)) campaign.set(["units", "health", unit.index], 0);
    let { ore } = campaign.seat(0);
    for (let level = 1; level <= 3; level++) {
      campaign.step(input((commands) => commands.research(index, Upgrade.Blades)));
      ore -= UPGRADE_COST * level;
      expect(campaign.seat(0).ore).toBe(ore);
      expect(campaign.run(UPGRADE_FRAMES - 2)).toEqual([]);
      const events = campaign.run(1);
      expect(events).toMatchObject([{ type: "Researched", upgrade: Upgrade.Blades, level, owner: 0 }]);
      expect(campaign.seat(0).blades).toBe(level);
    }
    campaign.step(input((commands) => commands.research(index, Upgrade.Blades)));
    expect(campaign.world.buildings[index]!.research).toBe(Upgrade.None);
  });
});
