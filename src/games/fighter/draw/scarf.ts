// Rill's scarf: a string of points that trails behind the neck; only the page's time moves it.
import type { Point } from "./pose.js";

const POINTS = 8;
const LINK = 6.5;
const STEP_MS = 1000 / 60;

interface Knot {
  x: number;
  y: number;
  formerX: number;
  formerY: number;
}

export class Scarf {
  readonly #knots: Knot[] = [];
  #owedMs = 0;

  /** Points from the neck to the end, in stage units, `elapsedMs` later. */
  follow(neck: Point, facing: number, elapsedMs: number, now: number): readonly Point[] {
    const first = this.#knots[0];
    if (first === undefined || Math.hypot(first.x - neck.x, first.y - neck.y) > 120) this.#reset(neck, facing);
    this.#owedMs = Math.min(this.#owedMs + elapsedMs, 6 * STEP_MS);
    for (; this.#owedMs >= STEP_MS; this.#owedMs -= STEP_MS) this.#step(neck, facing, now);
    this.#knots[0]!.x = neck.x;
    this.#knots[0]!.y = neck.y;
    return this.#knots;
  }

  #reset(neck: Point, facing: number): void {
    this.#knots.length = 0;
    for (let i = 0; i < POINTS; i++) {
      const x = neck.x - facing * i * LINK;
      const y = neck.y - i * 2;
      this.#knots.push({ x, y, formerX: x, formerY: y });
    }
  }

  #step(neck: Point, facing: number, now: number): void {
    const knots = this.#knots;
    knots[0]!.x = neck.x;
    knots[0]!.y = neck.y;
    for (let i = 1; i < POINTS; i++) {
      const knot = knots[i]!;
      const wind = -facing * (0.12 + 0.08 * Math.sin(now / 260 + i));
      const x = knot.x + (knot.x - knot.formerX) * 0.9 + wind;
      const y = knot.y + (knot.y - knot.formerY) * 0.9 - 0.16 + 0.05 * Math.sin(now / 180 + i * 0.9);
      knot.formerX = knot.x;
      knot.formerY = knot.y;
      knot.x = x;
      knot.y = Math.max(2, y);
    }
    for (let i = 1; i < POINTS; i++) {
      const before = knots[i - 1]!;
      const knot = knots[i]!;
      const distance = Math.max(0.001, Math.hypot(knot.x - before.x, knot.y - before.y));
      knot.x = before.x + ((knot.x - before.x) / distance) * LINK;
      knot.y = before.y + ((knot.y - before.y) / distance) * LINK;
    }
  }
}
