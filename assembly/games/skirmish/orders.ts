// What the selected units are told: where to go, whom to fight, where to dig, to stay.
import { askField } from "./fields";
import { putI16, putU8, putU16, u8At, u16At } from "./rows";
import { FIRST_BUILDING, Kind, MAP, NO_FIELD, NOBODY, Order, TILE } from "./rules";
import { isSelected } from "./selection";
import { sees } from "./sight";
import { centreX, centreY, isBuilding, targetBuilding, tileAt } from "./structures";
import { isFoe } from "./targets";
import { sendToOre } from "./workers";
import { world } from "./world";

/** A goal inside a wall becomes the nearest open tile within so many. */
const LOOK_AROUND = 12;

/** The selection goes to a place, and there stands about as it stood before. */
export function goTo(seat: i32, order: Order, x: i32, y: i32): void {
  const goal = openTileNear(tileAt(x, y));
  const moved = goal != tileAt(x, y);
  const goalX = moved ? (goal & (MAP - 1)) * TILE + TILE / 2 : x;
  const goalY = moved ? (goal / MAP) * TILE + TILE / 2 : y;
  const end = <i32>world.unitsEnd;
  const rowX = changetype<usize>(world.units.x);
  const rowY = changetype<usize>(world.units.y);
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let unit = 0; unit < end; unit++) {
    if (!isSelected(unit, seat)) continue;
    count++;
    sumX += u16At(rowX, unit);
    sumY += u16At(rowY, unit);
  }
  if (count == 0) return;
  const middleX = sumX / count;
  const middleY = sumY / count;
  let widest = 1;
  for (let unit = 0; unit < end; unit++) {
    if (!isSelected(unit, seat)) continue;
    widest = max<i32>(widest, abs<i32>(u16At(rowX, unit) - middleX));
    widest = max<i32>(widest, abs<i32>(u16At(rowY, unit) - middleY));
  }
  // The square that so many take up standing close together; a wider formation is drawn together, none is spread.
  const side = min<i32>(rootOf(count) * 100, widest);
  const field = askField(seat, goal & (MAP - 1), goal / MAP);
  for (let unit = 0; unit < end; unit++) {
    if (!isSelected(unit, seat)) continue;
    const toX = goalX + ((u16At(rowX, unit) - middleX) * side) / widest;
    const toY = goalY + ((u16At(rowY, unit) - middleY) * side) / widest;
    if (isOpen(toX, toY)) send(unit, order, toX, toY, field);
    else send(unit, order, goalX, goalY, field);
  }
}

function send(unit: i32, order: Order, x: i32, y: i32, field: i32): void {
  const units = world.units;
  putI16(changetype<usize>(units.goalX), unit, x);
  putI16(changetype<usize>(units.goalY), unit, y);
  putU8(changetype<usize>(units.order), unit, order);
  putU8(changetype<usize>(units.field), unit, field);
  putU8(changetype<usize>(units.stuck), unit, 0);
  putU16(changetype<usize>(units.target), unit, NOBODY);
  putU16(changetype<usize>(units.work), unit, 0);
}

function isOpen(x: i32, y: i32): bool {
  if (x < TILE || y < TILE || x >= (MAP - 1) * TILE || y >= (MAP - 1) * TILE) return false;
  return world.land.wall.get(tileAt(x, y)) == 0;
}

/** The tile itself, or the first open one in the squares around it. */
function openTileNear(tile: i32): i32 {
  const land = world.land;
  if (land.wall.get(tile) == 0) return tile;
  const middleX = tile & (MAP - 1);
  const middleY = tile / MAP;
  for (let ring = 1; ring <= LOOK_AROUND; ring++) {
    for (let y = max<i32>(middleY - ring, 0); y <= min<i32>(middleY + ring, MAP - 1); y++) {
      for (let x = max<i32>(middleX - ring, 0); x <= min<i32>(middleX + ring, MAP - 1); x++) {
        if (land.wall.get(y * MAP + x) == 0) return y * MAP + x;
      }
    }
  }
  return tile;
}

/** The whole root of a count. */
function rootOf(count: i32): i32 {
  let root = 0;
  while ((root + 1) * (root + 1) <= count) root++;
  return root;
}

/** The selected fighters go for one enemy that the seat sees. */
export function attack(seat: i32, target: i32): void {
  if (target == NOBODY || !isFoe(target, seat)) return;
  const units = world.units;
  const building = isBuilding(target);
  const x = building ? centreX(targetBuilding(target)) : u16At(changetype<usize>(units.x), target);
  const y = building ? centreY(targetBuilding(target)) : u16At(changetype<usize>(units.y), target);
  if (!sees(seat, x, y)) return;
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (!isSelected(unit, seat)) continue;
    send(unit, Order.Attack, x, y, NO_FIELD);
    putU16(changetype<usize>(units.target), unit, target);
  }
}

/** The selection stays where it is, ready to fight: idle ones step out of the line for it, holding ones do not. */
export function rest(seat: i32, order: Order): void {
  const units = world.units;
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (!isSelected(unit, seat)) continue;
    const x = u16At(changetype<usize>(units.x), unit);
    const y = u16At(changetype<usize>(units.y), unit);
    send(unit, order, x, y, NO_FIELD);
  }
}

/** The selected workers dig near a place, or where they are when ore is there. */
export function gatherOre(seat: i32, x: i32, y: i32): void {
  const goal = openTileNear(tileAt(x, y));
  const kinds = changetype<usize>(world.units.kind);
  const end = <i32>world.unitsEnd;
  let field = NO_FIELD;
  for (let unit = 0; unit < end; unit++) {
    if (u8At(kinds, unit) != Kind.Worker || !isSelected(unit, seat)) continue;
    if (field == NO_FIELD) field = askField(seat, goal & (MAP - 1), goal / MAP);
    send(unit, Order.Gather, (goal & (MAP - 1)) * TILE + TILE / 2, (goal / MAP) * TILE + TILE / 2, field);
    if (world.units.load.get(unit) != 0) sendToOre(unit);
  }
}

/** One worker goes to a building that is to be built. */
export function sendToBuild(unit: i32, index: i32): void {
  const building = world.buildings.at(index);
  const seat = <i32>building.owner;
  const x = centreX(building);
  const y = centreY(building);
  send(unit, Order.Build, x, y, askField(seat, x >> 8, y >> 8));
  putU16(changetype<usize>(world.units.work), unit, index);
}

/** Whether a number names a unit or a building at all. */
export function isTarget(target: i32): bool {
  return target < FIRST_BUILDING || isBuilding(target);
}
