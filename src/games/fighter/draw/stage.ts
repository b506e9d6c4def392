// The stage: sky, hills, a roofed platform with lanterns, and the one lantern that falls.
import { HAZARD_HALF_WIDTH, HAZARD_STRIKE, HAZARD_WARNING, STAGE_WIDTH, Stage } from "../rules.js";
import type { Hazard } from "../types.js";
import type { Frame } from "./camera.js";
import type { Palette } from "./palette.js";

const FALL_FRAMES = 14;
const HANGS_AT = 218;
const FLAMES = 7;

/** Everything behind the fighters, in pixels. */
export function drawStage(context: CanvasRenderingContext2D, frame: Frame, palette: Palette, now: number): void {
  const { width, height, floorY } = frame;
  const sky = context.createLinearGradient(0, 0, 0, floorY);
  sky.addColorStop(0, palette.skyTop);
  sky.addColorStop(1, palette.skyBottom);
  context.fillStyle = sky;
  context.fillRect(-20, -20, width + 40, floorY + 40);
  drawSun(context, frame, palette);
  drawHills(context, frame, palette.farHills, 0.25, 108, 34, 0.009);
  drawHills(context, frame, palette.nearHills, 0.45, 56, 24, 0.013);
  drawPillars(context, frame, palette, now);
  drawFloor(context, frame, palette);
  context.fillStyle = palette.woodDark;
  context.fillRect(-20, height + 20, width + 40, 20);
}

function drawSun(context: CanvasRenderingContext2D, frame: Frame, palette: Palette): void {
  const x = frame.offsetX * 0.12 + frame.width * 0.68;
  const y = frame.floorY - 168 * frame.scale;
  context.fillStyle = palette.sun;
  context.globalAlpha = 0.16;
  circle(context, x, y, 52 * frame.scale);
  context.globalAlpha = 0.85;
  circle(context, x, y, 31 * frame.scale);
  context.globalAlpha = 1;
}

function drawHills(
  context: CanvasRenderingContext2D,
  { offsetX, floorY, scale, width }: Frame,
  fill: string,
  depth: number,
  height: number,
  rough: number,
  pace: number,
): void {
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(-20, floorY + 2);
  for (let px = -20; px <= width + 40; px += 12) {
    const x = (px - offsetX * depth) / scale;
    const y = height + rough * (Math.sin(x * pace) + 0.6 * Math.sin(x * pace * 2.3 + 1.7));
    context.lineTo(px, floorY - y * scale);
  }
  context.lineTo(width + 40, floorY + 2);
  context.fill();
}

function drawPillars(context: CanvasRenderingContext2D, frame: Frame, palette: Palette, now: number): void {
  const { offsetX, floorY, scale } = frame;
  const at = (x: number) => offsetX + x * scale;
  context.fillStyle = palette.woodDark;
  context.fillRect(at(-60), floorY - 62 * scale, (STAGE_WIDTH + 120) * scale, 5 * scale);
  for (let x = 0; x <= STAGE_WIDTH; x += 40)
    context.fillRect(at(x) - 1.5 * scale, floorY - 60 * scale, 3 * scale, 60 * scale);
  for (const x of [6, 330, 630, STAGE_WIDTH - 6]) {
    context.fillStyle = palette.wood;
    context.fillRect(at(x) - 9 * scale, floorY - 420 * scale, 18 * scale, 420 * scale);
    context.fillStyle = palette.woodDark;
    context.fillRect(at(x) + 3 * scale, floorY - 420 * scale, 6 * scale, 420 * scale);
  }
  for (const x of [168, 480, 792]) {
    const sway = Math.sin(now / 900 + x) * 3;
    hangLantern(context, at(x + sway), floorY - 236 * scale, scale * 0.8, palette, 0.9);
  }
}

function drawFloor(
  context: CanvasRenderingContext2D,
  { offsetX, floorY, scale, width, height }: Frame,
  palette: Palette,
): void {
  context.fillStyle = palette.floor;
  context.fillRect(-20, floorY - 3 * scale, width + 40, height - floorY + 40);
  context.strokeStyle = palette.floorLine;
  context.lineWidth = Math.max(1, 1.2 * scale);
  context.beginPath();
  const vanish = floorY - 160 * scale;
  for (let x = -240; x <= STAGE_WIDTH + 240; x += 60) {
    const px = offsetX + x * scale;
    const slope = (px - width / 2) / (floorY - vanish);
    context.moveTo(px, floorY - 3 * scale);
    context.lineTo(px + slope * (height - floorY + 20), height + 20);
  }
  for (const depth of [8, 22, 44]) {
    context.moveTo(-20, floorY + depth * scale);
    context.lineTo(width + 20, floorY + depth * scale);
  }
  context.stroke();
  context.fillStyle = palette.floorLine;
  context.fillRect(-20, floorY - 3 * scale, width + 40, Math.max(1, 1.5 * scale));
}

