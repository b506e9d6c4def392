// What costs ore: buildings, units and research, asked for by commands and paid at once.
import { emit } from "../../sdk";
import { TooPoor } from "./events";
import { sendToBuild } from "./orders";
import { BUILDINGS, MAP, QUEUE, SEATS, Structure, TILE, Upgrade } from "./rules";
import { knows } from "./sight";
import { buildingStats, isStructure, isUpgrade, trains, UPGRADE_COST, unitStats } from "./stats";
import { centreX, centreY, fits, found } from "./structures";
import { nearestWorker } from "./workers";
import { beginStudy, canStudy, levelOf } from "./works";
import { Building, world } from "./world";

/** Each seat has its share of the places, so that nobody can build the others out of the game. */
const BUILDINGS_EACH = BUILDINGS / SEATS;

/** Takes the price, if it is there. */
function pay(seat: i32, price: i32): bool {
  const purse = world.seats.at(seat);
  if (purse.ore < price) {
    emit<TooPoor>().owner = <u8>seat;
    return false;
  }
  purse.ore -= price;
  return true;
}

/** The nearest selected worker founds a building on ground that the seat has seen, or goes on with one founded there. */
export function buildHere(seat: i32, structure: i32, tileX: i32, tileY: i32): void {
  if (!isStructure(structure) || tileX >= MAP || tileY >= MAP) return;
  if (resume(seat, structure, tileY * MAP + tileX)) return;
  if (<i32>world.seats.at(seat).buildings >= BUILDINGS_EACH) return;
  const stats = buildingStats(structure);
  const x = tileX * TILE + <i32>stats.size * (TILE / 2);
  const y = tileY * TILE + <i32>stats.size * (TILE / 2);
  if (!fits(structure, tileX, tileY) || !knows(seat, x, y)) return;
  const worker = nearestWorker(seat, x, y);
  if (worker == <i32>world.unitsEnd || !pay(seat, stats.cost)) return;
  const index = found(structure, seat, tileX, tileY, stats.buildFrames);
  if (index < BUILDINGS) sendToBuild(worker, index);
}

/** Whether this tile belongs to an unfinished building of the kind, which then gets another builder. */
function resume(seat: i32, structure: i32, tile: i32): bool {
  const index = <i32>world.land.built.get(tile) - 1;
  if (index < 0) return false;
  const building = world.buildings.at(index);
  if (<i32>building.owner != seat || <i32>building.kind != structure || building.unbuilt == 0) return false;
  const worker = nearestWorker(seat, centreX(building), centreY(building));
  if (worker != <i32>world.unitsEnd) sendToBuild(worker, index);
  return true;
}

/** A finished building of the seat, of this kind; any kind for None. */
function isOwn(seat: i32, index: i32, structure: Structure): bool {
  if (index >= BUILDINGS) return false;
  const building = world.buildings.at(index);
  if (building.kind == Structure.None || <i32>building.owner != seat || building.unbuilt != 0) return false;
  return structure == Structure.None || building.kind == structure;
}

export function trainUnit(seat: i32, index: i32, kind: i32): void {
  if (!isOwn(seat, index, Structure.None)) return;
  const building = world.buildings.at(index);
  if (!trains(building.kind, kind) || <i32>building.queued == QUEUE) return;
  if (!pay(seat, unitStats(kind).cost)) return;
  building.queue.set(building.queued, <u8>kind);
  building.queued++;
  if (building.queued == 1) building.busy = <u16>unitStats(kind).trainFrames;
}

export function research(seat: i32, index: i32, upgrade: i32): void {
  if (!isOwn(seat, index, Structure.Forge) || !isUpgrade(upgrade)) return;
  const forge: Building = world.buildings.at(index);
  if (forge.research != Upgrade.None || !canStudy(seat, upgrade)) return;
  if (pay(seat, UPGRADE_COST * (levelOf(world.seats.at(seat), upgrade) + 1))) beginStudy(forge, upgrade);
}

export function rally(seat: i32, index: i32, x: i32, y: i32): void {
  if (!isOwn(seat, index, Structure.None)) return;
  const building = world.buildings.at(index);
  building.rallyX = <i16>x;
  building.rallyY = <i16>y;
}
