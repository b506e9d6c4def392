// The buildings as the watcher knows them: those in sight as they are, the others as he last saw them.
import { BUILDINGS, FIRST_BUILDING, Structure, TILE } from "../rules.js";
import { BUILDING_STATS } from "../stats.js";
import type { Building, World } from "../types.js";
import { drawCrossbow, STRUCTURE_MARGIN } from "./building-shapes.js";
import type { Camera, Spot } from "./camera.js";
import type { Fog } from "./fog.js";
import type { Palette } from "./palette.js";
import { disc } from "./paths.js";
import type { Scene } from "./scene.js";
import { barColours } from "./soldiers.js";
import type { Sprites } from "./sprites.js";

/** One building as it was when it was last seen; places in tiles. */
export interface Known {
  readonly slot: number;
  readonly kind: number;
  readonly owner: number;
  readonly tileX: number;
  readonly tileY: number;
  readonly tiles: number;
  /** 0 to 1. */
  readonly health: number;
  /** 0 where the foundation was laid, 1 where it stands. */
  readonly built: number;
  readonly target: number;
  readonly working: boolean;
}

const BURNS_BELOW = 0.6;

export class Buildings {
  readonly #known: (Known | undefined)[] = new Array<Known | undefined>(BUILDINGS).fill(undefined);
  readonly #aim = new Float32Array(BUILDINGS);

  reset(): void {
    this.#known.fill(undefined);
  }

  get known(): readonly Known[] {
    return this.#known.filter((each) => each !== undefined);
  }

  sample(world: World, fog: Fog, seat: number): void {
    for (const [slot, building] of world.buildings.entries()) {
      const before = this.#known[slot];
      if (building.kind === Structure.None) {
        if (before !== undefined && seen(before, fog)) this.#known[slot] = undefined;
        continue;
      }
      const now = knownOf(building, slot);
      if (now.owner === seat || seen(now, fog)) this.#known[slot] = now;
    }
  }

  /** The building that covers a place of the map. */
  at({ x, y }: Spot): Known | undefined {
    return this.known.find(
      ({ tileX, tileY, tiles }) => x >= tileX && x < tileX + tiles && y >= tileY && y < tileY + tiles,
    );
  }

  draw(context: CanvasRenderingContext2D, { camera, ratio, palette, sprites, scene, now }: BuildingsPicture): void {
    const { left, top, scale, width, height } = camera;
    for (const known of this.known) {
      const { kind, owner, tiles, tileX, tileY, built } = known;
      const px = (tileX - left) * scale;
      const py = (tileY - top) * scale;
      const side = tiles * scale;
      if (px + side < -scale || py + side < -scale || px > width + scale || py > height + scale) continue;
      if (built < 1) drawSite(context, px, py, side, built, palette);
      const picture = sprites.structure(kind, tiles, owner, scale * ratio, palette);
      const margin = STRUCTURE_MARGIN * scale;
      context.globalAlpha = built < 1 ? 0.2 + 0.6 * built : 1;
      context.drawImage(picture, px - margin, py - margin, side + 2 * margin, side + 2 * margin);
      context.globalAlpha = 1;
      if (kind === Structure.Turret && built === 1)
        this.#drawAim(context, known, px + side / 2, py + side / 2, scene, scale, palette);
      if (built === 1 && known.health < BURNS_BELOW) drawFlames(context, known, px, py, side, now, palette);
      drawBars(context, known, px, py, side, palette);
    }
  }

  #drawAim(
    context: CanvasRenderingContext2D,
    { slot, target, tileX, tileY, tiles }: Known,
    px: number,
    py: number,
    scene: Scene,
    scale: number,
    palette: Palette,
  ): void {
    if (target < FIRST_BUILDING && scene.kind[target] !== 0)
      this.#aim[slot] = Math.atan2(scene.y[target]! - tileY - tiles / 2, scene.x[target]! - tileX - tiles / 2);
    context.save();
    context.translate(px, py);
    context.scale(scale, scale);
    context.rotate(this.#aim[slot]!);
    drawCrossbow(context, palette);
    context.restore();
  }
}

