// Draws the units in sight: rings below, the sprites, and bars above those that are hurt.

import { Kind } from "../rules.js";
import { UNIT_STATS } from "../stats.js";
import type { Camera } from "./camera.js";
import { type Palette, PLAYERS } from "./palette.js";
import type { Scene } from "./scene.js";
import { DIRECTIONS, PLACE_NUMBERS, type Sheet, type Sprites } from "./sprites.js";
import { lookOf } from "./unit-shapes.js";

/** Smaller than so many pixels to a tile, a soldier is a dot. */
const DOTS_BELOW = 5;
const BARS_FROM = 9;
const LUNGE_MS = 190;
const LUNGE_TILES = 0.24;
const RECOIL_TILES = -0.1;
const FULL_TURN = 2 * Math.PI;
/** A unit that hangs over the edge of the picture is still drawn. */
const MARGIN_TILES = 1.2;

export interface Watcher {
  readonly seat: number;
  /** His own selection is shown; that of a bot would only flicker. */
  readonly selects: boolean;
}

export class Soldiers {
  readonly #scene: Scene;
  readonly #sprites: Sprites;
  readonly #sheets: (Sheet | undefined)[] = [];
  /** Rows of this picture that are hurt, and how. */
  readonly #hurt: number[] = [];

  constructor(scene: Scene, sprites: Sprites) {
    this.#scene = scene;
    this.#sprites = sprites;
  }

  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    ratio: number,
    palette: Palette,
    watcher: Watcher,
    now: number,
  ): void {
    if (watcher.selects) this.#drawRings(context, camera, ratio, palette, watcher.seat);
    if (camera.scale < DOTS_BELOW) {
      this.#drawDots(context, camera);
      return;
    }
    for (let owner = 0; owner < PLAYERS.length; owner++) this.#sheets[owner] = undefined;
    this.#hurt.length = 0;
    this.#drawSprites(context, camera, ratio, palette, now);
    if (camera.scale >= BARS_FROM) this.#drawBars(context, camera, palette);
  }

  #drawSprites(context: CanvasRenderingContext2D, camera: Camera, ratio: number, palette: Palette, now: number): void {
    const { shown, count, x, y, kind, owner, facing, load, health, struckAt } = this.#scene;
    const { left, top, scale } = camera;
    const right = left + camera.width / scale + MARGIN_TILES;
    const bottom = top + camera.height / scale + MARGIN_TILES;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = !camera.rests;
    const sheets = this.#sheets;
    for (let row = 0; row < count; row++) {
      const i = shown[row]!;
      let atX = x[i]!;
      let atY = y[i]!;
      if (atX < left - MARGIN_TILES || atX > right || atY < top - MARGIN_TILES || atY > bottom) continue;
      const turn = facing[i]!;
      const age = now - struckAt[i]!;
      if (age < LUNGE_MS) {
        const near = kind[i] === Kind.Bow || kind[i] === Kind.Ram ? RECOIL_TILES : LUNGE_TILES;
        const reach = near * Math.sin((Math.PI * age) / LUNGE_MS);
        atX += Math.cos(turn) * reach;
        atY += Math.sin(turn) * reach;
      }
      const mine = owner[i]!;
      sheets[mine] ??= this.#sprites.units(mine, scale * ratio, camera.rests, palette);
      const { size, places, picture } = sheets[mine]!;
      const direction = Math.round((turn / FULL_TURN) * DIRECTIONS) & (DIRECTIONS - 1);
      const place = (lookOf(kind[i]!, load[i]!) * DIRECTIONS + direction) * PLACE_NUMBERS;
      const wide = places[place + 2]!;
      const high = places[place + 3]!;
      // At rest a sprite is copied pixel by pixel; while the picture zooms, it is stretched a little.
      const stretch = camera.rests ? 1 : (scale * ratio) / size;
      context.drawImage(
        picture,
        places[place]!,
        places[place + 1]!,
        wide,
        high,
        Math.round((atX - left) * scale * ratio + places[place + 4]! * stretch),
        Math.round((atY - top) * scale * ratio + places[place + 5]! * stretch),
        wide * stretch,
        high * stretch,
      );
      if (health[i]! < UNIT_STATS[kind[i]!]!.health) this.#hurt.push(i);
    }
    context.imageSmoothingEnabled = true;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** From far away: one rectangle a soldier, all of one colour in one go. */
  #drawDots(context: CanvasRenderingContext2D, { left, top, scale }: Camera): void {
    const { shown, count, x, y, owner } = this.#scene;
    const side = Math.max(2, scale * 0.8);
    for (const [player, colours] of PLAYERS.entries()) {
      context.fillStyle = colours.main;
      for (let row = 0; row < count; row++) {
        const i = shown[row]!;
        if (owner[i] !== player) continue;
        context.fillRect((x[i]! - left) * scale - side / 2, (y[i]! - top) * scale - side / 2, side, side);
      }
    }
  }

  #drawRings(context: CanvasRenderingContext2D, camera: Camera, ratio: number, palette: Palette, seat: number): void {
    const { shown, count, x, y, owner, kind, groups } = this.#scene;
    const { left, top, scale } = camera;
    const small = this.#sprites.ring(0.46 * scale * ratio, palette);
    const large = this.#sprites.ring(0.62 * scale * ratio, palette);
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (let row = 0; row < count; row++) {
      const i = shown[row]!;
      if (owner[i] !== seat || (groups[i]! & 1) === 0) continue;
      const ring = kind[i] === Kind.Ram || kind[i] === Kind.Rider ? large : small;
      const px = Math.round((x[i]! - left) * scale * ratio) - ring.width / 2;
      const py = Math.round((y[i]! - top) * scale * ratio) - ring.width / 2;
      context.drawImage(ring, px, py);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  #drawBars(context: CanvasRenderingContext2D, { left, top, scale }: Camera, palette: Palette): void {
    const { x, y, kind, health } = this.#scene;
    const wide = 0.72 * scale;
    const high = Math.max(2, 0.11 * scale);
    const each = (draw: (px: number, py: number, share: number) => void) => {
      for (const i of this.#hurt) {
        const share = Math.max(0, health[i]!) / UNIT_STATS[kind[i]!]!.health;
        draw((x[i]! - left) * scale - wide / 2, (y[i]! - top) * scale - 0.62 * scale, share);
      }
    };
    context.fillStyle = palette.barBack;
    each((px, py) => context.fillRect(px - 1, py - 1, wide + 2, high + 2));
    // Colour by colour: changing it costs more than drawing a bar.
    for (const [least, most, fill] of barColours(palette)) {
      context.fillStyle = fill;
      each((px, py, share) => {
        if (share > least && share <= most) context.fillRect(px, py, wide * share, high);
      });
    }
  }
}

/** From and up to which share of its health a bar has which colour. */
export function barColours(palette: Palette): readonly (readonly [number, number, string])[] {
  return [
    [0, 0.34, palette.dying],
    [0.34, 0.67, palette.hurt],
    [0.67, 1, palette.healthy],
  ];
}
