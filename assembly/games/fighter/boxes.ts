// Which rectangles can be hurt and whether a blow touches one: a body by posture, and the limb of a move that is out.
import { fixed } from "../../sdk";
import { characterOf } from "./characters";
import { isAloft, isCrouching } from "./fighters";
import { isMove, Move, moveOf } from "./moves";
import { Fighter } from "./world";

// The body of a fighter in the air begins above the feet, which it draws up.
const AIR_BOTTOM = 8;

/** Whether the box of `blow`, thrown from x, y towards `facing`, touches anything of `you` that can be hurt. */
export function touches(blow: Move, x: fixed, y: fixed, facing: i32, you: Fighter): bool {
  const near = x + facing * ((<i32>blow.left) << 16);
  const far = x + facing * ((<i32>blow.right) << 16);
  const left = facing > 0 ? near : far;
  const right = facing > 0 ? far : near;
  const bottom = y + ((<i32>blow.bottom) << 16);
  const top = y + ((<i32>blow.top) << 16);
  return touchesBody(left, bottom, right, top, you) || touchesLimb(left, bottom, right, top, you);
}

function touchesBody(left: fixed, bottom: fixed, right: fixed, top: fixed, you: Fighter): bool {
  const character = characterOf(you.character);
  const x = you.position.x;
  const y = you.position.y;
  const half = (<i32>character.halfWidth) << 16;
  if (right <= x - half || left >= x + half) return false;
  const aloft = isAloft(you);
  const height: i32 = aloft
    ? character.airHeight
    : isCrouching(you.action)
      ? character.crouchHeight
      : character.standHeight;
  const low = aloft ? y + (AIR_BOTTOM << 16) : y;
  return top > low && bottom < low + (height << 16);
}

/** A limb that is stretched out can be struck, except for its tip, until the move has half recovered. */
function touchesLimb(left: fixed, bottom: fixed, right: fixed, top: fixed, you: Fighter): bool {
  const action: i32 = you.action;
  if (!isMove(action)) return false;
  const move = moveOf(you.character, action);
  const frame: i32 = you.actionFrame;
  const startup: i32 = move.startup;
  if (frame < startup || frame >= startup + move.active + (<i32>move.recovery >> 1)) return false;
  const end = <i32>move.right - move.tip;
  if (end <= move.left) return false;
  const x = you.position.x;
  const y = you.position.y;
  const facing: i32 = you.facing;
  const near = x + facing * ((<i32>move.left) << 16);
  const far = x + facing * (end << 16);
  if (right <= (facing > 0 ? near : far) || left >= (facing > 0 ? far : near)) return false;
  return top > y + ((<i32>move.bottom) << 16) && bottom < y + ((<i32>move.top) << 16);
}
