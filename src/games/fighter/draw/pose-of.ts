// Which pose a fighter is in: its action and the frame of it, and nothing that the page remembers.
import { CHARACTERS } from "../characters.js";
import { isMove, moveOf } from "../moves.js";
import { Action } from "../rules.js";
import type { Fighter } from "../types.js";
import { mix, type Pose } from "./pose.js";
import { type Stance, stanceOf } from "./stances.js";
import { chamberPose, reachPose, restingStance } from "./strikes.js";

export type Posed = Pick<Fighter, "character" | "action" | "actionFrame" | "stun" | "velocity" | "position">;

const HOLD_FRAMES = 24;
const TOSS_FRAMES = 5;
/** Stun that is still to come, from which on a fighter begins to straighten up. */
const STRAIGHTEN_FRAMES = 10;

const FIXED: Readonly<Record<number, Stance>> = {
  [Action.Crouch]: "crouch",
  [Action.DashForward]: "dashForward",
  [Action.DashBack]: "dashBack",
  [Action.JumpSquat]: "squat",
  [Action.Land]: "land",
  [Action.Held]: "held",
  [Action.Tech]: "tech",
  [Action.BlockStand]: "blockStand",
  [Action.BlockCrouch]: "blockCrouch",
  [Action.Down]: "down",
  [Action.Lose]: "lose",
};

export function poseOf(fighter: Posed): Pose {
  const { character, action, actionFrame } = fighter;
  if (isMove(action)) return movePose(fighter);
  const stance = (name: Stance) => stanceOf(character, name);
  switch (action) {
    case Action.Idle:
      return breathing(stance("idle"), actionFrame);
    case Action.WalkForward:
      return walking(fighter, 1);
    case Action.WalkBack:
      return walking(fighter, -1);
    case Action.Jump:
      return mix(stance("rise"), stance("fall"), clamp(0.5 - fighter.velocity.y / 8));
    case Action.Hold:
      return actionFrame < HOLD_FRAMES
        ? stance("hold")
        : mix(stance("hold"), stance("toss"), clamp((actionFrame - HOLD_FRAMES + 1) / TOSS_FRAMES));
    case Action.HitStand:
      return mix(stance("idle"), stance("hitStand"), clamp(fighter.stun / STRAIGHTEN_FRAMES));
    case Action.HitCrouch:
      return mix(stance("crouch"), stance("hitCrouch"), clamp(fighter.stun / STRAIGHTEN_FRAMES));
    case Action.HitAir:
      return mix(stance("thrownUp"), stance("thrownDown"), clamp(0.5 - fighter.velocity.y / 8));
    case Action.WakeUp:
      return wakingUp(fighter);
    case Action.Win:
      return cheering(stance("win"), actionFrame);
    default:
      return stance(FIXED[action] ?? "idle");
  }
}

function movePose(fighter: Posed): Pose {
  const { character, action, actionFrame } = fighter;
  const { startup, active, recovery, rise } = moveOf(character, action);
  const stance = stanceOf(character, fighter.position.y > 0 ? "fall" : restingStance(action));
  const woundUp = startup * 0.6;
  if (actionFrame < woundUp)
    return mix(stance, chamberPose(character, action), Math.sqrt(clamp(actionFrame / woundUp)));
  if (actionFrame < startup) {
    const share = clamp((actionFrame - woundUp) / (startup - woundUp + 1));
    return mix(chamberPose(character, action), reachPose(character, action, 0), share * 0.7);
  }
  const activeEnd = startup + active;
  if (actionFrame < activeEnd) return reachPose(character, action, (actionFrame - startup) / Math.max(1, active - 1));
  const out = reachPose(character, action, 1);
  // A limb stays out for the first third of the recovery: while it can be struck, it is to be seen.
  const held = rise !== 0 ? 0 : recovery / 3;
  const share = clamp((actionFrame - activeEnd - held) / Math.max(1, recovery - held));
  return mix(out, stance, share * share * (3 - 2 * share));
}

function breathing(pose: Pose, frame: number): Pose {
  const breath = Math.sin(frame / 16) * 1.3;
  return {
    ...pose,
    hipY: pose.hipY + breath,
    leadHandY: pose.leadHandY + breath * 1.6,
    rearHandY: pose.rearHandY + breath,
  };
}

function cheering(pose: Pose, frame: number): Pose {
  const bounce = Math.abs(Math.sin(frame / 12)) * 4;
  return { ...pose, hipY: pose.hipY + bounce * 0.4, leadHandY: pose.leadHandY + bounce };
}

/** Feet that stay where they stand: the stride is as long as the way covered in half a cycle. */
function walking(fighter: Posed, direction: 1 | -1): Pose {
  const idle = stanceOf(fighter.character, "idle");
  const character = CHARACTERS[fighter.character]!;
  const speed = (direction > 0 ? character.walkForward : character.walkBack) / 10;
  const stride = fighter.character === 0 ? 38 : 36;
  const cycle = (fighter.actionFrame * speed) / (2 * stride);
  const foot = (offset: number) => {
    const at = (((direction * cycle + offset) % 1) + 1) % 1;
    const standing = at < 0.5;
    const x = standing ? 0.5 - 2 * at : 2 * at - 1.5;
    return { x: x * stride, y: standing ? 0 : Math.sin((at - 0.5) * 2 * Math.PI) * 9 };
  };
  const lead = foot(0.25);
  const rear = foot(0.75);
  const sway = Math.sin(4 * Math.PI * cycle) * 1.5;
  return {
    ...idle,
    hipY: idle.hipY - 1 + sway,
    lean: idle.lean + direction * 4,
    leadHandX: idle.leadHandX - lead.x * 0.2,
    rearHandX: idle.rearHandX - rear.x * 0.2,
    leadFootX: lead.x,
    leadFootY: lead.y,
    rearFootX: rear.x,
    rearFootY: rear.y,
  };
}

function wakingUp(fighter: Posed): Pose {
  const { wakeFrames } = CHARACTERS[fighter.character]!;
  const share = clamp(1 - fighter.stun / wakeFrames);
  const wake = stanceOf(fighter.character, "wake");
  return share < 0.5
    ? mix(stanceOf(fighter.character, "down"), wake, share * 2)
    : mix(wake, stanceOf(fighter.character, "idle"), share * 2 - 1);
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
