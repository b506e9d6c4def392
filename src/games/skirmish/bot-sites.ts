// Where a bot builds: open ground near a place, with lanes left between the houses and around the ore.
import type { Survey } from "./bot-survey.js";
import { MAP, Structure, Terrain } from "./rules.js";
import { BUILDING_STATS } from "./stats.js";
import type { World } from "./types.js";

export interface Site {
  readonly tileX: number;
  readonly tileY: number;
}

const SEARCH = 16;
/** Free tiles around a house, so that armies get through. */
const LANE = 2;
/** Fields of ore are told apart by squares of so many tiles. */
const ORE_SQUARE = 8;
/** A base stands so far from the middle of its ore, or nearer. */
const ORE_NEAR = 8;
const NEW_BASE_APART = 12;

/** The first free site in growing rings around a tile, no nearer than `from` rings; undefined when there is none. */
export function siteNear(world: World, survey: Survey, structure: number, near: Site, from = 3): Site | undefined {
  for (let ring = from; ring <= SEARCH; ring++) {
    for (let step = 0; step < 8 * ring; step += 2) {
      const site = onRing(near, ring, step);
      if (isFree(world, survey, structure, site)) return site;
    }
  }
  return undefined;
}

/** Walks around the square of a ring. */
function onRing({ tileX, tileY }: Site, ring: number, step: number): Site {
  const along = (step % (2 * ring)) - ring;
  switch (Math.floor(step / (2 * ring))) {
    case 0:
      return { tileX: tileX + along, tileY: tileY - ring };
    case 1:
      return { tileX: tileX + ring, tileY: tileY + along };
    case 2:
      return { tileX: tileX - along, tileY: tileY + ring };
    default:
      return { tileX: tileX - ring, tileY: tileY - along };
  }
}

function isFree({ land }: World, survey: Survey, structure: number, { tileX, tileY }: Site): boolean {
  const { size } = BUILDING_STATS[structure]!;
  if (tileX < 2 || tileY < 2 || tileX + size > MAP - 2 || tileY + size > MAP - 2) return false;
  if (!survey.knows({ x: tileX * 256 + size * 128, y: tileY * 256 + size * 128 })) return false;
  const lane = structure === Structure.Turret ? 1 : LANE;
  for (let y = Math.max(tileY - lane, 0); y < Math.min(tileY + size + lane, MAP); y++) {
    for (let x = Math.max(tileX - lane, 0); x < Math.min(tileX + size + lane, MAP); x++) {
      const tile = y * MAP + x;
      if (land.built.at(tile) !== 0 || land.ore.at(tile) !== 0) return false;
      const covered = x >= tileX && y >= tileY && x < tileX + size && y < tileY + size;
      if (covered && land.terrain.at(tile) !== Terrain.Ground) return false;
    }
  }
  return true;
}

/** Fields of ore that the bot has seen: middles in tiles, and the loads that are left. */
export function oreFields({ land }: World, survey: Survey): (Site & { readonly loads: number })[] {
  const squares = new Map<number, { x: number; y: number; tiles: number; loads: number }>();
  for (let y = 1; y < MAP; y += 2) {
    for (let x = 1; x < MAP; x += 2) {
      const loads = land.ore.at(y * MAP + x);
      if (loads === 0 || !survey.knows({ x: x * 256, y: y * 256 })) continue;
      const key = Math.floor(y / ORE_SQUARE) * MAP + Math.floor(x / ORE_SQUARE);
      const square = squares.get(key) ?? { x: 0, y: 0, tiles: 0, loads: 0 };
      squares.set(key, {
        x: square.x + x,
        y: square.y + y,
        tiles: square.tiles + 1,
        loads: square.loads + 4 * loads,
      });
    }
  }
  return [...squares.values()].map(({ x, y, tiles, loads }) => ({
    tileX: Math.round(x / tiles),
    tileY: Math.round(y / tiles),
    loads,
  }));
}

/** Loads within a base's reach. */
export function loadsNear(fields: readonly (Site & { readonly loads: number })[], site: Site): number {
  return fields.reduce((sum, each) => sum + (apart(each, site) <= ORE_NEAR + 4 ? each.loads : 0), 0);
}

/** A site for another base: beside the richest ore that is near and that nobody has a base at. */
export function baseSite(world: World, survey: Survey, home: Site): Site | undefined {
  const bases = [
    ...survey.houses.filter(({ building }) => building.kind === Structure.Base).map(({ building }) => building),
    ...[...survey.known.values()].map(({ x, y }) => ({ tileX: x >> 8, tileY: y >> 8 })),
  ];
  const claims = oreFields(world, survey)
    .filter((field) => field.loads > 200 && bases.every((base) => apart(base, field) > NEW_BASE_APART))
    .map((field) => ({ field, claim: apart(field, home) - Math.min(field.loads, 2000) / 100 }))
    .sort((a, b) => a.claim - b.claim);
  for (const { field } of claims.slice(0, 3)) {
    const site = siteNear(world, survey, Structure.Base, field, 4);
    if (site !== undefined && apart(site, field) <= ORE_NEAR + 4) return site;
  }
  return undefined;
}

export function apart(a: Site, b: Site): number {
  return Math.max(Math.abs(a.tileX - b.tileX), Math.abs(a.tileY - b.tileY));
}
