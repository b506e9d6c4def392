// One fighter on the canvas: eases from pose to pose, keeps its scarf and the smear behind a blow.
import { isMove, moveOf } from "../moves.js";
import { Action, Contact } from "../rules.js";
import type { Fighter } from "../types.js";
import { bodyParts } from "./bodies.js";
import { BUILDS } from "./builds.js";
import type { Palette, PlayerColours } from "./palette.js";
import { mix, type Point, type Pose, type Skeleton, skeleton } from "./pose.js";
import { poseOf } from "./pose-of.js";
import { Scarf } from "./scarf.js";
import { aside } from "./shapes.js";
import { strikingLimb } from "./strikes.js";

/** Half of the way to a new pose is done in so many ms: attacks must snap, the rest may flow. */
const EASE_MS = 22;
const EASE_ATTACK_MS = 7;
const OUTLINE = 2.2;
const SMEAR_MS = 110;

interface Trace extends Point {
  readonly at: number;
}

export class Figure {
  readonly #scarf = new Scarf();
  #pose: Pose | undefined;
  #smear: Trace[] = [];

  /** `context` is in stage units with y upwards. */
  draw(
    context: CanvasRenderingContext2D,
    fighter: Fighter,
    seat: 0 | 1,
    palette: Palette,
    now: number,
    elapsedMs: number,
  ): void {
    const colours = palette.players[seat];
    const bones = this.#bones(fighter, elapsedMs);
    const trembling = fighter.hitStop > 0 && fighter.action >= Action.HitStand && fighter.action <= Action.HitAir;
    const x = fighter.position.x + (trembling ? Math.sin(now / 9) * 2.2 : 0);
    const { y } = fighter.position;
    this.#drawShadow(context, fighter, palette);
    this.#drawSmear(context, fighter, bones, colours, now);
    if (fighter.character === 0) this.#drawScarf(context, fighter, bones, colours, palette, now, elapsedMs);
    context.save();
    context.translate(x, y);
    context.scale(fighter.facing < 0 ? -1 : 1, 1);
    if (fighter.action === Action.DashForward || fighter.action === Action.DashBack)
      drawSpeed(context, fighter, colours);
    if (isGreat(fighter)) drawAura(context, bones, colours, now);
    const groups = bodyParts(fighter.character, bones, colours);
    for (const parts of groups) {
      context.fillStyle = palette.outline;
      for (const part of parts) context.fill(part.path(OUTLINE));
      for (const part of parts) {
        context.fillStyle = part.fill;
        context.fill(part.path(0));
      }
    }
    const paths = () => groups.flat().map((part) => part.path(0));
    if (isPale(fighter)) whiten(context, paths(), now);
    context.restore();
  }

  #bones(fighter: Fighter, elapsedMs: number): Skeleton {
    const target = poseOf(fighter);
    const half = isMove(fighter.action) || fighter.hitStop > 0 ? EASE_ATTACK_MS : EASE_MS;
    this.#pose = this.#pose === undefined ? target : mix(this.#pose, target, 1 - 0.5 ** (elapsedMs / half));
    return skeleton(this.#pose, BUILDS[fighter.character]!);
  }

