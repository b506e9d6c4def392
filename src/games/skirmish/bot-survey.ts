// What a bot sees at one moment: its own people and houses, and of the others only what stands in cells it sees.
import { CELLS_ACROSS, Kind, MAP, Order, Structure } from "./rules.js";
import { UNIT_STATS } from "./stats.js";
import type { Building, World } from "./types.js";

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Someone extends Spot {
  readonly unit: number;
  readonly kind: number;
  readonly order: number;
}

/** An enemy building that was seen, until its place is seen without it. */
export interface House extends Spot {
  readonly index: number;
  readonly kind: number;
  readonly owner: number;
}

export class Survey {
  readonly seat: number;
  workers: Someone[] = [];
  fighters: Someone[] = [];
  enemies: (Someone & { readonly owner: number })[] = [];
  /** Own buildings by index. */
  houses: { readonly index: number; readonly building: Building }[] = [];
  readonly known = new Map<number, House>();
  #world: World | undefined;

  constructor(seat: number) {
    this.seat = seat;
  }

  look(world: World): void {
    this.#world = world;
    this.#lookAtUnits(world);
    this.#lookAtBuildings(world);
  }

  sees({ x, y }: Spot): boolean {
    return (this.#world!.land.seen.at((y >> 9) * CELLS_ACROSS + (x >> 9)) & (1 << this.seat)) !== 0;
  }

  knows({ x, y }: Spot): boolean {
    return (this.#world!.land.explored.at((y >> 9) * CELLS_ACROSS + (x >> 9)) & (1 << this.seat)) !== 0;
  }

  /** Own finished buildings of a kind. */
  standing(kind: number): { readonly index: number; readonly building: Building }[] {
    return this.houses.filter(({ building }) => building.kind === kind && building.unbuilt === 0);
  }

  count(kind: number): number {
    return this.houses.filter(({ building }) => building.kind === kind).length;
  }

  #lookAtUnits({ units, unitsEnd }: World): void {
    const { kind: kinds, owner: owners, x, y, order } = units;
    this.workers = [];
    this.fighters = [];
    this.enemies = [];
    for (let unit = 0; unit < unitsEnd; unit++) {
      const kind = kinds.at(unit);
      if (kind === Kind.None) continue;
      const owner = owners.at(unit);
      const someone = { unit, kind, x: x.at(unit), y: y.at(unit), order: Order.Idle as number };
      if (owner !== this.seat) {
        if (this.sees(someone)) this.enemies.push({ ...someone, owner });
        continue;
      }
      someone.order = order.at(unit);
      if (kind === Kind.Worker) this.workers.push(someone);
      else this.fighters.push(someone);
    }
  }

  #lookAtBuildings(world: World): void {
    this.houses = [];
    for (const house of [...this.known.values()]) if (this.sees(house)) this.known.delete(house.index);
    for (let index = 0; index < world.buildingsEnd; index++) {
      const building = world.buildings[index]!;
      if (building.kind === Structure.None) continue;
      if (building.owner === this.seat) this.houses.push({ index, building });
      else {
        const house = { index, kind: building.kind, owner: building.owner, ...middleOf(building) };
        if (this.sees(house)) this.known.set(index, house);
      }
    }
  }
}

export function middleOf({ tileX, tileY, kind }: Building): Spot {
  const size = kind === Structure.Base ? 4 : kind === Structure.Turret ? 2 : 3;
  return { x: tileX * 256 + size * 128, y: tileY * 256 + size * 128 };
}

export function distance(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** What fighters are worth together: a measure of who would win. */
export function strength(fighters: readonly { readonly kind: number }[]): number {
  return fighters.reduce((sum, { kind }) => sum + (kind === Kind.Worker ? 0 : UNIT_STATS[kind]!.worth), 0);
}

export function tileOf({ x, y }: Spot): number {
  return (y >> 8) * MAP + (x >> 8);
}
