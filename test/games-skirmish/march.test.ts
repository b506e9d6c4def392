// Laws of moving: everybody gets where he is sent, around what stands in the way, and nobody stands in another or in a wall.
import { describe, expect, test } from "vitest";
import { FIGHTERS } from "../../src/games/skirmish/commands.js";
import { Kind, MAP, NOBODY, Order, TILE } from "../../src/games/skirmish/rules.js";
import { Campaign, input, type Unit } from "./campaign.js";

const tiles = (value: number) => value * TILE;

function fighters(campaign: Campaign, seat: number): Unit[] {
  return campaign.units(seat).filter(({ kind }) => kind !== Kind.Worker);
}

function apart(a: Unit, b: Unit): number {
  return Math.hypot(a.x - b.x, a.y - b.y) / TILE;
}

/** Builds a wall of rock, tile by tile, before the first flow field is asked for. */
function wall(campaign: Campaign, tilesOfWall: readonly (readonly [number, number])[]): void {
  for (const [x, y] of tilesOfWall) {
    campaign.set(["land", "terrain", y * MAP + x], 1);
    campaign.set(["land", "wall", y * MAP + x], 1);
  }
}

function inWalls(campaign: Campaign): Unit[] {
  return campaign.units().filter(({ x, y }) => campaign.world.land.wall.at((y >> 8) * MAP + (x >> 8)) !== 0);
}

describe("an army", () => {
  test("arrives on open ground, straight and without loitering", () => {
    const campaign = new Campaign({ army: 30, open: 1 });
    const all = fighters(campaign, 0).filter(({ kind }) => kind !== Kind.Ram);
    all.forEach(({ index }, place) => {
      campaign.place(index, 30 + (place % 6) * 0.7, 63 + Math.floor(place / 6) * 0.7);
    });
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.move(tiles(60), tiles(63));
      }),
    );
    // Thirty tiles at the speed of a pike, and some seconds to come together.
    const arrived = campaign.until(() => all.every(({ index }) => campaign.unit(index).order === Order.Idle), 600);
    expect(arrived).toBeLessThan((30 * TILE * 16) / 440 + 120);
    for (const { index } of all) expect(Math.abs(campaign.unit(index).x - tiles(60))).toBeLessThan(tiles(5));
  });

  test("finds the way around a wall with a pocket, along its flow field", () => {
    const campaign = new Campaign({ army: 40, open: 1 });
    const pocket = [
      ...Array.from({ length: 25 }, (_, step) => [50, 51 + step] as const),
      ...Array.from({ length: 10 }, (_, step) => [40 + step, 51] as const),
      ...Array.from({ length: 10 }, (_, step) => [40 + step, 75] as const),
    ];
    wall(campaign, pocket);
    const all = fighters(campaign, 0);
    all.forEach(({ index }, place) => {
      campaign.place(index, 42 + (place % 6), 60 + Math.floor(place / 6));
    });
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.advance(tiles(58), tiles(63));
      }),
    );
    const broken: Unit[] = [];
    const arrived = campaign.until(() => {
      broken.push(...inWalls(campaign));
      return all.every(({ index }) => campaign.unit(index).x > tiles(52));
    }, 1600);
    expect(broken).toEqual([]);
    expect(arrived).toBeLessThan(1600);
  });

  test("goes to the edge of what cannot be entered", () => {
    const campaign = new Campaign({ army: 8 });
    const { homeX, homeY } = campaign.seat(0);
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.move(tiles(homeX), tiles(homeY));
      }),
    );
    campaign.run(300);
    for (const { x, y } of fighters(campaign, 0))
      expect(Math.hypot(x - tiles(homeX), y - tiles(homeY))).toBeLessThan(tiles(8));
    expect(inWalls(campaign)).toEqual([]);
  });

  test("on one spot spreads until everybody has room", () => {
    const campaign = new Campaign({ army: 60, open: 1 });
    const all = fighters(campaign, 0);
    for (const { index } of all) campaign.place(index, 60, 60);
    campaign.run(200);
    const now = all.map(({ index }) => campaign.unit(index));
    for (const one of now)
      for (const other of now)
        if (one !== other) expect(apart(one, other), `${one.index}, ${other.index}`).toBeGreaterThan(0.45);
  });

  test("stands still once it stands", () => {
    const campaign = new Campaign({ army: 60, open: 1 });
    fighters(campaign, 0).forEach(({ index }, place) => {
      campaign.place(index, 60 + (place % 8) * 0.72, 60 + Math.floor(place / 8) * 0.72);
    });
    campaign.run(100);
    const before = fighters(campaign, 0);
    campaign.run(100);
    for (const unit of before) expect(apart(unit, campaign.unit(unit.index))).toBeLessThan(0.1);
  });
});

