// Sparks, dust and rings: short-lived drawings that an event begins, and that fade at once when it is taken back.
import type { Game } from "../types.js";
import type { Palette } from "./palette.js";

type GameEvent = Game["event"];

type Shape = "burst" | "guard" | "dust" | "ring" | "shards";

interface Spark {
  readonly key: string;
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly lastsMs: number;
  readonly bornAt: number;
  /** A number of its own, so that no two bursts look the same. */
  readonly turn: number;
  cancelledAt: number | undefined;
}

const CANCEL_FADE_MS = 60;
const SPARKS_MOST = 40;

/** How much an event shakes the picture, in stage units. */
export function shakeOf(event: GameEvent): number {
  switch (event.type) {
    case "Hit":
      return event.blocked !== 0 ? event.strength * 0.6 : [1, 2.5, 5, 8][event.strength]!;
    case "Throw":
    case "HazardStrike":
      return 6;
    case "Ko":
      return 10;
    default:
      return 0;
  }
}

export class Sparks {
  #sparks: Spark[] = [];
  #count = 0;

  begin(key: string, event: GameEvent, now: number): void {
    const add = (shape: Shape, x: number, y: number, size: number, lastsMs: number) => {
      this.#count++;
      this.#sparks.push({
        key,
        shape,
        x,
        y,
        size,
        lastsMs,
        bornAt: now,
        turn: this.#count * 2.399,
        cancelledAt: undefined,
      });
      if (this.#sparks.length > SPARKS_MOST) this.#sparks.shift();
    };
    switch (event.type) {
      case "Hit":
        if (event.blocked !== 0) add("guard", event.x, event.y, 20 + 5 * event.strength, 220);
        else add("burst", event.x, event.y, 24 + 11 * event.strength, 240 + 60 * event.strength);
        return;
      case "Clash":
        add("burst", event.x, event.y, 30, 260);
        add("ring", event.x, event.y, 46, 320);
        return;
      case "Tech":
        add("ring", event.x, event.y, 50, 320);
        return;
      case "Throw":
        add("burst", event.x, event.y + 20, 34, 300);
        return;
      case "ProjectileSpawn":
        add("ring", event.x, event.y, event.great !== 0 ? 48 : 28, 240);
        return;
      case "Jump":
      case "Land":
        add("dust", event.x, 0, 22, 360);
        return;
      case "HazardStrike":
        add("shards", event.x, 20, 60, 520);
        add("dust", event.x, 0, 44, 520);
        return;
      default:
        return;
    }
  }

  cancel(key: string, now: number): void {
    for (const spark of this.#sparks) if (spark.key === key) spark.cancelledAt ??= now;
  }

  /** In stage units with y upwards. */
  draw(context: CanvasRenderingContext2D, palette: Palette, now: number): void {
    this.#sparks = this.#sparks.filter(
      ({ bornAt, lastsMs, cancelledAt }) =>
        now - bornAt < lastsMs && (cancelledAt === undefined || now - cancelledAt < CANCEL_FADE_MS),
    );
    for (const spark of this.#sparks) {
      const age = Math.max(0, now - spark.bornAt) / spark.lastsMs;
      const taken = spark.cancelledAt === undefined ? 1 : 1 - (now - spark.cancelledAt) / CANCEL_FADE_MS;
      context.save();
      context.translate(spark.x, spark.y);
      context.globalAlpha = (1 - age * age) * taken;
      DRAW[spark.shape](context, spark, age, palette);
      context.restore();
    }
  }
}

type Draw = (context: CanvasRenderingContext2D, spark: Spark, age: number, palette: Palette) => void;

const DRAW: Readonly<Record<Shape, Draw>> = { burst, guard, dust, ring, shards };

function burst(context: CanvasRenderingContext2D, { size, turn }: Spark, age: number, palette: Palette): void {
  const grown = size * (0.55 + 0.75 * Math.sqrt(age));
  const points = 9;
  for (const [share, fill] of [
    [1, palette.danger],
    [0.66, palette.spark],
  ] as const) {
    context.fillStyle = fill;
    context.beginPath();
    for (let i = 0; i < 2 * points; i++) {
      const far =
        (i % 2 === 0 ? grown * (0.8 + 0.35 * Math.sin(turn + i * 1.7)) : grown * 0.34) * share * (1 - 0.35 * age);
      const angle = turn + (Math.PI * i) / points;
      context.lineTo(Math.cos(angle) * far, Math.sin(angle) * far);
    }
    context.fill();
  }
  context.strokeStyle = palette.spark;
  context.lineWidth = 2.4 * (1 - age);
  context.beginPath();
  for (let i = 0; i < 8; i++) {
    const angle = turn * 1.3 + (Math.PI * i) / 4;
    const from = grown * (0.7 + age);
    context.moveTo(Math.cos(angle) * from, Math.sin(angle) * from);
    context.lineTo(Math.cos(angle) * (from + size * 0.4), Math.sin(angle) * (from + size * 0.4));
  }
  context.stroke();
}

function guard(context: CanvasRenderingContext2D, { size }: Spark, age: number, palette: Palette): void {
  context.strokeStyle = palette.guard;
  for (const share of [1, 0.62]) {
    context.lineWidth = 5 * (1 - age) * share;
    context.beginPath();
    for (let i = 0; i <= 6; i++) {
      const angle = (Math.PI * i) / 3 + Math.PI / 6;
      const far = size * share * (0.7 + 0.5 * age);
      context.lineTo(Math.cos(angle) * far * 0.6, Math.sin(angle) * far);
    }
    context.stroke();
  }
}

function dust(context: CanvasRenderingContext2D, { size, turn }: Spark, age: number, palette: Palette): void {
  for (let i = 0; i < 6; i++) {
    const side = i % 2 === 0 ? 1 : -1;
    const far = size * (0.3 + (i / 6) * 0.9) * (0.4 + age);
    const radius = size * 0.26 * (1 - 0.5 * age) * (0.7 + 0.3 * Math.sin(turn + i));
    context.fillStyle = `rgba(${palette.dust}, 0.6)`;
    context.beginPath();
    context.arc(side * far, radius + age * size * 0.3, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

function ring(context: CanvasRenderingContext2D, { size }: Spark, age: number, palette: Palette): void {
  context.strokeStyle = palette.spark;
  context.lineWidth = 5 * (1 - age);
  context.beginPath();
  context.arc(0, 0, size * (0.3 + 0.7 * Math.sqrt(age)), 0, 2 * Math.PI);
  context.stroke();
}

function shards(context: CanvasRenderingContext2D, { size, turn }: Spark, age: number, palette: Palette): void {
  for (let i = 0; i < 11; i++) {
    const angle = (Math.PI * (i + 0.5)) / 11;
    const far = size * (0.4 + 1.5 * age) * (0.7 + 0.3 * Math.sin(turn + i * 3));
    const y = Math.sin(angle) * far - age * age * size * 1.2;
    context.fillStyle = i % 2 === 0 ? palette.lantern : palette.danger;
    context.fillRect(Math.cos(angle) * far - 3, Math.max(-16, y), 6, 6);
  }
}
