// The part of the stage that is seen: wide enough for both fighters, never beyond the walls, and shaken by heavy blows.
import { STAGE_WIDTH } from "../rules.js";
import type { World } from "../types.js";

const WIDTH_LEAST = 410;
const WIDTH_MOST = 800;
const MARGIN = 120;
/** Above the feet of whoever is highest: his body, and what is written at the top of the picture. */
const HEADROOM = 172;
const HALF_WAY_MS = 90;
/** A jump is quick, and nobody may leave the picture. */
const WIDEN_HALF_WAY_MS = 40;
const SHAKE_FADES_MS = 70;
/** Of the picture's height, what lies below the floor line. */
const FLOOR = 0.13;

/** From stage units to pixels: `px = offsetX + x * scale`, `py = floorY - y * scale`. */
export interface Frame {
  readonly scale: number;
  readonly offsetX: number;
  readonly floorY: number;
  readonly width: number;
  readonly height: number;
}

export class Camera {
  #middle = STAGE_WIDTH / 2;
  #width = WIDTH_MOST;
  #shake = 0;

  /** Shakes by so many units. */
  shake(units: number): void {
    this.#shake = Math.max(this.#shake, units);
  }

  still(): void {
    this.#shake = 0;
  }

  follow(world: World, width: number, height: number, now: number, elapsedMs: number): Frame {
    const first = world.fighters[0]!.position;
    const second = world.fighters[1]!.position;
    const highest = Math.max(first.y, second.y);
    const apart = Math.abs(first.x - second.x) + 2 * MARGIN;
    const aloft = ((highest + HEADROOM) * width) / (height * (1 - FLOOR));
    const wanted = Math.max(WIDTH_LEAST, Math.min(WIDTH_MOST, Math.max(apart, aloft)));
    const share = 1 - 0.5 ** (elapsedMs / HALF_WAY_MS);
    const widening = wanted > this.#width ? 1 - 0.5 ** (elapsedMs / WIDEN_HALF_WAY_MS) : share;
    this.#width += (wanted - this.#width) * widening;
    this.#middle += ((first.x + second.x) / 2 - this.#middle) * share;
    this.#shake *= 0.5 ** (elapsedMs / SHAKE_FADES_MS);
    const half = this.#width / 2;
    const middle = Math.max(half, Math.min(STAGE_WIDTH - half, this.#middle));
    const scale = width / this.#width;
    const tremorX = Math.sin(now * 0.09) * this.#shake * scale;
    const tremorY = Math.cos(now * 0.13) * this.#shake * scale * 0.7;
    return {
      scale,
      offsetX: -(middle - half) * scale + tremorX,
      floorY: height * (1 - FLOOR) + tremorY,
      width,
      height,
    };
  }
}
