// Whom a unit fights: the nearest enemy that comes near, a building when there is no one else, or whom it was told to.
import { cellOf, crowdOwner, crowdSize, crowdX, crowdY, nearestEnemy, unitIn } from "./crowd";
import { distance, i16At, putU16, u8At, u16At } from "./rows";
import { FIRST_BUILDING, Kind, NOBODY, Order, Structure } from "./rules";
import { buildingStats, unitStats } from "./stats";
import { centreX, centreY, isBuilding, outside, targetBuilding } from "./structures";
import { world } from "./world";

/** Enemies nearer than this are fought by whoever is free to. No more than everybody sees. */
export const AGGRESSION = 1280;
/** Each unit looks around every so many frames, a quarter of them in each. */
const LOOK_EVERY = 4;

export function choose(): void {
  const turn = <i32>(world.frame & (LOOK_EVERY - 1));
  const order = changetype<usize>(world.units.order);
  const target = changetype<usize>(world.units.target);
  const seen = changetype<usize>(world.land.seen);
  const count = crowdSize();
  for (let place = 0; place < count; place++) {
    const unit = unitIn(place);
    if ((unit & (LOOK_EVERY - 1)) != turn) continue;
    const about = u8At(order, unit);
    const owner = crowdOwner(place);
    if (about == Order.Attack || isEngaged(unit, owner)) continue;
    const strangers = u8At(seen, cellOf(unit)) & ~(1 << owner);
    const alert = about == Order.Idle || about == Order.Advance || about == Order.Hold;
    putU16(target, unit, alert && strangers != 0 ? nearest(crowdX(place), crowdY(place), owner) : NOBODY);
  }
}

/** Whoever has an enemy before its blade does not look for another one. */
function isEngaged(unit: i32, owner: i32): bool {
  const target = targetOf(unit);
  if (target >= FIRST_BUILDING || !isFoe(target, owner)) return false;
  return isWithinReach(unit, target);
}

/** Whether a unit can strike another one from where it stands. */
export function isWithinReach(unit: i32, target: i32): bool {
  const x = changetype<usize>(world.units.x);
  const y = changetype<usize>(world.units.y);
  const far = distance(i16At(x, target) - i16At(x, unit), i16At(y, target) - i16At(y, unit));
  return far <= <i32>unitStats(u8At(changetype<usize>(world.units.kind), unit)).range;
}

function nearest(x: i32, y: i32, owner: i32): i32 {
  const unit = nearestEnemy(x, y, AGGRESSION, owner);
  return unit == NOBODY ? nearestBuilding(x, y, owner) : unit;
}

function nearestBuilding(x: i32, y: i32, owner: i32): i32 {
  const end = <i32>world.buildingsEnd;
  let found = NOBODY;
  let least = AGGRESSION + 1;
  for (let index = 0; index < end; index++) {
    const building = world.buildings.at(index);
    if (building.kind == Structure.None || <i32>building.owner == owner) continue;
    const far = distanceToBuilding(FIRST_BUILDING + index, x, y);
    if (far >= least) continue;
    least = far;
    found = FIRST_BUILDING + index;
  }
  return found;
}

/** To the nearest point of its sides. */
export function distanceToBuilding(target: i32, x: i32, y: i32): i32 {
  const building = targetBuilding(target);
  const size = <i32>buildingStats(building.kind).size;
  return distance(outside(x, centreX(building), size), outside(y, centreY(building), size));
}

/** Whether the target is still there and still somebody else's. Another unit may have taken the place of a dead one. */
export function isFoe(target: i32, owner: i32): bool {
  if (isBuilding(target)) {
    const building = targetBuilding(target);
    return building.kind != Structure.None && <i32>building.owner != owner;
  }
  if (target >= FIRST_BUILDING) return false;
  return (
    u8At(changetype<usize>(world.units.kind), target) != Kind.None &&
    u8At(changetype<usize>(world.units.owner), target) != owner
  );
}

export function targetOf(unit: i32): i32 {
  return u16At(changetype<usize>(world.units.target), unit);
}
