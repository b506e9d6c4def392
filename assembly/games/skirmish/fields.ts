// Flow fields: who asks for one, which one he gets, and what they say. The flood next door fills them.
import { putU8, u8At } from "./rows";
import { FIELDS, FIRST_GOAL_FIELD, Field, Kind, MAP, NO_FIELD, ORE_FIELD } from "./rules";
import { FlowField, world } from "./world";

/** A way straight to the goal, which is in view. */
export const STRAIGHT = 8;
/** No way at all, or none known. */
export const NO_WAY = 15;

/** What field says of a tile: 0 to 7 clockwise from east, STRAIGHT or NO_WAY. */
export function wayTo(field: i32, tile: i32): i32 {
  const ways = changetype<usize>(world.fields.at(field).ways);
  return (u8At(ways, tile >> 1) >> ((tile & 1) << 2)) & 15;
}

/**
 * A field to this tile. Each seat has its own share of the fields, so that nobody can take the others' ways from them:
 * one that leads there already, or a free one, or the one asked for longest ago, whose followers go straight from now on.
 */
export function askField(seat: i32, tileX: i32, tileY: i32): i32 {
  const share = (FIELDS - FIRST_GOAL_FIELD) / max<i32>(world.players, 1);
  const begin = FIRST_GOAL_FIELD + seat * share;
  let oldest = begin;
  for (let index = begin; index < begin + share; index++) {
    const field = world.fields.at(index);
    if (field.state != Field.Free && <i32>field.goalX == tileX && <i32>field.goalY == tileY) {
      field.asked = world.frame;
      return index;
    }
    if (age(field) > age(world.fields.at(oldest))) oldest = index;
  }
  const field = world.fields.at(oldest);
  if (field.state != Field.Free) abandon(oldest);
  field.state = Field.Waiting;
  field.stale = 0;
  field.goalX = <u8>tileX;
  field.goalY = <u8>tileY;
  field.asked = world.frame;
  memory.fill(changetype<usize>(field.ways), 0xff, (MAP * MAP) / 2);
  if (<i32>world.flood.filling == oldest + 1) world.flood.filling = 0;
  return oldest;
}

function age(field: FlowField): u32 {
  return field.state == Field.Free ? 0xffffffff : world.frame - field.asked;
}

function abandon(index: i32): void {
  const kinds = changetype<usize>(world.units.kind);
  const fields = changetype<usize>(world.units.field);
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++) {
    if (u8At(fields, unit) == index && u8At(kinds, unit) != Kind.None) putU8(fields, unit, NO_FIELD);
  }
}

/** The map has changed: every field is looked at again, and meanwhile followed as it is. */
export function spoilFields(): void {
  for (let index = 0; index < FIELDS; index++) spoilField(index);
}

export function spoilField(index: i32): void {
  world.fields.at(index).stale = 1;
}

/** The ways home and to the ore lead to whatever there is. */
export function openCommonFields(): void {
  for (let index = 0; index < FIRST_GOAL_FIELD; index++) {
    if (index < ORE_FIELD && index >= <i32>world.players) continue;
    const field = world.fields.at(index);
    field.state = Field.Waiting;
    memory.fill(changetype<usize>(field.ways), 0xff, (MAP * MAP) / 2);
  }
}
