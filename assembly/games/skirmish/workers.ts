// Workers: they dig where there is ore, carry it to a base, and build.

import { emit } from "../../sdk";
import { STANDS } from "./crowd";
import { Built } from "./events";
import { spoilField, spoilFields } from "./fields";
import { distance, i16At, putU8, u8At } from "./rows";
import { BUILDINGS, FIRST_BUILDING, Kind, MAP, NO_FIELD, ORE_FIELD, Order, Structure } from "./rules";
import { buildingStats, DIG_FRAMES, LOAD, TOOLS_LOAD } from "./stats";
import { centreX, centreY, tileAt } from "./structures";
import { distanceToBuilding } from "./targets";
import { Building, world } from "./world";

/** A worker builds what it can touch. */
const REACH = 300;
/** So near to where it was sent a worker looks for ore by itself. */
const PROSPECTING = 768;
/** A builder who has not got on for so long in one day gives up. */
const LOST_FRAMES = 120;

export function work(): void {
  const units = world.units;
  const kinds = changetype<usize>(units.kind);
  const orders = changetype<usize>(units.order);
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (u8At(kinds, unit) != Kind.Worker) continue;
    switch (u8At(orders, unit)) {
      case Order.Gather:
        dig(unit);
        break;
      case Order.Return:
        deliver(unit);
        break;
      case Order.Build:
        build(unit);
        break;
      default:
    }
  }
}

/** Sends a worker to the ore nearest to it. */
export function sendToOre(unit: i32): void {
  const units = world.units;
  units.order.set(unit, <u8>(units.load.get(unit) != 0 ? Order.Return : Order.Gather));
  units.field.set(unit, <u8>(units.load.get(unit) != 0 ? <i32>units.owner.get(unit) : ORE_FIELD));
  units.work.set(unit, 0);
}

function dig(unit: i32): void {
  const units = world.units;
  const land = world.land;
  if (<i32>units.field.get(unit) != ORE_FIELD) {
    const dx = <i32>units.goalX.get(unit) - units.x.get(unit);
    const dy = <i32>units.goalY.get(unit) - units.y.get(unit);
    if (distance(dx, dy) < PROSPECTING || <i32>units.stuck.get(unit) > LOST_FRAMES)
      units.field.set(unit, <u8>ORE_FIELD);
    return;
  }
  const tile = tileAt(units.x.get(unit), units.y.get(unit));
  const ore = land.ore.get(tile);
  if (ore == 0) {
    units.work.set(unit, 0);
    return;
  }
  putU8(STANDS, unit, 1);
  const worked = <i32>units.work.get(unit) + 1;
  units.work.set(unit, <u16>worked);
  if (worked < DIG_FRAMES) return;
  land.ore.set(tile, ore - 1);
  if (ore == 1) spoilField(ORE_FIELD);
  const tools = <i32>world.seats.at(units.owner.get(unit)).tools;
  units.load.set(unit, <u8>(LOAD + tools * TOOLS_LOAD));
  sendToOre(unit);
}

function deliver(unit: i32): void {
  const units = world.units;
  const owner = units.owner.get(unit);
  const tile = tileAt(units.x.get(unit), units.y.get(unit));
  if (!isBaseOf(owner, tile + 1) && !isBaseOf(owner, tile - 1) && !isBaseOf(owner, tile + MAP)) {
    if (!isBaseOf(owner, tile - MAP)) return;
  }
  const seat = world.seats.at(owner);
  seat.ore += units.load.get(unit);
  seat.gathered += units.load.get(unit);
  units.load.set(unit, 0);
  sendToOre(unit);
}

function isBaseOf(owner: u8, tile: i32): bool {
  const covered = <i32>world.land.built.get(tile);
  if (covered == 0) return false;
  const building = world.buildings.at(covered - 1);
  return building.kind == Structure.Base && building.owner == owner && building.unbuilt == 0;
}

function build(unit: i32): void {
  const units = world.units;
  const index = <i32>units.work.get(unit);
  const owner = units.owner.get(unit);
  const building = world.buildings.at(min<i32>(index, BUILDINGS - 1));
  if (building.kind == Structure.None || building.owner != owner || building.unbuilt == 0) {
    sendToOre(unit);
    return;
  }
  if (distanceToBuilding(FIRST_BUILDING + index, units.x.get(unit), units.y.get(unit)) > REACH) {
    if (<i32>units.stuck.get(unit) > LOST_FRAMES) units.field.set(unit, <u8>NO_FIELD);
    return;
  }
  putU8(STANDS, unit, 1);
  raiseWalls(building);
}

/** One frame of one worker's work. */
function raiseWalls(building: Building): void {
  const stats = buildingStats(building.kind);
  building.unbuilt--;
  // What the foundation lacks is added evenly; the last frame makes it whole where it was not attacked.
  const before = (<i32>stats.health * 3 * (<i32>building.unbuilt + 1)) / (4 * <i32>stats.buildFrames);
  const after = (<i32>stats.health * 3 * <i32>building.unbuilt) / (4 * <i32>stats.buildFrames);
  building.health = <i16>min<i32>(<i32>building.health + before - after, stats.health);
  if (building.unbuilt != 0) return;
  if (building.kind == Structure.Base) spoilFields();
  const told = emit<Built>();
  told.x = <i16>centreX(building);
  told.y = <i16>centreY(building);
  told.structure = <u8>building.kind;
  told.owner = building.owner;
}

/** The worker of a seat's selection that is nearest to a place, or the end of the units when it has none. */
export function nearestWorker(seat: i32, x: i32, y: i32): i32 {
  const units = world.units;
  const kinds = changetype<usize>(units.kind);
  const owners = changetype<usize>(units.owner);
  const groups = changetype<usize>(units.groups);
  const end = <i32>world.unitsEnd;
  let found = end;
  let least = i32.MAX_VALUE;
  for (let unit = 0; unit < end; unit++) {
    if ((u8At(groups, unit) & 1) == 0 || u8At(kinds, unit) != Kind.Worker || u8At(owners, unit) != seat) continue;
    const far = distance(i16At(changetype<usize>(units.x), unit) - x, i16At(changetype<usize>(units.y), unit) - y);
    if (far >= least) continue;
    least = far;
    found = unit;
  }
  return found;
}
