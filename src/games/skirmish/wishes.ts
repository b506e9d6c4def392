// What a person wants, kept until there is room for it in an input, and worked out from what he sees.
import { Commands, FIGHTERS, WORKERS } from "./commands.js";
import { Kind, MAP, Order, Structure, Terrain, TILE } from "./rules.js";
import { UPGRADE_COST } from "./stats.js";
import type { Building, Seat, World } from "./types.js";

/** Writes a command, and answers whether there was room for it. */
export type Wish = (commands: Commands) => boolean;

/** Wishes that wait at most: whoever clicks faster is not served for seconds afterwards. */
const WAITING_MOST = 48;
const PLACE_MOST = 32_767;

export class Wishes {
  readonly #commands = new Commands();
  #waiting: Wish[] = [];

  give(wish: Wish): void {
    if (this.#waiting.length < WAITING_MOST) this.#waiting.push(wish);
  }

  /** The input of one frame: as many commands as there is room for, in their order. */
  take(): Uint8Array {
    while (this.#waiting[0]?.(this.#commands) === true) this.#waiting.shift();
    return this.#commands.take();
  }

  clear(): void {
    this.#waiting = [];
  }
}

/** A place of the map as commands have it; `tiles` from the map's edge. */
export function length(tiles: number): number {
  return Math.max(0, Math.min(PLACE_MOST, Math.round(tiles * TILE)));
}

/** What is selected: how many of each kind. */
export function selectionOf(world: World, seat: number): readonly number[] {
  const { units, unitsEnd } = world;
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < unitsEnd; i++) {
    if ((units.groups.at(i) & 1) !== 0 && units.owner.at(i) === seat) counts[units.kind.at(i)]!++;
  }
  return counts;
}

/** Of the buildings that train this kind, the one that has least to do. */
export function trainerFor(world: World, seat: number, kind: number): number | undefined {
  const wanted = kind === Kind.Worker ? Structure.Base : Structure.Barracks;
  return leastBusy(world, seat, wanted, ({ queued }) => queued);
}

/** A forge without work. */
export function forgeFor(world: World, seat: number): number | undefined {
  const forge = leastBusy(world, seat, Structure.Forge, ({ research }) => research);
  return forge !== undefined && world.buildings[forge]!.research === 0 ? forge : undefined;
}

export function has(world: World, seat: number, structure: number): boolean {
  return leastBusy(world, seat, structure, () => 0) !== undefined;
}

function leastBusy(
  world: World,
  seat: number,
  structure: number,
  busy: (building: Building) => number,
): number | undefined {
  let best: number | undefined;
  for (const [slot, building] of world.buildings.entries()) {
    if (building.kind !== structure || building.owner !== seat || building.unbuilt > 0) continue;
    if (best === undefined || busy(building) < busy(world.buildings[best]!)) best = slot;
  }
  return best;
}

/** The worker who builds when none is selected: one near the place, rather one who has nothing to carry. */
export function builderFor(world: World, seat: number, tileX: number, tileY: number): number | undefined {
  const { units, unitsEnd } = world;
  let best: number | undefined;
  let least = Infinity;
  for (let i = 0; i < unitsEnd; i++) {
    if (units.kind.at(i) !== Kind.Worker || units.owner.at(i) !== seat || units.order.at(i) === Order.Build) continue;
    const far = Math.hypot(units.x.at(i) / TILE - tileX, units.y.at(i) / TILE - tileY) + (units.load.at(i) > 0 ? 4 : 0);
    if (far >= least) continue;
    least = far;
    best = i;
  }
  return best;
}

/** Whether a building of this size would stand on open ground, as the rules have it: within the map's rim, and on no ore. */
export function isFree({ land }: World, tileX: number, tileY: number, tiles: number): boolean {
  const { terrain, built, ore } = land;
  if (tileX < 1 || tileY < 1 || tileX + tiles >= MAP || tileY + tiles >= MAP) return false;
  for (let y = tileY; y < tileY + tiles; y++) {
    for (let x = tileX; x < tileX + tiles; x++) {
      const tile = y * MAP + x;
      if (terrain.at(tile) !== Terrain.Ground || built.at(tile) !== 0 || ore.at(tile) !== 0) return false;
    }
  }
  return true;
}

export function levelOf(seat: Seat, upgrade: number): number {
  return [0, seat.blades, seat.plates, seat.tools][upgrade]!;
}

export function upgradeCost(seat: Seat, upgrade: number): number {
  return UPGRADE_COST * (levelOf(seat, upgrade) + 1);
}

/** Fighters where there are some: whoever draws a box around his army does not mean the workers in it. */
export function kindsIn(kinds: readonly number[]): number {
  return kinds.some((kind) => kind !== Kind.Worker) ? FIGHTERS : WORKERS;
}
