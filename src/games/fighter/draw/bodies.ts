// The flesh on the bones: Rill, slender with a long scarf, and Cairn, a heap of stones.
import { BUILDS } from "./builds.js";
import type { PlayerColours } from "./palette.js";
import type { Limb, Point, Skeleton } from "./pose.js";
import { aside, between, beyond, capsule, oval, type Part, polygon } from "./shapes.js";

/**
 * Groups of parts from back to front, each with an outline of its own, in units relative to the point between the feet,
 * looking towards +x.
 */
export function bodyParts(character: number, bones: Skeleton, colours: PlayerColours): Part[][] {
  return character === 0 ? rill(bones, colours) : cairn(bones, colours);
}

function rill(bones: Skeleton, { main, shade, light, cloth }: PlayerColours): Part[][] {
  const { hip, neck, head } = bones;
  const build = BUILDS[0]!;
  const waist = between(hip, neck, 0.35);
  const chest = between(hip, neck, 0.78);
  const skirt = polygon(
    [
      aside(hip, neck, waist, 8),
      aside(hip, neck, waist, -8),
      aside(hip, neck, hem(hip, neck), -13),
      aside(hip, neck, hem(hip, neck), 13),
    ],
    3,
    cloth,
  );
  const face = { x: head.x + build.head * 0.34, y: head.y - build.head * 0.06 };
  return [
    [
      ...arm(bones.rearArm, shade, light, [6.5, 5, 4.5]),
      ...leg(bones.rearLeg, shade, shade, cloth, [9, 6.5, 4.5], build.foot),
    ],
    [
      ...leg(bones.leadLeg, main, main, cloth, [9.5, 7, 4.8], build.foot),
      capsule(waist, chest, 7.5, 11, main),
      skirt,
      capsule(aside(hip, neck, waist, 7), aside(hip, neck, waist, -7), 2.6, 2.6, shade),
      capsule(chest, neck, 5, 4.5, light),
      oval(head, build.head, build.head + 1, 0, light),
      hair(head, build.head, shade),
      capsule(face, { x: head.x + build.head * 0.78, y: face.y }, 1.5, 1.1, "#1b1a24"),
    ],
    arm(bones.leadArm, main, light, [7, 5.5, 5]),
  ];
}

function hem(hip: Point, neck: Point): Point {
  return between(neck, hip, 1.34);
}

function hair(head: Point, radius: number, fill: string): Part {
  return {
    path: (grow) => {
      const path = new Path2D();
      const r = radius + 1.6 + grow;
      path.arc(head.x - 1, head.y + 1, r, 0.12 * Math.PI, 1.3 * Math.PI);
      path.quadraticCurveTo(head.x + radius * 0.1, head.y + radius * 0.1, head.x + r * 0.9, head.y + r * 0.5);
      path.closePath();
      return path;
    },
    fill,
  };
}

type Radii = readonly [number, number, number];

function arm({ root, joint, tip }: Limb, sleeve: string, hand: string, [a, b, c]: Radii): Part[] {
  return [
    capsule(root, joint, a, b, sleeve),
    capsule(joint, tip, b, c * 0.85, sleeve),
    capsule(between(joint, tip, 0.55), between(joint, tip, 0.9), c, c * 0.9, hand),
    oval(tip, c + 0.4, c + 0.4, 0, hand),
  ];
}

function leg(
  { root, joint, tip }: Limb,
  thigh: string,
  shin: string,
  boot: string,
  [a, b, c]: Radii,
  length: number,
): Part[] {
  return [
    capsule(root, joint, a, b, thigh),
    capsule(joint, tip, b, c, shin),
    capsule(between(joint, tip, 0.62), tip, c + 0.6, c, boot),
    foot(joint, tip, c, length, boot),
  ];
}

/** A foot stands at right angles to the shin, but never points into the floor. */
function foot(knee: Point, ankle: Point, radius: number, length: number, fill: string): Part {
  const toe = aside(knee, ankle, ankle, length);
  const flat = ankle.y < 12;
  const end = flat ? { x: ankle.x + length, y: Math.max(radius * 0.6, ankle.y - 1) } : toe;
  return capsule(ankle, end, radius, radius * 0.6, fill);
}

function cairn(bones: Skeleton, { main, shade, light }: PlayerColours): Part[][] {
  const { hip, neck, head } = bones;
  const build = BUILDS[1]!;
  const stone = (at: Point, r: number, fill: string, turn = 0) => polygon(pebble(at, r, turn), r * 0.45, fill);
  const belly = between(hip, neck, 0.28);
  const chest = between(hip, neck, 0.66);
  const lean = Math.atan2(neck.x - hip.x, neck.y - hip.y);
  return [
    [...stoneArm(bones.rearArm, shade, shade, stone), ...stoneLeg(bones.rearLeg, shade, stone, build.foot)],
    [...stoneLeg(bones.leadLeg, main, stone, build.foot), stone(belly, 21, shade, lean + 0.5)],
    [
      stone(head, build.head, light, lean * 0.4 + 0.3),
      stone(chest, 27, main, lean),
      capsule(
        aside(hip, neck, between(hip, neck, 0.82), 2),
        aside(hip, neck, between(hip, neck, 0.5), -12),
        1.5,
        0.8,
        light,
      ),
      capsule(
        aside(hip, neck, between(hip, neck, 0.64), -5),
        aside(hip, neck, between(hip, neck, 0.5), 8),
        1.2,
        0.6,
        light,
      ),
      capsule({ x: head.x + 3.5, y: head.y + 0.5 }, { x: head.x + 8, y: head.y + 0.5 }, 1.9, 1.5, "#2b1d10"),
    ],
    stoneArm(bones.leadArm, main, light, stone),
  ];
}

type Stone = (at: Point, radius: number, fill: string, turn?: number) => Part;

function stoneArm({ root, joint, tip }: Limb, fill: string, fist: string, stone: Stone): Part[] {
  const turn = Math.atan2(tip.y - joint.y, tip.x - joint.x);
  return [
    capsule(root, joint, 10, 8, fill),
    stone(root, 15, fill, turn),
    capsule(joint, between(joint, tip, 0.8), 9, 12, fill),
    stone(tip, 14, fist, turn),
    capsule(beyond(joint, tip, 4), beyond(joint, tip, 9), 1, 1, fill),
  ];
}

function stoneLeg({ root, joint, tip }: Limb, fill: string, stone: Stone, length: number): Part[] {
  const toe = { x: tip.x + length * 0.5, y: Math.max(6, tip.y) };
  return [
    capsule(root, joint, 13, 11, fill),
    capsule(joint, tip, 11, 9, fill),
    stone(between(tip, toe, 0.6), 11, fill),
  ];
}

const PEBBLE = [1, 0.94, 1.04, 0.92, 1.02, 0.95, 1.03];

function pebble(at: Point, radius: number, turn: number): Point[] {
  return PEBBLE.map((share, index) => {
    const angle = (2 * Math.PI * index) / PEBBLE.length - turn;
    return { x: at.x + Math.cos(angle) * radius * share, y: at.y + Math.sin(angle) * radius * share };
  });
}
