// Shapes that bodies are made of, as paths: limbs that taper, ovals, polygons.
import type { Point } from "./pose.js";

/** One part of a body: drawn twice, first a little larger in the outline's colour, then in its own. */
export interface Part {
  readonly path: (grow: number) => Path2D;
  readonly fill: string;
}

export function capsule(from: Point, to: Point, fromRadius: number, toRadius: number, fill: string): Part {
  return { path: (grow) => capsulePath(from, to, fromRadius + grow, toRadius + grow), fill };
}

export function oval(at: Point, across: number, along: number, degrees: number, fill: string): Part {
  const angle = (-degrees * Math.PI) / 180;
  return {
    path: (grow) => {
      const path = new Path2D();
      path.ellipse(at.x, at.y, across + grow, along + grow, angle, 0, 2 * Math.PI);
      return path;
    },
    fill,
  };
}

/** Corners rounded by `radius`; the outline grows outwards from the middle. */
export function polygon(corners: readonly Point[], radius: number, fill: string): Part {
  const middle = corners.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 });
  const centre = { x: middle.x / corners.length, y: middle.y / corners.length };
  return {
    path: (grow) => {
      const grown = corners.map((corner) => {
        const length = Math.max(1, Math.hypot(corner.x - centre.x, corner.y - centre.y));
        const share = 1 + (grow * 1.25) / length;
        return { x: centre.x + (corner.x - centre.x) * share, y: centre.y + (corner.y - centre.y) * share };
      });
      return roundedPath(grown, radius);
    },
    fill,
  };
}

function capsulePath(from: Point, to: Point, a: number, b: number): Path2D {
  const path = new Path2D();
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const turn = Math.acos(Math.max(-1, Math.min(1, (a - b) / Math.max(distance, 0.001))));
  path.arc(from.x, from.y, a, angle + turn, angle - turn + 2 * Math.PI);
  path.arc(to.x, to.y, b, angle - turn, angle + turn);
  path.closePath();
  return path;
}

function roundedPath(corners: readonly Point[], radius: number): Path2D {
  const path = new Path2D();
  const last = corners[corners.length - 1]!;
  const first = corners[0]!;
  path.moveTo((last.x + first.x) / 2, (last.y + first.y) / 2);
  corners.forEach((corner, index) => {
    const next = corners[(index + 1) % corners.length]!;
    path.arcTo(corner.x, corner.y, (corner.x + next.x) / 2, (corner.y + next.y) / 2, radius);
  });
  path.closePath();
  return path;
}

/** A point between two others. */
export function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** A point beyond `to`, seen from `from`. */
export function beyond(from: Point, to: Point, length: number): Point {
  const distance = Math.max(0.001, Math.hypot(to.x - from.x, to.y - from.y));
  return between(from, to, 1 + length / distance);
}

/** From a bone's middle line to the side: positive is to the left of the direction it points in. */
export function aside(from: Point, to: Point, at: Point, length: number): Point {
  const distance = Math.max(0.001, Math.hypot(to.x - from.x, to.y - from.y));
  return { x: at.x - ((to.y - from.y) / distance) * length, y: at.y + ((to.x - from.x) / distance) * length };
}
