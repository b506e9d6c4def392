// Units and buildings painted in advance, in every colour and direction: a picture of an army is then a copy for each soldier.
import { drawStructure, STRUCTURE_MARGIN } from "./building-shapes.js";
import { type Palette, PLAYERS } from "./palette.js";
import { circlePath } from "./paths.js";
import { drawUnit, LOOKS, SPRITE_TILES } from "./unit-shapes.js";

/** A unit is seen to turn by steps of less than 23°. */
export const DIRECTIONS = 16;
/** Sheets of sizes that were zoomed through. */
const SHEETS_KEPT = 6;
const RINGS_KEPT = 16;
const SIZE_LEAST = 4;
const SIZE_MOST = 64;

/** All directions of all looks of one player's units, `size` pixels to a tile. */
export interface Sheet {
  readonly size: number;
  readonly picture: HTMLCanvasElement;
  /**
   * Six numbers for each sprite, direction by direction and look by look: where it lies in the picture, how large it is
   * without the empty margin (a battle is mostly margins, otherwise), and how far from the unit's middle it begins.
   */
  readonly places: Int16Array;
}

/** Of each sprite in `places`. */
export const PLACE_NUMBERS = 6;

export class Sprites {
  readonly #units = new Map<string, Sheet>();
  readonly #structures = new Map<string, HTMLCanvasElement>();
  readonly #rings = new Map<string, HTMLCanvasElement>();
  #palette: Palette | undefined;

  /**
   * For pictures of so many pixels to a tile: of exactly that size where the picture is at `rest`, else the nearest of a
   * few, so that zooming does not paint without end.
   */
  units(owner: number, pixels: number, rest: boolean, palette: Palette): Sheet {
    this.#use(palette);
    const size = rest ? Math.round(pixels) : sizeNear(pixels);
    const key = `${owner} ${size}`;
    const known = this.#units.get(key);
    if (known !== undefined) return known;
    const sheet = paintUnits(owner, size, palette);
    this.#units.set(key, sheet);
    trim(this.#units, SHEETS_KEPT * PLAYERS.length);
    return sheet;
  }

  /** The picture of a building that is `tiles` wide, with a margin of STRUCTURE_MARGIN tiles on all sides. */
  structure(structure: number, tiles: number, owner: number, pixels: number, palette: Palette): HTMLCanvasElement {
    this.#use(palette);
    const size = sizeNear(pixels);
    const key = `${structure} ${owner} ${size}`;
    const known = this.#structures.get(key);
    if (known !== undefined) return known;
    const picture = document.createElement("canvas");
    const side = Math.ceil((tiles + 2 * STRUCTURE_MARGIN) * size);
    picture.width = side;
    picture.height = side;
    const context = picture.getContext("2d")!;
    context.setTransform(size, 0, 0, size, side / 2, side / 2);
    drawStructure(context, structure, tiles, owner, palette);
    this.#structures.set(key, picture);
    trim(this.#structures, SHEETS_KEPT * PLAYERS.length * 4);
    return picture;
  }

  /** The ring below a selected unit: strokes of some hundred circles took as long as all the rest of a picture. */
  ring(radius: number, palette: Palette): HTMLCanvasElement {
    this.#use(palette);
    const size = Math.max(3, Math.round(radius));
    const known = this.#rings.get(String(size));
    if (known !== undefined) return known;
    const picture = document.createElement("canvas");
    const thick = Math.max(1.4, size * 0.17);
    const side = 2 * Math.ceil(size + thick);
    picture.width = side;
    picture.height = side;
    const context = picture.getContext("2d")!;
    circlePath(context, side / 2, side / 2, size);
    context.lineWidth = 1.9 * thick;
    context.strokeStyle = palette.shadow;
    context.stroke();
    context.lineWidth = thick;
    context.strokeStyle = palette.ring;
    context.stroke();
    this.#rings.set(String(size), picture);
    trim(this.#rings, RINGS_KEPT);
    return picture;
  }

  #use(palette: Palette): void {
    if (palette === this.#palette) return;
    this.#palette = palette;
    this.#units.clear();
    this.#structures.clear();
    this.#rings.clear();
  }
}

function paintUnits(owner: number, size: number, palette: Palette): Sheet {
  const side = Math.ceil(SPRITE_TILES * size);
  const picture = document.createElement("canvas");
  picture.width = side * DIRECTIONS;
  picture.height = side * LOOKS.length;
  const context = picture.getContext("2d", { willReadFrequently: true })!;
  for (const [row, look] of LOOKS.entries()) {
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      context.setTransform(size, 0, 0, size, (direction + 0.5) * side, (row + 0.5) * side);
      drawUnit(context, look, PLAYERS[owner]!, palette, (2 * Math.PI * direction) / DIRECTIONS);
    }
  }
  return { size, picture, places: placesIn(context, side) };
}

function placesIn(context: CanvasRenderingContext2D, side: number): Int16Array {
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  const places = new Int16Array(PLACE_NUMBERS * DIRECTIONS * LOOKS.length);
  for (let sprite = 0; sprite < DIRECTIONS * LOOKS.length; sprite++) {
    const x = (sprite % DIRECTIONS) * side;
    const y = Math.floor(sprite / DIRECTIONS) * side;
    const [left, top, right, bottom] = boundsIn(data, width, x, y, side);
    const half = side / 2;
    places.set([left, top, right - left, bottom - top, left - x - half, top - y - half], sprite * PLACE_NUMBERS);
  }
  return places;
}

/** The smallest rectangle around all that is not empty in a square. */
function boundsIn(
  data: Uint8ClampedArray,
  width: number,
  x0: number,
  y0: number,
  side: number,
): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [x0 + side, y0 + side, x0 + 1, y0 + 1];
  for (let y = y0; y < y0 + side; y++) {
    for (let x = x0; x < x0 + side; x++) {
      if (data[4 * (y * width + x) + 3]! < 8) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return [Math.min(left, right - 1), Math.min(top, bottom - 1), right, bottom];
}

/** Steps of a half in powers of two: what is drawn is never more than a fifth larger or smaller than it was painted. */
function sizeNear(pixels: number): number {
  const size = 2 ** (Math.round(Math.log2(pixels) * 2) / 2);
  return Math.round(Math.max(SIZE_LEAST, Math.min(SIZE_MOST, size)));
}

function trim<T>(map: Map<string, T>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
