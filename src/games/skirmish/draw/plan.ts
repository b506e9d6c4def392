// What a person is about to do, over the picture: the box that selects, the building that has no place yet.

import { BUILDING_STATS } from "../stats.js";
import type { Camera, Spot } from "./camera.js";
import { type Palette, PLAYERS } from "./palette.js";
import { circlePath } from "./paths.js";

export interface Plan {
  /** Two corners, in pixels of the picture. */
  readonly box?: readonly [Spot, Spot] | undefined;
  /** What would be built, and on which upper left tile. */
  readonly site?: Site | undefined;
  /** The building that was clicked, in tiles, and where it sends its units. */
  readonly chosen?:
    | { readonly tileX: number; readonly tileY: number; readonly tiles: number; readonly rally: Spot }
    | undefined;
}

export interface Site {
  readonly structure: number;
  readonly tileX: number;
  readonly tileY: number;
  readonly free: boolean;
}

export function drawPlan(
  context: CanvasRenderingContext2D,
  { box, site, chosen }: Plan,
  camera: Camera,
  palette: Palette,
  seat: number,
): void {
  const { main, light } = PLAYERS[seat]!;
  context.lineWidth = 2;
  if (chosen !== undefined) drawChosen(context, chosen, camera, light);
  if (site !== undefined) drawSquare(context, site, camera, site.free ? palette.healthy : palette.dying);
  if (box === undefined) return;
  const [a, b] = box;
  context.globalAlpha = 0.16;
  context.fillStyle = main;
  context.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
  context.globalAlpha = 1;
  context.strokeStyle = palette.ring;
  context.lineWidth = 1.4;
  context.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y);
}

function drawChosen(
  context: CanvasRenderingContext2D,
  { tileX, tileY, tiles, rally }: NonNullable<Plan["chosen"]>,
  { left, top, scale }: Camera,
  colour: string,
): void {
  const side = tiles * scale;
  const px = (tileX - left) * scale;
  const py = (tileY - top) * scale;
  const toX = (rally.x - left) * scale;
  const toY = (rally.y - top) * scale;
  context.strokeStyle = colour;
  context.strokeRect(px - 3, py - 3, side + 6, side + 6);
  context.setLineDash([6, 5]);
  context.beginPath();
  context.moveTo(px + side / 2, py + side / 2);
  context.lineTo(toX, toY);
  context.stroke();
  context.setLineDash([]);
  circlePath(context, toX, toY, 5);
  context.stroke();
}

function drawSquare(
  context: CanvasRenderingContext2D,
  { structure, tileX, tileY }: Site,
  { left, top, scale }: Camera,
  colour: string,
): void {
  const side = BUILDING_STATS[structure]!.size * scale;
  const px = (tileX - left) * scale;
  const py = (tileY - top) * scale;
  context.globalAlpha = 0.35;
  context.fillStyle = colour;
  context.fillRect(px, py, side, side);
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.strokeRect(px, py, side, side);
}