describe("flow fields", () => {
  test("of one seat are never taken by another", () => {
    const campaign = new Campaign({ players: 8, army: 4, open: 1 });
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.move(tiles(20), tiles(20));
      }),
    );
    const mine = campaign.world.units.field.at(fighters(campaign, 0)[0]!.index);
    for (let frame = 0; frame < 60; frame++) {
      const spam = input((commands) => {
        commands.selectKinds(FIGHTERS);
        for (let each = 0; each < 11; each++) commands.move(tiles(5 + frame), tiles(10 + each));
      });
      campaign.step(new Uint8Array(0), spam, spam, spam, spam, spam, spam, spam);
    }
    expect(campaign.world.fields[mine]).toMatchObject({ goalX: 20, goalY: 20 });
    expect(campaign.world.units.field.at(fighters(campaign, 0)[0]!.index)).toBe(mine);
  });

  const { east, south } = { east: [1, 1, 0, -1, -1, -1, 0, 1], south: [0, 1, 1, 1, 0, -1, -1, -1] };

  test("lead from everywhere to where the goal is in view, through no wall and around no corner's edge", () => {
    for (const seed of [1, 2, 3]) {
      const campaign = new Campaign({ army: 1, workers: 1, seed });
      campaign.step(
        input((commands) => {
          commands.selectKinds(FIGHTERS);
          commands.move(tiles(30), tiles(70));
        }),
      );
      campaign.run(60);
      const ways = [...campaign.world.fields[campaign.world.units.field.at(fighters(campaign, 0)[0]!.index)]!.ways];
      const walls = [...campaign.world.land.wall];
      const wayAt = (tile: number) => (ways[tile >> 1]! >> ((tile & 1) * 4)) & 15;
      const ends = new Map<number, boolean>();
      const arrives = (tile: number): boolean => {
        const way = wayAt(tile);
        if (way >= 8) return way === 8;
        const known = ends.get(tile);
        if (known !== undefined) return known;
        ends.set(tile, false); // until it is known: going in a circle is not arriving
        const [dx, dy] = [east[way]!, south[way]! * MAP];
        const open = [tile + dx + dy, tile + dx, tile + dy].every((each) => walls[each] === 0);
        const found = open && arrives(tile + dx + dy);
        ends.set(tile, found);
        return found;
      };
      const lost = walls.flatMap((wall, tile) => (wall === 0 && !arrives(tile) ? [tile] : []));
      expect(lost).toEqual([]);
      expect(ends.size).toBeGreaterThan(500);
    }
  });

  test("are followed in each of their eight directions", () => {
    for (let way = 0; way < 8; way++) {
      const campaign = new Campaign({ army: 1, workers: 1, open: 1 });
      const [{ index }] = fighters(campaign, 0) as [Unit];
      campaign.place(index, 64, 50);
      campaign.step(
        input((commands) => {
          commands.selectKinds(FIGHTERS);
          commands.move(tiles(10), tiles(100));
        }),
      );
      campaign.run(60);
      const field = campaign.world.units.field.at(index);
      for (let byte = 0; byte < (MAP * MAP) / 2; byte++) campaign.set(["fields", field, "ways", byte], way * 17);
      campaign.place(index, 64, 50, Order.Move);
      campaign.set(["units", "goalX", index], tiles(10));
      campaign.run(20);
      const { x, y } = campaign.unit(index);
      const step = (by: number) => (Math.abs(by) < 8 ? 0 : Math.sign(by));
      expect([step(x - tiles(64)), step(y - tiles(50))], `way ${way}`).toEqual([east[way], south[way]]);
    }
  });

  test("that no longer fit the map are made anew", () => {
    const campaign = new Campaign({ army: 1, open: 1, workers: 1 });
    const [unit] = fighters(campaign, 0);
    campaign.place(unit!.index, 50, 63.5);
    campaign.step(
      input((commands) => {
        commands.selectKinds(FIGHTERS);
        commands.move(tiles(70), tiles(63.5));
      }),
    );
    campaign.run(60);
    const field = campaign.world.fields[campaign.world.units.field.at(unit!.index)]!;
    expect(field.ways.at((63 * MAP + 60) >> 1) & 15).toBe(8);
    campaign.set(["land", "wall", 63 * MAP + 64], 1);
    campaign.set(["fields", campaign.world.units.field.at(unit!.index), "stale"], 1);
    campaign.run(60);
    expect(field.ways.at((63 * MAP + 62) >> 1) & 15).not.toBe(8);
    expect(field.stale).toBe(0);
  });
});

describe("targets", () => {
  test("who is told to move does not stop for enemies, who advances does", () => {
    const campaign = new Campaign({ army: 2, open: 1, workers: 1 });
    const [runner, fighter] = fighters(campaign, 0).map(({ index }) => index) as [number, number];
    const enemies = fighters(campaign, 1).map(({ index }) => index);
    campaign.place(runner, 50, 60, Order.Move);
    campaign.place(fighter, 50, 62, Order.Advance);
    for (const index of [runner, fighter]) campaign.set(["units", "goalX", index], tiles(70));
    enemies.forEach((index, place) => {
      campaign.place(index, 56, 59 + 4 * place, Order.Hold);
      campaign.set(["units", "health", index], 30_000);
    });
    campaign.run(100);
    expect(campaign.unit(runner).target).toBe(NOBODY);
    expect(campaign.unit(runner).x).toBeGreaterThan(tiles(58));
    expect(enemies).toContain(campaign.unit(fighter).target);
    expect(campaign.unit(fighter).x).toBeLessThan(tiles(58));
  });
});
