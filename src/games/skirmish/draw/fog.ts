// What the watching player sees and has seen, as a veil over the land with soft edges.
import { CELLS, CELLS_ACROSS, MAP } from "../rules.js";
import type { Land } from "../types.js";
import type { Camera } from "./camera.js";
import type { Palette } from "./palette.js";

/** Tiles to a cell of sight. */
const CELL_TILES = MAP / CELLS_ACROSS;
/** A veil that comes and goes within a moment, instead of flickering cell by cell. */
const FADE_PER_FRAME = 44;

export class Fog {
  readonly #seen = new Uint8Array(CELLS);
  readonly #explored = new Uint8Array(CELLS);
  readonly #veil = new Uint8ClampedArray(CELLS);
  readonly #picture = document.createElement("canvas");
  readonly #image: ImageData;
  #bit = 0;
  #lifted = true;
  #fresh = true;

  constructor() {
    this.#picture.width = CELLS_ACROSS;
    this.#picture.height = CELLS_ACROSS;
    this.#image = this.#context.createImageData(CELLS_ACROSS, CELLS_ACROSS);
  }

  get #context(): CanvasRenderingContext2D {
    return this.#picture.getContext("2d")!;
  }

  /** Another match: the veil falls at once. */
  reset(): void {
    this.#fresh = true;
  }

  /** Takes a frame, as the player of this seat sees it; with `lifted` there is no fog. */
  sample({ seen, explored }: Land, seat: number, lifted: boolean, palette: Palette): void {
    this.#bit = 1 << seat;
    this.#lifted = lifted;
    const { data } = this.#image;
    const [red, green, blue] = palette.unknown;
    for (let cell = 0; cell < CELLS; cell++) {
      this.#seen[cell] = seen.at(cell);
      this.#explored[cell] = explored.at(cell);
      const wanted = this.#wanted(cell, palette);
      const before = this.#fresh ? wanted : this.#veil[cell]!;
      const step = Math.max(-FADE_PER_FRAME, Math.min(FADE_PER_FRAME, wanted - before));
      this.#veil[cell] = before + step;
      const to = 4 * cell;
      data[to] = red;
      data[to + 1] = green;
      data[to + 2] = blue;
      data[to + 3] = this.#veil[cell]!;
    }
    this.#fresh = false;
    this.#context.putImageData(this.#image, 0, 0);
  }

  #wanted(cell: number, palette: Palette): number {
    if (this.#lifted || (this.#seen[cell]! & this.#bit) !== 0) return 0;
    return (this.#explored[cell]! & this.#bit) !== 0 ? 255 * palette.mist : 250;
  }

  /** Whether the watcher sees this place now; places are in tiles. */
  sees(x: number, y: number): boolean {
    return this.#lifted || (this.#seen[cellAt(x, y)]! & this.#bit) !== 0;
  }

  explored(x: number, y: number): boolean {
    return this.#lifted || (this.#explored[cellAt(x, y)]! & this.#bit) !== 0;
  }

  draw(context: CanvasRenderingContext2D, { left, top, scale }: Camera): void {
    this.drawInto(context, -left * scale, -top * scale, MAP * scale);
  }

  /** The whole veil as a square of the picture. */
  drawInto(context: CanvasRenderingContext2D, px: number, py: number, side: number): void {
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#picture, px, py, side, side);
  }
}

function cellAt(x: number, y: number): number {
  const within = (tile: number) => Math.max(0, Math.min(CELLS_ACROSS - 1, Math.floor(tile / CELL_TILES)));
  return within(y) * CELLS_ACROSS + within(x);
}
