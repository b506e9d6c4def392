// A strategy step in floats: a thousand units look for their nearest enemy, walk to it, keep apart and strike. Scalar f32.
import { arena, inputOf, Numbers, numbers, Slots, slots } from "../../assembly/sdk";

const UNITS: i32 = 1000;
/** Cells of the grid, each as wide as a unit sees. */
const ACROSS: i32 = 32;
const CELLS: i32 = ACROSS * ACROSS;
const CELL: f32 = 4;
const SIZE: f32 = CELL * <f32>ACROSS;

const SIGHT: f32 = CELL;
const APART: f32 = 1.2;
const REACH: f32 = 1.5;
const SPEED: f32 = 0.08;
const DRAG: f32 = 0.9;

@input
export class Orders {
  x: f32;
  y: f32;
}
@state
export class Unit {
  x: f32;
  y: f32;
  vx: f32;
  vy: f32;
  health: f32;
  reload: f32;
  damage: f32;
  side: i32;
}
@state
export class World {
  frame: u32;
  starts: Numbers<i32> = numbers<i32>(1025);
  order: Numbers<i32> = numbers<i32>(1000);
  cells: Numbers<i32> = numbers<i32>(1000);
  units: Slots<Unit> = slots<Unit>(1000);
}
export const world = arena<World>();

export function init(): void {
  let seed: u32 = 1;
  for (let i = 0; i < UNITS; i++) {
    const me = world.units.at(i);
    seed = seed * 1664525 + 1013904223;
    me.x = <f32>(seed >>> 8) * (SIZE / 16777216.0);
    seed = seed * 1664525 + 1013904223;
    me.y = <f32>(seed >>> 8) * (SIZE / 16777216.0);
    me.side = i & 1;
    me.health = 100;
  }
}

export function step(): void {
  sort();
  for (let i = 0; i < UNITS; i++) think(world.units.at(i), i);
  for (let i = 0; i < UNITS; i++) move(world.units.at(i));
  world.frame++;
}

/** Units by cell: counts, their sums, and every unit to its place. */
function sort(): void {
  const starts = changetype<usize>(world.starts);
  const order = changetype<usize>(world.order);
  const cells = changetype<usize>(world.cells);
  memory.fill(starts, 0, 4 * (CELLS + 1));
  for (let i = 0; i < UNITS; i++) {
    const me = world.units.at(i);
    const cell = column(me.y) * ACROSS + column(me.x);
    store<i32>(cells + 4 * <usize>i, cell);
    const at = starts + 4 * <usize>cell;
    store<i32>(at, load<i32>(at) + 1);
  }
  let sum = 0;
  for (let cell = 0; cell <= CELLS; cell++) {
    sum += load<i32>(starts + 4 * <usize>cell);
    store<i32>(starts + 4 * <usize>cell, sum);
  }
  for (let i = UNITS - 1; i >= 0; i--) {
    const at = starts + 4 * <usize>load<i32>(cells + 4 * <usize>i);
    const place = load<i32>(at) - 1;
    store<i32>(at, place);
    store<i32>(order + 4 * <usize>place, i);
  }
}

function column(x: f32): i32 {
  return min(max(<i32>(x * (1 / CELL)), 0), ACROSS - 1);
}

/** Looks through the nine cells around: who is near pushes away, and the nearest enemy draws near or is struck. */
function think(me: Unit, own: i32): void {
  const starts = changetype<usize>(world.starts);
  const order = changetype<usize>(world.order);
  const x = me.x;
  const y = me.y;
  const side = me.side;
  const left = max(column(x) - 1, 0);
  const right = min(column(x) + 1, ACROSS - 1);
  const bottom = min(column(y) + 1, ACROSS - 1);
  let pushX: f32 = 0;
  let pushY: f32 = 0;
  let best: f32 = SIGHT * SIGHT;
  let enemy = own;
  for (let row = max(column(y) - 1, 0); row <= bottom; row++) {
    const cell = starts + 4 * <usize>(row * ACROSS);
    const end = load<i32>(cell + 4 * <usize>right, 4);
    for (let place = load<i32>(cell + 4 * <usize>left); place < end; place++) {
      const index = load<i32>(order + 4 * <usize>place);
      const other = world.units.at(index);
      const dx = x - other.x;
      const dy = y - other.y;
      const square = dx * dx + dy * dy;
      if (index != own && square < APART * APART) {
        const push = (APART - sqrt<f32>(square)) * 0.1;
        pushX += dx * push;
        pushY += dy * push;
      }
      if (other.side != side && square < best) {
        best = square;
        enemy = index;
      }
    }
  }
  const target = world.units.at(enemy);
  const orders = inputOf<Orders>(side);
  const toX = enemy == own ? orders.x - x : target.x - x;
  const toY = enemy == own ? orders.y - y : target.y - y;
  const length = sqrt<f32>(toX * toX + toY * toY) + 0.001;
  me.vx = (me.vx + pushX) * DRAG + (toX / length) * SPEED;
  me.vy = (me.vy + pushY) * DRAG + (toY / length) * SPEED;
  me.reload = max<f32>(me.reload - 0.05, 0);
  if (enemy != own && best < REACH * REACH && me.reload == 0) {
    me.reload = 1;
    target.damage += 7.5;
  }
}

function move(me: Unit): void {
  me.x = min<f32>(max<f32>(me.x + me.vx, 0), SIZE);
  me.y = min<f32>(max<f32>(me.y + me.vy, 0), SIZE);
  me.health -= me.damage;
  me.damage = 0;
  // Who falls stands up again where the other side began.
  if (me.health > 0) return;
  me.health = 100;
  me.x = SIZE - me.x;
  me.y = SIZE - me.y;
}
