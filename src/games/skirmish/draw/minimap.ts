// The whole map in a corner: land, fog, everybody in sight, and what the large picture shows of it.
import { MAP } from "../rules.js";
import type { Known } from "./buildings.js";
import type { Camera, Spot } from "./camera.js";
import type { Fog } from "./fog.js";
import { type Palette, PLAYERS } from "./palette.js";
import { disc } from "./paths.js";
import type { Scene } from "./scene.js";

const MARGIN = 8;
/** Of the picture's shorter side. */
const SHARE = 0.25;
const SIDE_LEAST = 84;
const SIDE_MOST = 168;
const FLASHES_MOST = 48;
const FLASH_MS = 900;

export class Minimap {
  readonly #blips = document.createElement("canvas");
  readonly #image: ImageData;
  #land: CanvasImageSource | undefined;
  #small: HTMLCanvasElement | undefined;
  #flashes: { readonly x: number; readonly y: number; readonly at: number }[] = [];
  #side = 0;
  #x = 0;
  #y = 0;

  constructor() {
    this.#blips.width = MAP;
    this.#blips.height = MAP;
    this.#image = this.#blips.getContext("2d")!.createImageData(MAP, MAP);
  }

  /** The place of the map that lies below a place of the picture, or undefined beside the small map. */
  spot(px: number, py: number): Spot | undefined {
    const x = px - this.#x;
    const y = py - this.#y;
    if (x < 0 || y < 0 || x > this.#side || y > this.#side) return undefined;
    return { x: (x / this.#side) * MAP, y: (y / this.#side) * MAP };
  }

  /** Takes a frame: who is where. */
  sample(scene: Scene, buildings: readonly Known[]): void {
    const { data } = this.#image;
    data.fill(0);
    for (const { owner, tileX, tileY, tiles } of buildings) {
      for (let y = tileY; y < tileY + tiles; y++) for (let x = tileX; x < tileX + tiles; x++) dot(data, x, y, owner);
    }
    for (let row = 0; row < scene.count; row++) {
      const i = scene.shown[row]!;
      const x = Math.floor(scene.x[i]!);
      const y = Math.floor(scene.y[i]!);
      dot(data, x, y, scene.owner[i]!);
      dot(data, x + 1, y, scene.owner[i]!);
    }
    this.#blips.getContext("2d")!.putImageData(this.#image, 0, 0);
  }

  /** Somebody has died there: whoever looks elsewhere shall know it. In tiles. */
  flash({ x, y }: Spot, now: number): void {
    this.#flashes.push({ x, y, at: now });
    if (this.#flashes.length > FLASHES_MOST) this.#flashes.shift();
  }

  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    land: HTMLCanvasElement,
    fog: Fog,
    palette: Palette,
    ratio: number,
    now: number,
  ): void {
    const { width, height, left, top, scale } = camera;
    const side = Math.round(Math.max(SIDE_LEAST, Math.min(SIDE_MOST, SHARE * Math.min(width, height) + 10)));
    this.#side = side;
    this.#x = MARGIN;
    this.#y = height - side - MARGIN;
    context.fillStyle = palette.frame;
    context.fillRect(this.#x - 2, this.#y - 2, side + 4, side + 4);
    context.drawImage(this.#reduced(land, Math.round(side * ratio)), this.#x, this.#y, side, side);
    context.save();
    context.beginPath();
    context.rect(this.#x, this.#y, side, side);
    context.clip();
    fog.drawInto(context, this.#x, this.#y, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#blips, this.#x, this.#y, side, side);
    context.imageSmoothingEnabled = true;
    const to = side / MAP;
    this.#drawFlashes(context, to, palette, now);
    context.strokeStyle = palette.ring;
    context.lineWidth = 1.2;
    context.strokeRect(this.#x + left * to, this.#y + top * to, (width / scale) * to, (height / scale) * to);
    context.restore();
  }

  #drawFlashes(context: CanvasRenderingContext2D, to: number, palette: Palette, now: number): void {
    this.#flashes = this.#flashes.filter(({ at }) => now - at < FLASH_MS);
    context.fillStyle = palette.spark;
    for (const { x, y, at } of this.#flashes) {
      context.globalAlpha = 0.7 * (1 - (now - at) / FLASH_MS);
      disc(context, this.#x + x * to, this.#y + y * to, 2.6);
    }
    context.globalAlpha = 1;
  }

  /** The land in the size of the small map: made smaller once, and not in every picture. */
  #reduced(land: HTMLCanvasElement, side: number): HTMLCanvasElement {
    if (this.#small !== undefined && this.#land === land && this.#small.width === side) return this.#small;
    const small = document.createElement("canvas");
    small.width = side;
    small.height = side;
    const context = small.getContext("2d")!;
    context.imageSmoothingQuality = "high";
    context.drawImage(land, 0, 0, side, side);
    this.#land = land;
    this.#small = small;
    return small;
  }
}

function dot(data: Uint8ClampedArray, x: number, y: number, owner: number): void {
  if (x < 0 || y < 0 || x >= MAP || y >= MAP) return;
  const [red, green, blue] = PLAYERS[owner]!.rgb;
  const to = 4 * (y * MAP + x);
  data[to] = red;
  data[to + 1] = green;
  data[to + 2] = blue;
  data[to + 3] = 255;
}