export interface BuildingsPicture {
  readonly camera: Camera;
  readonly ratio: number;
  readonly palette: Palette;
  readonly sprites: Sprites;
  readonly scene: Scene;
  readonly now: number;
}

/** Where units go that a building trains, in tiles. */
export function rallyOf({ rallyX, rallyY }: Building): Spot {
  return { x: rallyX / TILE, y: rallyY / TILE };
}

function knownOf(building: Building, slot: number): Known {
  const { kind, owner, tileX, tileY, health, unbuilt, target, queued, research } = building;
  return {
    ...{ slot, kind, owner, tileX, tileY, target },
    tiles: BUILDING_STATS[kind]!.size,
    health: Math.max(0, Math.min(1, health / BUILDING_STATS[kind]!.health)),
    built: unbuilt === 0 ? 1 : Math.max(0, 1 - unbuilt / BUILDING_STATS[kind]!.buildFrames),
    working: queued > 0 || research > 0,
  };
}

function seen({ tileX, tileY, tiles }: Known, fog: Fog): boolean {
  const last = tiles - 0.5;
  return (
    fog.sees(tileX, tileY) ||
    fog.sees(tileX + last, tileY) ||
    fog.sees(tileX, tileY + last) ||
    fog.sees(tileX + last, tileY + last)
  );
}

/** A place being built on: stakes, and a line around it that fills. */
function drawSite(
  context: CanvasRenderingContext2D,
  px: number,
  py: number,
  side: number,
  built: number,
  palette: Palette,
): void {
  context.fillStyle = palette.shadow;
  context.fillRect(px, py, side, side);
  context.strokeStyle = palette.wood;
  context.lineWidth = Math.max(1.5, side * 0.035);
  context.setLineDash([side * 0.12, side * 0.08]);
  context.strokeRect(px + 1, py + 1, side - 2, side - 2);
  context.setLineDash([]);
  context.fillStyle = palette.barBack;
  context.fillRect(px, py + side + 2, side, 4);
  context.fillStyle = palette.ore;
  context.fillRect(px, py + side + 2, side * built, 4);
}

function drawBars(
  context: CanvasRenderingContext2D,
  { health, built }: Known,
  px: number,
  py: number,
  side: number,
  palette: Palette,
): void {
  if (health >= 1 || built < 1) return;
  const high = Math.max(3, side * 0.035);
  context.fillStyle = palette.barBack;
  context.fillRect(px - 1, py - high - 4, side + 2, high + 2);
  const [, , fill] = barColours(palette).find(([, most]) => health <= most)!;
  context.fillStyle = fill;
  context.fillRect(px, py - high - 3, side * health, high);
}

function drawFlames(
  context: CanvasRenderingContext2D,
  { slot, health }: Known,
  px: number,
  py: number,
  side: number,
  now: number,
  palette: Palette,
): void {
  const flames = Math.ceil((1 - health) * 5);
  for (let i = 0; i < flames; i++) {
    const x = px + side * (0.5 + 0.36 * Math.sin(slot * 3 + i * 2.4));
    const y = py + side * (0.5 + 0.34 * Math.cos(slot + i * 4.1));
    const flicker = 0.75 + 0.25 * Math.sin(now / 70 + i * 2 + slot);
    const rise = ((now / 900 + i * 0.37) % 1) * side * 0.5;
    context.fillStyle = `rgba(${palette.smoke}, ${0.34 * (1 - rise / (side * 0.5))})`;
    disc(context, x + rise * 0.25, y - rise, side * 0.06 + rise * 0.16);
    context.fillStyle = palette.fire;
    disc(context, x, y, side * 0.065 * flicker);
    context.fillStyle = palette.spark;
    disc(context, x, y + side * 0.015, side * 0.032 * flicker);
  }
}
