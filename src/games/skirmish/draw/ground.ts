// The land as one picture, painted once a match: meadows, rocks and water with soft edges, out of the tiles.
import { MAP, Terrain } from "../rules.js";
import type { Land } from "../types.js";
import type { Palette, Rgb } from "./palette.js";

/** Pixels to a tile: nearer than this the ground is a little soft, which suits meadows. */
const PIXELS = 10;
const SIDE = MAP * PIXELS;
/** How ragged the edges of rocks and water are, in shares of a tile. */
const RAGGED = 0.34;

interface Painted {
  readonly tiles: Uint8Array;
  readonly palette: Palette;
  readonly picture: HTMLCanvasElement;
}

/** Both players of a page look at the same land: it is painted once. */
const painted: Painted[] = [];
const KEPT = 2;

export function tilesOf(land: Land): Uint8Array {
  return Uint8Array.from(land.terrain);
}

/** The picture of the whole map, `picture.width / MAP` pixels to a tile. */
export function groundOf(tiles: Uint8Array, palette: Palette): HTMLCanvasElement {
  const known = painted.find((each) => each.palette === palette && sameTiles(each.tiles, tiles));
  if (known !== undefined) return known.picture;
  const picture = document.createElement("canvas");
  picture.width = SIDE;
  picture.height = SIDE;
  const context = picture.getContext("2d")!;
  const image = context.createImageData(SIDE, SIDE);
  paint(tiles, palette, image.data);
  context.putImageData(image, 0, 0);
  painted.push({ tiles, palette, picture });
  if (painted.length > KEPT) painted.shift();
  return picture;
}

function sameTiles(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((tile, i) => tile === b[i]);
}

function paint(tiles: Uint8Array, palette: Palette, into: Uint8ClampedArray): void {
  const rock = softMask(tiles, Terrain.Rock);
  const water = softMask(tiles, Terrain.Water);
  const fine = noise(97, SIDE, 3);
  const wide = noise(31, SIDE, 34);
  const patch = noise(57, SIDE, 90);
  for (let py = 0; py < SIDE; py++) {
    for (let px = 0; px < SIDE; px++) {
      const at = py * SIDE + px;
      const grain = fine[at]! - 0.5;
      const edge = (wide[at]! - 0.5) * RAGGED + grain * 0.12;
      const stone = rock[at]! + edge;
      const wet = water[at]! - edge;
      const colour = wet > 0.5 ? waterAt(palette, wet, grain) : groundAt(palette, wide[at]!, patch[at]!, grain, wet);
      const shown = stone > 0.5 ? rockAt(palette, rock, at, stone, grain) : shaded(colour, rock, at, stone);
      const to = 4 * at;
      into[to] = shown[0];
      into[to + 1] = shown[1];
      into[to + 2] = shown[2];
      into[to + 3] = 255;
    }
  }
}

function groundAt(palette: Palette, wide: number, patch: number, grain: number, wet: number): Rgb {
  const meadow = mix(palette.low, palette.high, wide);
  const dry = mix(meadow, palette.dry, smooth(0.52, 0.7, patch));
  const beach = mix(dry, palette.shore, smooth(0.26, 0.5, wet));
  return lighter(beach, grain * 14);
}

function waterAt(palette: Palette, wet: number, grain: number): Rgb {
  return lighter(mix(palette.water, palette.deep, smooth(0.55, 0.95, wet)), grain * 6);
}

/** Rocks are lit from the upper left. */
function rockAt(palette: Palette, rock: Float32Array, at: number, stone: number, grain: number): Rgb {
  const slope = (rock[at]! - (rock[at - 2 * SIDE - 2] ?? 1)) * 4;
  const lit = slope > 0 ? mix(palette.rock, palette.rockLight, Math.min(1, slope)) : palette.rock;
  const shade = slope < 0 ? mix(lit, palette.rockDark, Math.min(1, -slope)) : lit;
  return lighter(stone < 0.56 ? mix(shade, palette.rockDark, 0.55) : shade, grain * 26);
}

/** The shadow that a rock throws to the lower right. */
function shaded(colour: Rgb, rock: Float32Array, at: number, stone: number): Rgb {
  const thrown = (rock[at - 4 * SIDE - 4] ?? 0) - Math.max(0, stone) * 0.3;
  return thrown > 0.35 ? lighter(colour, -34 * Math.min(1, (thrown - 0.35) * 3)) : colour;
}

/** 1 inside of such tiles and 0 outside, with slopes a tile wide between. */
function softMask(tiles: Uint8Array, terrain: number): Float32Array {
  const mask = new Float32Array(SIDE * SIDE);
  const is = (x: number, y: number) =>
    tiles[Math.max(0, Math.min(MAP - 1, y)) * MAP + Math.max(0, Math.min(MAP - 1, x))] === terrain ? 1 : 0;
  for (let py = 0; py < SIDE; py++) {
    const y = (py + 0.5) / PIXELS - 0.5;
    const top = Math.floor(y);
    const down = y - top;
    for (let px = 0; px < SIDE; px++) {
      const x = (px + 0.5) / PIXELS - 0.5;
      const left = Math.floor(x);
      const across = x - left;
      const upper = is(left, top) * (1 - across) + is(left + 1, top) * across;
      const lower = is(left, top + 1) * (1 - across) + is(left + 1, top + 1) * across;
      mask[py * SIDE + px] = upper * (1 - down) + lower * down;
    }
  }
  return mask;
}

/** Smooth numbers from 0 to 1, the same for the same seed, with hills `size` pixels wide. */
function noise(seed: number, side: number, size: number): Float32Array {
  const across = Math.ceil(side / size) + 2;
  const knots = Float32Array.from({ length: across * across }, (_, i) => scatter(i, seed));
  const field = new Float32Array(side * side);
  for (let py = 0; py < side; py++) {
    const row = Math.floor(py / size);
    const down = ease((py % size) / size);
    for (let px = 0; px < side; px++) {
      const knot = row * across + Math.floor(px / size);
      const over = ease((px % size) / size);
      const upper = knots[knot]! * (1 - over) + knots[knot + 1]! * over;
      const lower = knots[knot + across]! * (1 - over) + knots[knot + across + 1]! * over;
      field[py * side + px] = upper * (1 - down) + lower * down;
    }
  }
  return field;
}

/** A number from 0 to 1 that looks like chance. */
function scatter(i: number, seed: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return ((bits ^ (bits >>> 12)) >>> 0) / 2 ** 32;
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function smooth(from: number, to: number, value: number): number {
  return ease(Math.max(0, Math.min(1, (value - from) / (to - from))));
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function lighter([red, green, blue]: Rgb, by: number): Rgb {
  return [red + by, green + by, blue + by];
}
