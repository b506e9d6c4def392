// A pose: where a fighter's hips, hands and feet are; the other joints follow from the lengths of its limbs.
import type { Build } from "./builds.js";

/** Names of the columns of a pose, in order: lengths in units with x forwards and y upwards, angles in degrees forwards. */
export const POSE_COLUMNS = [
  "hipX",
  "hipY",
  "lean",
  "nod",
  "leadHandX",
  "leadHandY",
  "rearHandX",
  "rearHandY",
  "leadFootX",
  "leadFootY",
  "rearFootX",
  "rearFootY",
] as const;

export type Pose = { readonly [column in (typeof POSE_COLUMNS)[number]]: number };
export type PoseRow = readonly number[];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Limb {
  readonly root: Point;
  readonly joint: Point;
  readonly tip: Point;
}

/** The joints of a pose, still relative to the point between the feet, looking towards +x. */
export interface Skeleton {
  readonly hip: Point;
  readonly neck: Point;
  readonly head: Point;
  readonly leadArm: Limb;
  readonly rearArm: Limb;
  readonly leadLeg: Limb;
  readonly rearLeg: Limb;
}

export function poseFrom(row: PoseRow): Pose {
  return Object.fromEntries(POSE_COLUMNS.map((column, index) => [column, row[index]!])) as Pose;
}

/** `share` 0 is `from`, 1 is `to`; beyond that it overshoots. */
export function mix(from: Pose, to: Pose, share: number): Pose {
  const mixed: Record<string, number> = {};
  for (const column of POSE_COLUMNS) mixed[column] = from[column] + (to[column] - from[column]) * share;
  return mixed as Pose;
}

export function skeleton(pose: Pose, build: Build): Skeleton {
  const hip = { x: pose.hipX, y: pose.hipY };
  const neck = along(hip, pose.lean, build.torso);
  const head = along(neck, pose.lean * 0.4 + pose.nod, build.neck);
  const shoulders = along(hip, pose.lean, build.torso - build.shoulderDrop);
  const lead = beside(shoulders, pose.lean, build.shoulderAhead);
  const rear = beside(shoulders, pose.lean, -build.shoulderAhead);
  const arm = (root: Point, x: number, y: number) => reach(root, { x, y }, build.upperArm, build.foreArm, -1);
  const leg = (x: number, y: number, side: number) =>
    reach({ x: hip.x + side * build.hipAhead, y: hip.y }, { x, y: y + build.ankle }, build.thigh, build.shin, 1);
  return {
    hip,
    neck,
    head,
    leadArm: arm(lead, pose.leadHandX, pose.leadHandY),
    rearArm: arm(rear, pose.rearHandX, pose.rearHandY),
    leadLeg: leg(pose.leadFootX, pose.leadFootY, 1),
    rearLeg: leg(pose.rearFootX, pose.rearFootY, -1),
  };
}

function along(from: Point, degrees: number, length: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return { x: from.x + Math.sin(angle) * length, y: from.y + Math.cos(angle) * length };
}

function beside(from: Point, degrees: number, length: number): Point {
  return along(from, degrees + 90, length);
}

/** Two bones from root to tip, bent to one side. A tip out of reach stretches both: a blow must look as long as it is. */
function reach(root: Point, tip: Point, upper: number, lower: number, side: 1 | -1): Limb {
  const dx = tip.x - root.x;
  const dy = tip.y - root.y;
  const distance = Math.max(0.001, Math.hypot(dx, dy));
  const stretch = Math.max(1, distance / (upper + lower));
  const a = upper * stretch;
  const b = lower * stretch;
  const foot = Math.max(-a, Math.min(a, (a * a - b * b + distance * distance) / (2 * distance)));
  const height = Math.sqrt(Math.max(0, a * a - foot * foot)) * side;
  const joint = {
    x: root.x + (dx * foot - dy * height) / distance,
    y: root.y + (dy * foot + dx * height) / distance,
  };
  return { root, joint, tip };
}
