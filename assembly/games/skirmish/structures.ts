// Buildings on the map: where one may stand, what it covers, and how it goes.
import { emit } from "../../sdk";
import { Founded, Razed } from "./events";
import { spoilFields } from "./fields";
import { BUILDINGS, FIRST_BUILDING, MAP, NOBODY, Structure, Terrain, TILE, Upgrade } from "./rules";
import { buildingStats } from "./stats";
import { Building, world } from "./world";

export function tileAt(x: i32, y: i32): i32 {
  return (y >> 8) * MAP + (x >> 8);
}

export function centreX(building: Building): i32 {
  return <i32>building.tileX * TILE + <i32>buildingStats(building.kind).size * (TILE / 2);
}

export function centreY(building: Building): i32 {
  return <i32>building.tileY * TILE + <i32>buildingStats(building.kind).size * (TILE / 2);
}

/** How far one coordinate is outside of the building's side around its centre, with its sign; 0 beside it. */
export function outside(at: i32, centre: i32, size: i32): i32 {
  const half = size * (TILE / 2);
  const from = at - centre;
  return from > half ? from - half : from < -half ? from + half : 0;
}

/** Whether all tiles of a new building are on the map, free, and without ore. */
export function fits(structure: i32, tileX: i32, tileY: i32): bool {
  const size = <i32>buildingStats(structure).size;
  if (tileX < 1 || tileY < 1 || tileX + size >= MAP || tileY + size >= MAP) return false;
  const land = world.land;
  for (let y = tileY; y < tileY + size; y++) {
    for (let x = tileX; x < tileX + size; x++) {
      const tile = y * MAP + x;
      if (land.terrain.get(tile) != Terrain.Ground || land.ore.get(tile) != 0 || land.built.get(tile) != 0)
        return false;
    }
  }
  return true;
}

/** Puts a building there, which fits; unbuilt as long as work is to be done. Answers its place, or BUILDINGS when all are taken. */
export function found(structure: Structure, owner: i32, tileX: i32, tileY: i32, unbuilt: i32): i32 {
  let index = 0;
  while (index < BUILDINGS && world.buildings.at(index).kind != Structure.None) index++;
  if (index == BUILDINGS) return index;
  const stats = buildingStats(structure);
  const building = world.buildings.at(index);
  building.kind = structure;
  building.owner = <u8>owner;
  building.tileX = <u8>tileX;
  building.tileY = <u8>tileY;
  building.unbuilt = <u16>unbuilt;
  // A foundation is frail; the work on it adds the rest.
  building.health = unbuilt == 0 ? stats.health : <i16>(<i32>stats.health / 4);
  building.queued = 0;
  building.busy = 0;
  building.cool = 0;
  building.research = Upgrade.None;
  building.target = <u16>NOBODY;
  building.rallyX = <i16>centreX(building);
  building.rallyY = <i16>(centreY(building) + (<i32>stats.size + 3) * (TILE / 2));
  if (index >= <i32>world.buildingsEnd) world.buildingsEnd = <u8>(index + 1);
  cover(building, index + 1);
  const seat = world.seats.at(owner);
  seat.buildings++;
  if (structure == Structure.Base) seat.bases++;
  const told = emit<Founded>();
  told.x = <i16>centreX(building);
  told.y = <i16>centreY(building);
  told.structure = <u8>structure;
  told.owner = <u8>owner;
  return index;
}

export function raze(index: i32): void {
  const building = world.buildings.at(index);
  const seat = world.seats.at(building.owner);
  const told = emit<Razed>();
  told.x = <i16>centreX(building);
  told.y = <i16>centreY(building);
  told.structure = <u8>building.kind;
  told.owner = building.owner;
  seat.buildings--;
  if (building.kind == Structure.Base) seat.bases--;
  cover(building, 0);
  building.kind = Structure.None;
}

/** Writes on the map who covers the building's tiles: 1 + its index, or nobody. */
function cover(building: Building, by: i32): void {
  const land = world.land;
  const size = <i32>buildingStats(building.kind).size;
  for (let y = <i32>building.tileY; y < <i32>building.tileY + size; y++) {
    for (let x = <i32>building.tileX; x < <i32>building.tileX + size; x++) {
      land.built.set(y * MAP + x, <u8>by);
      land.wall.set(y * MAP + x, by != 0 ? 1 : 0);
    }
  }
  spoilFields();
}

/** The building behind a target, whose kind is None when it is gone. */
export function targetBuilding(target: i32): Building {
  return world.buildings.at(target - FIRST_BUILDING);
}

export function isBuilding(target: i32): bool {
  return target >= FIRST_BUILDING && target < FIRST_BUILDING + BUILDINGS;
}
