// The ore that lies on the map: crystals, fewer of them where much has been dug.
import { MAP, TILES } from "../rules.js";
import type { Land } from "../types.js";
import type { Camera } from "./camera.js";
import type { Fog } from "./fog.js";
import type { Palette } from "./palette.js";

/** Loads below which a tile looks poorer. */
const RICH = 60;
const POOR = 20;
/** Frames between looks at all tiles: ore is dug slowly. */
const EVERY_FRAMES = 10;

/** Crystals of a tile: middle, height and width, in tiles. The rich tile has all of them. */
const CRYSTALS: readonly (readonly [number, number, number, number])[] = [
  [0.5, 0.62, 0.62, 0.24],
  [0.24, 0.74, 0.4, 0.18],
  [0.76, 0.8, 0.44, 0.2],
];

export class Ores {
  /** Tiles with ore, as the watcher last saw them, and how much. */
  readonly #loads = new Uint8Array(TILES);
  #sampledAt = -Infinity;

  reset(): void {
    this.#loads.fill(0);
    this.#sampledAt = -Infinity;
  }

  sample({ ore }: Land, fog: Fog, frame: number): void {
    if (Math.abs(frame - this.#sampledAt) < EVERY_FRAMES) return;
    this.#sampledAt = frame;
    for (let tile = 0; tile < TILES; tile++) {
      if (fog.explored(tile % MAP, Math.floor(tile / MAP))) this.#loads[tile] = ore.at(tile);
    }
  }

  draw(context: CanvasRenderingContext2D, { left, top, scale, width, height }: Camera, palette: Palette): void {
    const light = new Path2D();
    const dark = new Path2D();
    const lastX = Math.min(MAP - 1, Math.ceil(left + width / scale));
    const lastY = Math.min(MAP - 1, Math.ceil(top + height / scale));
    for (let y = Math.max(0, Math.floor(top) - 1); y <= lastY; y++) {
      for (let x = Math.max(0, Math.floor(left)); x <= lastX; x++) {
        const loads = this.#loads[y * MAP + x]!;
        if (loads === 0) continue;
        const crystals = loads > RICH ? 3 : loads > POOR ? 2 : 1;
        for (const crystal of CRYSTALS.slice(0, crystals)) {
          addCrystal(light, dark, crystal, (x - left) * scale, (y - top) * scale, scale);
        }
      }
    }
    context.lineJoin = "round";
    context.strokeStyle = palette.oreDark;
    context.lineWidth = Math.max(1, scale * 0.1);
    context.stroke(light);
    context.stroke(dark);
    context.fillStyle = palette.oreLight;
    context.fill(light);
    context.fillStyle = palette.ore;
    context.fill(dark);
  }
}

function addCrystal(
  light: Path2D,
  dark: Path2D,
  [x, y, high, wide]: readonly [number, number, number, number],
  px: number,
  py: number,
  scale: number,
): void {
  const middle = px + x * scale;
  const foot = py + y * scale;
  const half = (wide / 2) * scale;
  const tip = foot - high * scale;
  const shoulder = foot - 0.62 * high * scale;
  light.moveTo(middle, tip);
  light.lineTo(middle - half, shoulder);
  light.lineTo(middle - half, foot);
  light.lineTo(middle, foot + 0.08 * scale);
  light.closePath();
  dark.moveTo(middle, tip);
  dark.lineTo(middle + half, shoulder);
  dark.lineTo(middle + half, foot);
  dark.lineTo(middle, foot + 0.08 * scale);
  dark.closePath();
}
