// How units move: towards what they want, away from those who are too near, and never into a wall.
import { crowdSize, pressure, STANDS, unitIn } from "./crowd";
import { wayTo } from "./fields";
import { distance, i16At, putI16, putU8, u8At, u16At } from "./rows";
import { FIRST_BUILDING, NO_FIELD, NOBODY, Order } from "./rules";
import { unitStats } from "./stats";
import { centreX, centreY, targetBuilding, tileAt } from "./structures";
import { world } from "./world";

/** Units nearer than this push each other apart. */
const SPACING = 176;
/** Whoever is so near to its goal has arrived; twice the way of the fastest unit in a frame. */
const ARRIVAL = 112;
/** Who stands in a crowd this near to the goal for so long has arrived as well. */
const CROWDED_ARRIVAL = 1792;
const CROWDED_FRAMES = 10;
/** An idle unit leaves its post for an enemy, but not further than this. */
const LEASH = 1792;
/** An idle unit that was pushed or lured so far away goes back. */
const STRAYED = 640;
/** The speed nobody exceeds, however hard it is pushed: it must not jump over a wall. */
const SPEED_MAX = 900;
const EAST_END = 32767 - 64;
const WEST_END = 64;

/** Cosine and sine of the eight ways, clockwise from east, in 256ths. */
const COSINES: usize = memory.data<i16>([256, 181, 0, -181, -256, -181, 0, 181]);
const SINES: usize = memory.data<i16>([0, 181, 256, 181, 0, -181, -256, -181]);

export function march(): void {
  const count = crowdSize();
  for (let place = 0; place < count; place++) {
    const unit = unitIn(place);
    const wish = u8At(STANDS, unit) != 0 ? 0 : wishOf(unit);
    move(unit, wish, pressure(place, SPACING));
  }
}

/** The velocity a unit wants, y above x in 16 bits each. */
function wishOf(unit: i32): i32 {
  const units = world.units;
  const order = u8At(changetype<usize>(units.order), unit);
  const target = u16At(changetype<usize>(units.target), unit);
  if (order == Order.Hold) return 0;
  const speed = <i32>unitStats(u8At(changetype<usize>(units.kind), unit)).speed;
  if (order == Order.Idle) return target == NOBODY ? wait(unit) : guard(unit, target, speed);
  if (order == Order.Advance && target != NOBODY) return chase(unit, target, speed);
  if (order == Order.Attack) {
    if (target != NOBODY) return chase(unit, target, speed);
    halt(unit);
    return 0;
  }
  if (order <= Order.Advance && hasArrived(unit)) {
    halt(unit);
    return 0;
  }
  return follow(unit, speed);
}

/** Stands where it is; from now on this is its post. */
function halt(unit: i32): void {
  const units = world.units;
  putU8(changetype<usize>(units.order), unit, Order.Idle);
  putU8(changetype<usize>(units.field), unit, NO_FIELD);
  putU8(changetype<usize>(units.stuck), unit, 0);
  putI16(changetype<usize>(units.goalX), unit, i16At(changetype<usize>(units.x), unit));
  putI16(changetype<usize>(units.goalY), unit, i16At(changetype<usize>(units.y), unit));
}

function distanceToGoal(unit: i32): i32 {
  const units = world.units;
  const dx = i16At(changetype<usize>(units.goalX), unit) - i16At(changetype<usize>(units.x), unit);
  const dy = i16At(changetype<usize>(units.goalY), unit) - i16At(changetype<usize>(units.y), unit);
  return distance(dx, dy);
}

function wait(unit: i32): i32 {
  if (distanceToGoal(unit) > STRAYED) putU8(changetype<usize>(world.units.order), unit, Order.Advance);
  return 0;
}

function guard(unit: i32, target: i32, speed: i32): i32 {
  return distanceToGoal(unit) > LEASH ? 0 : chase(unit, target, speed);
}

function chase(unit: i32, target: i32, speed: i32): i32 {
  const units = world.units;
  if (target < FIRST_BUILDING)
    return straight(unit, i16At(changetype<usize>(units.x), target), i16At(changetype<usize>(units.y), target), speed);
  const building = targetBuilding(target);
  return straight(unit, centreX(building), centreY(building), speed);
}

