// The rectangles of a fighter, for whoever wants to draw them: what can be hurt, and what hurts.
import { CHARACTERS } from "./characters.js";
import { isMove, type Move, missileOf, moveOf } from "./moves.js";
import { Action, Contact } from "./rules.js";
import type { Fighter, Projectile } from "./types.js";

/** In stage units, y upwards from the floor. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

const AIR_BOTTOM = 8;
const CROUCHING: ReadonlySet<number> = new Set([
  Action.Crouch,
  Action.BlockCrouch,
  Action.HitCrouch,
  Action.CrouchLight,
  Action.CrouchMedium,
  Action.CrouchHeavy,
]);

/** The body: whatever the fighter does, it has one, though not always one that can be hurt. */
export function bodyBox(fighter: Fighter): Box {
  const character = CHARACTERS[fighter.character]!;
  const { x, y } = fighter.position;
  const aloft = y > 0 || fighter.velocity.y > 0;
  const posture = CROUCHING.has(fighter.action) ? character.crouchHeight : character.standHeight;
  const bottom = aloft ? y + AIR_BOTTOM : y;
  const top = bottom + (aloft ? character.airHeight : posture);
  return { left: x - character.halfWidth, bottom, right: x + character.halfWidth, top };
}

/** The part of a stretched limb that can be struck, or undefined. */
export function limbBox(fighter: Fighter): Box | undefined {
  if (!isMove(fighter.action)) return undefined;
  const move = moveOf(fighter.character, fighter.action);
  const end = move.startup + move.active + (move.recovery >> 1);
  const out = fighter.actionFrame >= move.startup && fighter.actionFrame < end;
  return out && move.right - move.tip > move.left ? placed(move, fighter, move.right - move.tip) : undefined;
}

/** The box that hurts in this frame, or undefined. */
export function blowBox(fighter: Fighter): Box | undefined {
  if (!isMove(fighter.action) || fighter.contact !== Contact.None) return undefined;
  const move = moveOf(fighter.character, fighter.action);
  const frame = fighter.actionFrame - move.startup;
  return frame >= 0 && frame < move.active && move.right > move.left ? placed(move, fighter, move.right) : undefined;
}

export function missileBox(projectile: Projectile): Box {
  const { x, y } = projectile.position;
  const move = missileOf(projectile.character, projectile.great !== 0);
  return { left: x + move.left, bottom: y + move.bottom, right: x + move.right, top: y + move.top };
}

function placed(move: Move, fighter: Fighter, end: number): Box {
  const { x, y } = fighter.position;
  const near = x + fighter.facing * move.left;
  const far = x + fighter.facing * end;
  return { left: Math.min(near, far), bottom: y + move.bottom, right: Math.max(near, far), top: y + move.top };
}
