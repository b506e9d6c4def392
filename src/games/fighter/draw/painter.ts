// Draws the fighter: reads a world, takes its events, and never writes to either.
import type { Game, World } from "../types.js";
import { Camera } from "./camera.js";
import { Figure } from "./figure.js";
import { drawMissile } from "./missiles.js";
import { drawBoxes } from "./overlay.js";
import { DAY, DUSK, type Palette } from "./palette.js";
import { type Names, Score } from "./score.js";
import { Sparks, shakeOf } from "./sparks.js";
import { drawHazard, drawStage } from "./stage.js";

/** After a tab was hidden nothing is caught up: the picture goes on from where it is. */
const ELAPSED_MOST_MS = 100;
const PIXEL_RATIO_MOST = 2;

export interface PainterOptions {
  readonly canvas: HTMLCanvasElement;
  readonly names: Names;
  /** No shaking. */
  readonly calm?: () => boolean;
  readonly dark?: () => boolean;
}

export class Painter {
  readonly #options: PainterOptions;
  readonly #context: CanvasRenderingContext2D;
  readonly #camera = new Camera();
  readonly #figures = [new Figure(), new Figure()] as const;
  readonly #sparks = new Sparks();
  readonly #score = new Score();
  #drawnAt = 0;
  names: Names;
  /** Whether the simulation's boxes are drawn as well. */
  layer = false;

  constructor(options: PainterOptions) {
    this.#options = options;
    this.names = options.names;
    this.#context = options.canvas.getContext("2d", { alpha: false })!;
  }

  /** An event has happened; `key` names it, should it be taken back. */
  begin(key: string, event: Game["event"], now: number): void {
    this.#sparks.begin(key, event, now);
    if (this.#options.calm?.() !== true) this.#camera.shake(shakeOf(event));
  }

  cancel(key: string, event: Game["event"], now: number): void {
    this.#sparks.cancel(key, now);
    if (shakeOf(event) > 0) this.#camera.still();
  }

  draw(world: World, now: number): void {
    const elapsedMs = Math.min(ELAPSED_MOST_MS, now - this.#drawnAt);
    this.#drawnAt = now;
    const context = this.#context;
    const { width, height, ratio } = this.#fit();
    if (width === 0 || height === 0) return;
    const palette: Palette = this.#options.dark?.() === false ? DAY : DUSK;
    const frame = this.#camera.follow(world, width, height, now, elapsedMs);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawStage(context, frame, palette, now);
    drawHazard(context, world.hazard, frame, palette, now);
    const zoom = ratio * frame.scale;
    context.setTransform(zoom, 0, 0, -zoom, ratio * frame.offsetX, ratio * frame.floorY);
    for (const seat of inOrder(world))
      this.#figures[seat].draw(context, world.fighters[seat]!, seat, palette, now, elapsedMs);
    for (const shot of world.projectiles) drawMissile(context, shot, palette, now);
    this.#sparks.draw(context, palette, now);
    if (this.layer) drawBoxes(context, world);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#score.draw(context, world, this.names, { width, height }, palette, now, elapsedMs);
  }

  /** The canvas has as many pixels as the screen has where it lies. */
  #fit(): { width: number; height: number; ratio: number } {
    const { canvas } = this.#options;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const ratio = Math.min(PIXEL_RATIO_MOST, globalThis.devicePixelRatio);
    const across = Math.round(width * ratio);
    const down = Math.round(height * ratio);
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
    }
    return { width, height, ratio };
  }
}

/** Whoever strikes is in front. */
function inOrder(world: World): readonly [0 | 1, 0 | 1] {
  const [first, second] = world.fighters;
  return first!.action > second!.action && first!.action < 24 ? [1, 0] : [0, 1];
}
