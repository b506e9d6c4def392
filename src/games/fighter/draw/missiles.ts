// What flies: Rill's blade of water and Cairn's stone; in stage units with y upwards.
import { missileOf } from "../moves.js";
import type { Projectile } from "../types.js";
import type { Palette, PlayerColours } from "./palette.js";

export function drawMissile(context: CanvasRenderingContext2D, shot: Projectile, palette: Palette, now: number): void {
  if (shot.life === 0) return;
  const colours = palette.players[shot.owner === 0 ? 0 : 1];
  const size = missileOf(shot.character, shot.great !== 0).right;
  const { x, y } = shot.position;
  context.save();
  context.translate(x, y);
  drawGlow(context, size, colours);
  if (shot.character === 0) drawBlade(context, size, shot.velocity.x < 0 ? -1 : 1, palette, colours, now);
  else drawStone(context, size, palette, colours, now);
  context.restore();
}

function drawGlow(context: CanvasRenderingContext2D, size: number, colours: PlayerColours): void {
  const radius = size * 2.2;
  const glow = context.createRadialGradient(0, 0, size * 0.3, 0, 0, radius);
  glow.addColorStop(0, `rgba(${colours.glow}, 0.7)`);
  glow.addColorStop(1, `rgba(${colours.glow}, 0)`);
  context.fillStyle = glow;
  context.fillRect(-radius, -radius, 2 * radius, 2 * radius);
}

function drawBlade(
  context: CanvasRenderingContext2D,
  size: number,
  direction: 1 | -1,
  palette: Palette,
  colours: PlayerColours,
  now: number,
): void {
  context.scale(direction, 1);
  const flicker = 1 + 0.12 * Math.sin(now / 25);
  const high = size * 0.82;
  const crescent = new Path2D();
  crescent.moveTo(-size * 0.7, high);
  crescent.quadraticCurveTo(size * 1.7 * flicker, 0, -size * 0.7, -high);
  crescent.quadraticCurveTo(size * 0.5, 0, -size * 0.7, high);
  context.fillStyle = colours.main;
  context.strokeStyle = palette.outline;
  context.lineWidth = 3;
  context.stroke(crescent);
  context.fill(crescent);
  context.strokeStyle = colours.cloth;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(-size * 0.3, high * 0.6);
  context.quadraticCurveTo(size * 1.1 * flicker, 0, -size * 0.3, -high * 0.6);
  context.stroke();
  context.lineWidth = 2;
  context.globalAlpha = 0.6;
  context.beginPath();
  for (const [height, length] of [
    [high * 0.55, 1.3],
    [0, 1.8],
    [-high * 0.55, 1.1],
  ] as const) {
    context.moveTo(-size * 0.6, height);
    context.lineTo(-size * (0.6 + length * flicker), height);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawStone(
  context: CanvasRenderingContext2D,
  size: number,
  palette: Palette,
  colours: PlayerColours,
  now: number,
): void {
  context.rotate(-now / 140);
  const stone = new Path2D();
  [1, 0.88, 1.05, 0.9, 1, 0.86, 1.03].forEach((share, index) => {
    const angle = (2 * Math.PI * index) / 7;
    stone.lineTo(Math.cos(angle) * size * share, Math.sin(angle) * size * share);
  });
  stone.closePath();
  context.lineJoin = "round";
  context.strokeStyle = palette.outline;
  context.lineWidth = 4;
  context.stroke(stone);
  context.fillStyle = colours.main;
  context.fill(stone);
  context.strokeStyle = colours.light;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(-size * 0.5, size * 0.2);
  context.lineTo(0, 0);
  context.lineTo(size * 0.2, -size * 0.55);
  context.moveTo(0, 0);
  context.lineTo(size * 0.5, size * 0.35);
  context.stroke();
}
