// What buildings do in a frame: train, research, shoot, and fall.
import { emit } from "../../sdk";
import { nearestEnemy } from "./crowd";
import { Researched } from "./events";
import { strike } from "./fight";
import { distance } from "./rows";
import { Kind, LEVELS_MAX, NOBODY, Order, QUEUE, Structure, UNITS, Upgrade } from "./rules";
import { buildingStats, UPGRADE_FRAMES, unitStats } from "./stats";
import { centreX, centreY, raze } from "./structures";
import { isFoe } from "./targets";
import { hasRoom, raiseBeside } from "./units";
import { sendToOre } from "./workers";
import { Building, Seat, world } from "./world";

/** A turret looks for somebody every so many frames. */
const LOOK_EVERY = 4;

export function runBuildings(): void {
  const end = <i32>world.buildingsEnd;
  for (let index = 0; index < end; index++) {
    const building = world.buildings.at(index);
    if (building.kind == Structure.None || building.unbuilt != 0) continue;
    if (building.queued != 0) train(building);
    else if (building.research != Upgrade.None) study(building);
    else if (building.kind == Structure.Turret) watch(building, index);
  }
}

/** After the blows of a frame, so that all of them were struck on the same picture. */
export function razeRuins(): void {
  let last = 0;
  const end = <i32>world.buildingsEnd;
  for (let index = 0; index < end; index++) {
    const building = world.buildings.at(index);
    if (building.kind == Structure.None) continue;
    if (building.health <= 0) raze(index);
    else last = index + 1;
  }
  world.buildingsEnd = <u8>last;
}

function train(building: Building): void {
  if (building.busy > 0) building.busy--;
  if (building.busy > 0 || !hasRoom(building.owner)) return;
  const kind: Kind = building.queue.get(0);
  // What finds no door or no room any more of a squad stays away.
  const squad = <i32>unitStats(kind).squad;
  let born = 0;
  while (born < squad && hasRoom(building.owner)) {
    const unit = raiseBeside(building, kind, born == 0);
    if (unit == UNITS) return;
    if (kind == Kind.Worker) sendToOre(unit);
    else muster(unit, building);
    born++;
  }
  building.queued--;
  for (let place = 0; place < QUEUE - 1; place++) building.queue.set(place, building.queue.get(place + 1));
  if (building.queued != 0) building.busy = <u16>unitStats(building.queue.get(0)).trainFrames;
}

/** A new fighter goes to the rally point, straight: that is near. */
function muster(unit: i32, building: Building): void {
  world.units.goalX.set(unit, building.rallyX);
  world.units.goalY.set(unit, building.rallyY);
  world.units.order.set(unit, <u8>Order.Advance);
}

function study(building: Building): void {
  if (building.busy > 0) building.busy--;
  if (building.busy > 0) return;
  const seat = world.seats.at(building.owner);
  const told = emit<Researched>();
  told.upgrade = <u8>building.research;
  told.level = <u8>(levelOf(seat, building.research) + 1);
  told.owner = building.owner;
  if (building.research == Upgrade.Blades) seat.blades++;
  else if (building.research == Upgrade.Plates) seat.plates++;
  else seat.tools++;
  building.research = Upgrade.None;
}

export function levelOf(seat: Seat, upgrade: i32): i32 {
  if (upgrade == Upgrade.Blades) return seat.blades;
  return upgrade == Upgrade.Plates ? seat.plates : seat.tools;
}

/** Begins a level, which no other forge of the seat works on. */
export function beginStudy(building: Building, upgrade: Upgrade): void {
  building.research = upgrade;
  building.busy = UPGRADE_FRAMES;
}

/** Whether a level is left and nobody works on this upgrade. */
export function canStudy(owner: i32, upgrade: i32): bool {
  if (levelOf(world.seats.at(owner), upgrade) >= LEVELS_MAX) return false;
  const end = <i32>world.buildingsEnd;
  for (let index = 0; index < end; index++) {
    const other = world.buildings.at(index);
    if (other.kind == Structure.Forge && <i32>other.owner == owner && other.research == upgrade) return false;
  }
  return true;
}

function watch(turret: Building, index: i32): void {
  const stats = buildingStats(Structure.Turret);
  const x = centreX(turret);
  const y = centreY(turret);
  if (turret.cool > 0) turret.cool--;
  const owner = <i32>turret.owner;
  if (((<i32>world.frame + index) & (LOOK_EVERY - 1)) == 0) turret.target = <u16>nearestEnemy(x, y, stats.range, owner);
  const target = <i32>turret.target;
  if (target == NOBODY || turret.cool > 0) return;
  if (!isFoe(target, owner)) {
    turret.target = <u16>NOBODY;
    return;
  }
  const units = world.units;
  if (distance(<i32>units.x.get(target) - x, <i32>units.y.get(target) - y) > <i32>stats.range) return;
  turret.cool = <u8>stats.reload;
  strike(0, owner, stats.damage, target, x, y);
}