  #drawShadow(context: CanvasRenderingContext2D, fighter: Fighter, palette: Palette): void {
    const far = Math.min(1, fighter.position.y / 200);
    const width = (fighter.character === 0 ? 30 : 40) * (1 - 0.4 * far);
    context.fillStyle = palette.shadow;
    context.beginPath();
    context.ellipse(fighter.position.x, -3, width, 5 * (1 - 0.4 * far), 0, 0, 2 * Math.PI);
    context.fill();
  }

  /** The way the striking limb has come, so that a blow of three frames is seen. */
  #drawSmear(
    context: CanvasRenderingContext2D,
    fighter: Fighter,
    bones: Skeleton,
    colours: PlayerColours,
    now: number,
  ): void {
    const tip = isStriking(fighter) ? tipOf(fighter, bones) : undefined;
    if (tip !== undefined) {
      this.#smear.push({ x: fighter.position.x + fighter.facing * tip.x, y: fighter.position.y + tip.y, at: now });
    }
    this.#smear = this.#smear.filter((trace) => now - trace.at < SMEAR_MS);
    if (this.#smear.length < 2) return;
    context.lineCap = "round";
    for (let i = 1; i < this.#smear.length; i++) {
      const from = this.#smear[i - 1]!;
      const to = this.#smear[i]!;
      const left = 1 - (now - to.at) / SMEAR_MS;
      context.strokeStyle = `rgba(${colours.glow}, ${0.5 * left})`;
      context.lineWidth = (fighter.character === 0 ? 14 : 26) * left;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  }

  #drawScarf(
    context: CanvasRenderingContext2D,
    fighter: Fighter,
    bones: Skeleton,
    colours: PlayerColours,
    palette: Palette,
    now: number,
    elapsedMs: number,
  ): void {
    const neck = {
      x: fighter.position.x + fighter.facing * (bones.neck.x - 2),
      y: fighter.position.y + bones.neck.y + 1,
    };
    const points = this.#scarf.follow(neck, fighter.facing, elapsedMs, now);
    for (const [colour, extra] of [
      [palette.outline, OUTLINE],
      [colours.cloth, 0],
    ] as const) {
      context.fillStyle = colour;
      context.fill(ribbon(points, extra));
    }
  }
}

function ribbon(points: readonly Point[], extra: number): Path2D {
  const path = new Path2D();
  const side = (index: number, sign: 1 | -1) => {
    const before = points[Math.max(0, index - 1)]!;
    const after = points[Math.min(points.length - 1, index + 1)]!;
    const { x, y } = aside(before, after, points[index]!, sign * (3 + extra + index * 0.3));
    path.lineTo(x, y);
  };
  for (let index = 0; index < points.length; index++) side(index, 1);
  for (let index = points.length - 1; index >= 0; index--) side(index, -1);
  path.closePath();
  return path;
}

function isStriking(fighter: Fighter): boolean {
  if (!isMove(fighter.action)) return false;
  const { startup, active } = moveOf(fighter.character, fighter.action);
  return fighter.actionFrame >= startup - 2 && fighter.actionFrame < startup + active;
}

function isGreat({ action }: Fighter): boolean {
  return action === Action.GreatShot || action === Action.GreatStrike;
}

/** The first moment of a blow, for the one who takes it. */
function isPale({ action, hitStop, contact }: Fighter): boolean {
  return contact === Contact.None && hitStop > 4 && action >= Action.HitStand && action <= Action.HitAir;
}

function tipOf(fighter: Fighter, bones: Skeleton): Point | undefined {
  switch (strikingLimb(fighter.character, fighter.action)) {
    case "leadHand":
    case "hands":
      return bones.leadArm.tip;
    case "rearHand":
      return bones.rearArm.tip;
    case "leadFoot":
      return bones.leadLeg.tip;
    case "rearFoot":
      return bones.rearLeg.tip;
    default:
      return bones.neck;
  }
}

function whiten(context: CanvasRenderingContext2D, paths: readonly Path2D[], now: number): void {
  context.globalAlpha = 0.35 + 0.2 * Math.sin(now / 20);
  context.fillStyle = "#ffffff";
  for (const path of paths) context.fill(path);
  context.globalAlpha = 1;
}

function drawSpeed(context: CanvasRenderingContext2D, fighter: Fighter, colours: PlayerColours): void {
  const behind = fighter.action === Action.DashForward ? -1 : 1;
  context.strokeStyle = `rgba(${colours.glow}, 0.45)`;
  context.lineWidth = 2.5;
  context.beginPath();
  for (const [height, length] of [
    [26, 44],
    [52, 60],
    [80, 38],
  ] as const) {
    context.moveTo(behind * 24, height);
    context.lineTo(behind * (24 + length), height);
  }
  context.stroke();
}

function drawAura(context: CanvasRenderingContext2D, bones: Skeleton, colours: PlayerColours, now: number): void {
  const { x, y } = bones.hip;
  const radius = 84 + 6 * Math.sin(now / 40);
  const gradient = context.createRadialGradient(x, y + 14, 10, x, y + 14, radius);
  gradient.addColorStop(0, `rgba(${colours.glow}, 0.75)`);
  gradient.addColorStop(1, `rgba(${colours.glow}, 0)`);
  context.fillStyle = gradient;
  context.fillRect(x - radius, y + 14 - radius, 2 * radius, 2 * radius);
}
