// The part of the map that a picture shows: moved and zoomed by hand, or gliding after the battle.
import { MAP } from "../rules.js";

/** Tiles across the picture, if it were a square as large: from a duel to the whole map. */
const TILES_LEAST = 12;
const TILES_MOST = 1.3 * MAP;
const TILES_FIRST = 30;
/** So much of the picture may lie beyond the map, in tiles. */
const BEYOND = 3;
const GLIDE_HALF_WAY_MS = 420;
const HAND_HALF_WAY_MS = 45;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Places in tiles, y downwards; the picture in CSS pixels: `px = (x - camera.left) * camera.scale`. */
export class Camera {
  #x = MAP / 2;
  #y = MAP / 2;
  #tiles = TILES_FIRST;
  #toX = MAP / 2;
  #toY = MAP / 2;
  #toTiles = TILES_FIRST;
  #glides = false;
  #width = 1;
  #height = 1;

  /** Pixels to a tile. */
  get scale(): number {
    return this.#scaleOf(this.#tiles);
  }

  get left(): number {
    return this.#x - this.#width / this.scale / 2;
  }

  get top(): number {
    return this.#y - this.#height / this.scale / 2;
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get middle(): Spot {
    return { x: this.#x, y: this.#y };
  }

  get tiles(): number {
    return this.#toTiles;
  }

  /** Whether the picture is as near as it is going to be. */
  get rests(): boolean {
    return Math.abs(this.#tiles - this.#toTiles) < 0.004 * this.#tiles;
  }

  /** From a place of the picture to one of the map. */
  spot(px: number, py: number): Spot {
    return { x: this.left + px / this.scale, y: this.top + py / this.scale };
  }

  fit(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
  }

  /** Goes there by itself, slowly: nobody wants to lose sight of where he was. */
  glide(to: Spot, tiles = this.#toTiles): void {
    this.#glides = true;
    this.#aim(to.x, to.y, tiles);
  }

  /** Is there at once. */
  jump(to: Spot, tiles = this.#toTiles): void {
    this.#aim(to.x, to.y, tiles);
    this.#x = this.#toX;
    this.#y = this.#toY;
    this.#tiles = this.#toTiles;
  }

  /** Moves by pixels, as a hand drags the map. */
  drag(px: number, py: number): void {
    this.#glides = false;
    this.#aim(this.#x - px / this.scale, this.#y - py / this.scale, this.#toTiles);
    this.#x = this.#toX;
    this.#y = this.#toY;
  }

  /** Zooms so that what is at this place of the picture stays there. `factor` above 1 comes nearer. */
  zoom(factor: number, px: number, py: number): void {
    this.#glides = false;
    const under = this.spot(px, py);
    const before = this.scale;
    this.#tiles = clamp(this.#tiles / factor, TILES_LEAST, TILES_MOST);
    this.#toTiles = this.#tiles;
    const share = before / this.scale;
    this.#aim(under.x + (this.#x - under.x) * share, under.y + (this.#y - under.y) * share, this.#tiles);
    this.#x = this.#toX;
    this.#y = this.#toY;
  }

  move(elapsedMs: number): void {
    const share = 1 - 0.5 ** (elapsedMs / (this.#glides ? GLIDE_HALF_WAY_MS : HAND_HALF_WAY_MS));
    this.#x += (this.#toX - this.#x) * share;
    this.#y += (this.#toY - this.#y) * share;
    this.#tiles = this.rests ? this.#toTiles : this.#tiles + (this.#toTiles - this.#tiles) * share;
  }

  #scaleOf(tiles: number): number {
    return Math.sqrt(this.#width * this.#height) / tiles;
  }

  #aim(x: number, y: number, tiles: number): void {
    this.#toTiles = clamp(tiles, TILES_LEAST, TILES_MOST);
    const scale = this.#scaleOf(this.#toTiles);
    this.#toX = within(x, this.#width / scale / 2);
    this.#toY = within(y, this.#height / scale / 2);
  }
}

/** The middle of a picture that is `2 * half` tiles wide; one that is wider than the map stands in its middle. */
function within(middle: number, half: number): number {
  const least = half - BEYOND;
  const most = MAP + BEYOND - half;
  return least > most ? MAP / 2 : clamp(middle, least, most);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
