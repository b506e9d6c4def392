// Blows: who has its target within reach strikes it. All strike on the same picture, since the dead fall only afterwards.
import { emit } from "../../sdk";
import { crowdOwner, crowdSize, STANDS, unitIn } from "./crowd";
import { Blow } from "./events";
import { distance, i16At, putI16, putU8, putU16, u8At, u16At } from "./rows";
import { FIRST_BUILDING, Kind, NOBODY } from "./rules";
import { BLADES_PERCENT, bonus, PLATES_PERCENT, unitStats } from "./stats";
import { centreX, centreY, targetBuilding } from "./structures";
import { distanceToBuilding, isFoe } from "./targets";
import { world } from "./world";

/** Blows told in one frame: what a page of events holds beside everything else. */
const BLOWS_TOLD: u16 = 96;

export function fight(): void {
  world.blows = 0;
  const units = world.units;
  const targets = changetype<usize>(units.target);
  const x = changetype<usize>(units.x);
  const y = changetype<usize>(units.y);
  const kinds = changetype<usize>(units.kind);
  const cool = changetype<usize>(units.cool);
  const count = crowdSize();
  for (let place = 0; place < count; place++) {
    const unit = unitIn(place);
    const waits = u8At(cool, unit);
    if (waits > 0) putU8(cool, unit, waits - 1);
    const target = u16At(targets, unit);
    if (target == NOBODY) continue;
    const owner = crowdOwner(place);
    if (!isFoe(target, owner)) {
      putU16(targets, unit, NOBODY);
      continue;
    }
    const kind = u8At(kinds, unit);
    const stats = unitStats(kind);
    const myX = i16At(x, unit);
    const myY = i16At(y, unit);
    const far =
      target < FIRST_BUILDING
        ? distance(i16At(x, target) - myX, i16At(y, target) - myY)
        : distanceToBuilding(target, myX, myY);
    if (far > <i32>stats.range) continue;
    putU8(STANDS, unit, 1);
    if (waits > 0) continue;
    putU8(cool, unit, stats.reload);
    strike(kind, owner, stats.damage, target, myX, myY);
  }
}

/** One blow, from wherever it comes. A kind of 0 is a turret. */
export function strike(kind: i32, owner: i32, damage: i32, target: i32, x: i32, y: i32): void {
  if (target >= FIRST_BUILDING) {
    const building = targetBuilding(target);
    const before = building.health;
    building.health = before - <i16>hurt(damage, kind, owner, 0, building.owner);
    tell(kind, owner, x, y, centreX(building), centreY(building));
    return;
  }
  const units = world.units;
  const health = changetype<usize>(units.health);
  const victim = u8At(changetype<usize>(units.kind), target);
  const victimOwner = u8At(changetype<usize>(units.owner), target);
  const before = i16At(health, target);
  const after = before - hurt(damage, kind, owner, victim, victimOwner);
  putI16(health, target, after);
  if (before > 0 && after <= 0) world.seats.at(owner).killed++;
  tell(kind, owner, x, y, units.x.get(target), units.y.get(target));
}

/** At least one point, whatever the plates. */
function hurt(damage: i32, kind: i32, owner: i32, victim: i32, victimOwner: i32): i32 {
  const sharp = 100 + <i32>world.seats.at(owner).blades * BLADES_PERCENT;
  // Walls wear no plates.
  const soft = victim == Kind.None ? 100 : 100 - <i32>world.seats.at(victimOwner).plates * PLATES_PERCENT;
  return max<i32>((damage * bonus(kind, victim) * sharp * soft) / 1000000, 1);
}

function tell(kind: i32, owner: i32, x: i32, y: i32, toX: i32, toY: i32): void {
  if (world.blows++ >= BLOWS_TOLD) return;
  const told = emit<Blow>();
  told.x = <i16>x;
  told.y = <i16>y;
  told.toX = <i16>toX;
  told.toY = <i16>toY;
  told.kind = <u8>kind;
  told.owner = <u8>owner;
}