/** Warning, fall and fire of the lantern; in pixels, before the fighters. */
export function drawHazard(
  context: CanvasRenderingContext2D,
  hazard: Hazard,
  frame: Frame,
  palette: Palette,
  now: number,
): void {
  if (hazard.stage === Stage.Resting) return;
  const x = frame.offsetX + hazard.x * frame.scale;
  drawDangerZone(context, hazard, x, frame, palette);
  if (hazard.stage === Stage.Striking) {
    drawFire(context, x, frame, palette, hazard.frames / HAZARD_STRIKE, now);
    return;
  }
  const falling = Math.max(0, 1 - hazard.frames / FALL_FRAMES);
  const trembling = Math.sin(now / 22) * 4 * (1 - hazard.frames / HAZARD_WARNING);
  const height = HANGS_AT * (1 - falling * falling);
  hangLantern(
    context,
    x + trembling * frame.scale,
    frame.floorY - height * frame.scale,
    frame.scale * 1.5,
    palette,
    1,
    falling === 0,
  );
}

function drawDangerZone(
  context: CanvasRenderingContext2D,
  hazard: Hazard,
  x: number,
  { floorY, scale }: Frame,
  palette: Palette,
): void {
  const pulse = hazard.stage === Stage.Warning ? 0.45 + 0.35 * Math.sin(hazard.frames / 3) : 0.9;
  const half = HAZARD_HALF_WIDTH * scale;
  const beam = context.createLinearGradient(0, floorY - 150 * scale, 0, floorY);
  beam.addColorStop(0, "rgba(255, 170, 80, 0)");
  beam.addColorStop(1, "rgba(255, 150, 60, 0.34)");
  context.globalAlpha = pulse;
  context.fillStyle = beam;
  context.fillRect(x - half, floorY - 150 * scale, 2 * half, 150 * scale);
  context.fillStyle = palette.danger;
  context.beginPath();
  context.ellipse(x, floorY + 3 * scale, half, 6 * scale, 0, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

function drawFire(
  context: CanvasRenderingContext2D,
  x: number,
  { floorY, scale }: Frame,
  palette: Palette,
  left: number,
  now: number,
): void {
  for (let i = 0; i < FLAMES; i++) {
    const share = i / (FLAMES - 1) - 0.5;
    const high = (140 - Math.abs(share) * 120) * (0.6 + 0.4 * left) * (0.85 + 0.15 * Math.sin(now / 30 + i * 2));
    const px = x + share * 2 * HAZARD_HALF_WIDTH * scale;
    context.fillStyle = i % 2 === 0 ? palette.danger : palette.lantern;
    context.beginPath();
    context.moveTo(px - 13 * scale, floorY);
    context.quadraticCurveTo(
      px - 8 * scale,
      floorY - high * 0.5 * scale,
      px + share * 14 * scale,
      floorY - high * scale,
    );
    context.quadraticCurveTo(px + 12 * scale, floorY - high * 0.4 * scale, px + 13 * scale, floorY);
    context.fill();
  }
}

function hangLantern(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  scale: number,
  palette: Palette,
  alpha: number,
  rope = true,
): void {
  context.globalAlpha = alpha;
  context.strokeStyle = palette.woodDark;
  context.lineWidth = Math.max(1, 1.6 * scale);
  if (rope) {
    context.beginPath();
    context.moveTo(x, y - 22 * scale);
    context.lineTo(x, y - 400 * scale);
    context.stroke();
  }
  const glow = context.createRadialGradient(x, y, 2, x, y, 52 * scale);
  glow.addColorStop(0, "rgba(255, 200, 110, 0.5)");
  glow.addColorStop(1, "rgba(255, 200, 110, 0)");
  context.fillStyle = glow;
  context.fillRect(x - 52 * scale, y - 52 * scale, 104 * scale, 104 * scale);
  context.fillStyle = palette.lantern;
  context.beginPath();
  context.ellipse(x, y, 15 * scale, 18 * scale, 0, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = palette.woodDark;
  context.beginPath();
  context.ellipse(x, y, 7 * scale, 18 * scale, 0, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = palette.woodDark;
  context.fillRect(x - 8 * scale, y - 22 * scale, 16 * scale, 5 * scale);
  context.fillRect(x - 8 * scale, y + 16 * scale, 16 * scale, 5 * scale);
  context.globalAlpha = 1;
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
