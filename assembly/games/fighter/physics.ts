// How bodies move: gravity, the floor, the walls, being pushed, and not standing in each other.
import { emit, fixed } from "../../sdk";
import { characterOf, hundredths } from "./characters";
import { Land } from "./events";
import { begin, endCombo, isAloft, wait } from "./fighters";
import { isAirMove, isMove, moveOf } from "./moves";
import { Action, DOWN_FRAMES, STAGE_WIDTH, WALL } from "./rules";
import { Fighter, world } from "./world";

const LEFT_WALL: fixed = WALL << 16;
const RIGHT_WALL: fixed = (STAGE_WIDTH - WALL) << 16;
// In percent, and by division, which rounds the same way towards both walls.
const PUSH_LEFT_OVER = 86;
const PUSH_END: fixed = (15 << 16) / 100;
// How high a body is an obstacle; lower than it looks, so that a jump gets over it.
const BODY_HEIGHT: fixed = 74 << 16;
const LAND_FRAMES = 3;
const LAND_AFTER_ATTACK_FRAMES = 5;

export function insideWalls(x: fixed): fixed {
  return max<fixed>(LEFT_WALL, min<fixed>(x, RIGHT_WALL));
}

export function travel(seat: i32): void {
  const me = world.fighters.at(seat);
  if (me.action == Action.Held) return;
  const position = me.position;
  position.x = insideWalls(position.x + me.velocity.x);
  if (me.push != 0) slide(me, world.fighters.at(1 - seat));
  if (isAloft(me)) fly(seat, me);
}

/** Push-back. What a wall does not let the victim take, the attacker takes. */
function slide(me: Fighter, you: Fighter): void {
  const push = me.push;
  const x = me.position.x + push;
  const inside = insideWalls(x);
  me.position.x = inside;
  if (me.recoils != 0 && inside != x) you.position.x = insideWalls(you.position.x - (x - inside));
  const left = (push * PUSH_LEFT_OVER) / 100;
  me.push = left < PUSH_END && left > -PUSH_END ? 0 : left;
}

function fly(seat: i32, me: Fighter): void {
  me.position.y += me.velocity.y;
  me.velocity.y -= hundredths(characterOf(me.character).gravity);
  if (me.position.y > 0) return;
  me.position.y = 0;
  me.velocity.x = 0;
  me.velocity.y = 0;
  const land = emit<Land>();
  land.x = me.position.x;
  land.player = <u8>seat;
  const action: i32 = me.action;
  if (action == Action.HitAir) {
    me.juggle = 0;
    endCombo(seat);
    wait(me, Action.Down, DOWN_FRAMES);
  } else if (isAirMove(action)) {
    wait(me, Action.Land, LAND_AFTER_ATTACK_FRAMES);
  } else if (isMove(action)) {
    wait(me, Action.Land, moveOf(me.character, action).recovery);
  } else if (action == Action.Jump) {
    wait(me, Action.Land, LAND_FRAMES);
  } else {
    begin(me, Action.Idle);
  }
}

function isBody(me: Fighter): bool {
  const action: i32 = me.action;
  if (action == Action.Held || action == Action.Hold) return false;
  return action != Action.Down && action != Action.HitAir;
}

/** Two bodies that overlap give way to each other by halves; one at a wall leaves the whole way to the other. */
export function pushApart(): void {
  const first = world.fighters.at(0);
  const second = world.fighters.at(1);
  if (!isBody(first) || !isBody(second)) return;
  const rise = first.position.y - second.position.y;
  if (rise >= BODY_HEIGHT || rise <= -BODY_HEIGHT) return;
  const room: fixed = (<i32>characterOf(first.character).halfWidth + characterOf(second.character).halfWidth) << 16;
  const gap = second.position.x - first.position.x;
  if (gap >= room || gap <= -room) return;
  const side = gap > 0 ? 1 : gap < 0 ? -1 : <i32>first.facing;
  const half = (room - gap * side + 1) >> 1;
  first.position.x = insideWalls(first.position.x - side * half);
  second.position.x = insideWalls(first.position.x + side * room);
  first.position.x = insideWalls(second.position.x - side * room);
}
