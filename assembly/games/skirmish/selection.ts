// Whom the next commands are for. The selection and seven groups are bits of each unit, since only its owner has any.
import { putU8, u8At, u16At } from "./rows";
import { Kind, UNITS } from "./rules";
import { world } from "./world";

const SELECTED = 1;
const GROUPS = 7;

/** Sets or clears the selected bit of all units of the seat, by whether they are of these kinds and inside the box. */
export function selectBox(seat: i32, kinds: i32, add: bool, x0: i32, y0: i32, x1: i32, y1: i32): void {
  const units = world.units;
  const rowX = changetype<usize>(units.x);
  const rowY = changetype<usize>(units.y);
  const left = min<i32>(x0, x1);
  const right = max<i32>(x0, x1);
  const top = min<i32>(y0, y1);
  const bottom = max<i32>(y0, y1);
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (!belongs(unit, seat)) continue;
    const x = u16At(rowX, unit);
    const y = u16At(rowY, unit);
    choose(unit, isOneOf(unit, kinds) && x >= left && x <= right && y >= top && y <= bottom, add);
  }
}

export function selectKinds(seat: i32, kinds: i32, add: bool): void {
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) if (belongs(unit, seat)) choose(unit, isOneOf(unit, kinds), add);
}

export function selectGroup(seat: i32, group: i32, add: bool): void {
  if (group < 1 || group > GROUPS) return;
  const groups = changetype<usize>(world.units.groups);
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++)
    if (belongs(unit, seat)) choose(unit, (u8At(groups, unit) & (1 << group)) != 0, add);
}

export function selectNone(seat: i32): void {
  selectKinds(seat, 0, false);
}

/** One more, if it is the seat's. */
export function selectUnit(seat: i32, unit: i32): void {
  if (unit < UNITS && belongs(unit, seat)) choose(unit, true, true);
}

/** The selection becomes the group, or joins it. */
export function setGroup(seat: i32, group: i32, add: bool): void {
  if (group < 1 || group > GROUPS) return;
  const groups = changetype<usize>(world.units.groups);
  const bit = 1 << group;
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (!belongs(unit, seat)) continue;
    const before = u8At(groups, unit);
    if ((before & SELECTED) != 0) putU8(groups, unit, before | bit);
    else if (!add) putU8(groups, unit, before & ~bit);
  }
}

/** Whether the unit is selected by this seat. */
export function isSelected(unit: i32, seat: i32): bool {
  return (u8At(changetype<usize>(world.units.groups), unit) & SELECTED) != 0 && belongs(unit, seat);
}

function belongs(unit: i32, seat: i32): bool {
  return (
    u8At(changetype<usize>(world.units.owner), unit) == seat &&
    u8At(changetype<usize>(world.units.kind), unit) != Kind.None
  );
}

function isOneOf(unit: i32, kinds: i32): bool {
  const kind = u8At(changetype<usize>(world.units.kind), unit);
  return (kinds & (1 << kind)) != 0;
}

function choose(unit: i32, chosen: bool, add: bool): void {
  const groups = changetype<usize>(world.units.groups);
  const before = u8At(groups, unit);
  if (chosen) putU8(groups, unit, before | SELECTED);
  else if (!add) putU8(groups, unit, before & ~SELECTED);
}