function hasArrived(unit: i32): bool {
  const far = distanceToGoal(unit);
  if (far < ARRIVAL) return true;
  return far < CROWDED_ARRIVAL && u8At(changetype<usize>(world.units.stuck), unit) > CROWDED_FRAMES;
}

/** Along the flow field, or straight ahead where there is none or where it has the goal in view. */
function follow(unit: i32, speed: i32): i32 {
  const units = world.units;
  const field = u8At(changetype<usize>(units.field), unit);
  if (field != NO_FIELD) {
    const tile = tileAt(i16At(changetype<usize>(units.x), unit), i16At(changetype<usize>(units.y), unit));
    const way = wayTo(field, tile);
    if (way < 8) return join((i16At(COSINES, way) * speed) >> 8, (i16At(SINES, way) * speed) >> 8);
  }
  return straight(
    unit,
    i16At(changetype<usize>(units.goalX), unit),
    i16At(changetype<usize>(units.goalY), unit),
    speed,
  );
}

function straight(unit: i32, toX: i32, toY: i32, speed: i32): i32 {
  const dx = toX - i16At(changetype<usize>(world.units.x), unit);
  const dy = toY - i16At(changetype<usize>(world.units.y), unit);
  const far = distance(dx, dy);
  if (far == 0) return 0;
  const share = (speed << 8) / far;
  return join((dx * share) >> 8, (dy * share) >> 8);
}

function join(x: i32, y: i32): i32 {
  return (y << 16) | (x & 0xffff);
}

/** The velocity bends a quarter of the way to what is wanted in each frame, and at once to what pushes. */
function move(unit: i32, wish: i32, push: i32): void {
  const units = world.units;
  const rowVx = changetype<usize>(units.vx);
  const rowVy = changetype<usize>(units.vy);
  const oldX = i16At(rowVx, unit);
  const oldY = i16At(rowVy, unit);
  const wishX = <i32>(<i16>wish);
  const wishY = wish >> 16;
  const vx = limit(oldX + ((wishX - oldX) >> 2) + <i32>(<i16>push));
  const vy = limit(oldY + ((wishY - oldY) >> 2) + (push >> 16));
  putI16(rowVx, unit, vx);
  putI16(rowVy, unit, vy);
  remember(unit, wish, abs<i32>(vx) + abs<i32>(vy));
  walk(unit, (vx + 8) >> 4, (vy + 8) >> 4);
}

function limit(speed: i32): i32 {
  return min<i32>(max<i32>(speed, -SPEED_MAX), SPEED_MAX);
}

/** Counts the frames in which a unit wanted to get on and hardly did. */
function remember(unit: i32, wish: i32, speed: i32): void {
  const row = changetype<usize>(world.units.stuck);
  if (wish == 0) return;
  const stuck = u8At(row, unit);
  const wanted = abs<i32>(<i32>(<i16>wish)) + abs<i32>(wish >> 16);
  if (speed * 3 > wanted) {
    if (stuck != 0) putU8(row, unit, stuck - 1);
  } else if (stuck < 255) putU8(row, unit, stuck + 1);
}

/** Takes the step, or the part of it along a wall that is in the way. */
function walk(unit: i32, stepX: i32, stepY: i32): void {
  if ((stepX | stepY) == 0) return;
  const units = world.units;
  const rowX = changetype<usize>(units.x);
  const rowY = changetype<usize>(units.y);
  const wall = changetype<usize>(world.land.wall);
  const x = i16At(rowX, unit);
  const y = i16At(rowY, unit);
  let newX = min<i32>(max<i32>(x + stepX, WEST_END), EAST_END);
  let newY = min<i32>(max<i32>(y + stepY, WEST_END), EAST_END);
  const from = tileAt(x, y);
  const to = tileAt(newX, newY);
  // Whoever is inside a wall, because it was built around him, may walk out of it.
  if (to != from && u8At(wall, to) != 0 && u8At(wall, from) == 0) {
    if (u8At(wall, tileAt(newX, y)) == 0) {
      newY = y;
      putI16(changetype<usize>(units.vy), unit, 0);
    } else {
      newX = x;
      putI16(changetype<usize>(units.vx), unit, 0);
      if (u8At(wall, tileAt(x, newY)) != 0) {
        newY = y;
        putI16(changetype<usize>(units.vy), unit, 0);
      }
    }
  }
  putI16(rowX, unit, newX);
  putI16(rowY, unit, newY);
}
