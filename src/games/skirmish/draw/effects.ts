// Arrows, blows, deaths and fires: short drawings that an event begins, and that fade at once when it is taken back.
import { Kind, TILE } from "../rules.js";
import type { Game } from "../types.js";
import type { Camera } from "./camera.js";
import { type Palette, PLAYERS } from "./palette.js";
import { disc } from "./paths.js";

type GameEvent = Game["event"];

type Shape = "arrow" | "slash" | "stone" | "dust" | "fallen" | "ring" | "ruin" | "mark";

interface Effect {
  readonly key: string;
  readonly shape: Shape;
  /** In tiles. */
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly size: number;
  readonly colour: string;
  readonly bornAt: number;
  readonly lastsMs: number;
  cancelledAt: number | undefined;
}

const CANCEL_FADE_MS = 80;
/** In a great battle the oldest ones give way. */
const EFFECTS_MOST = 420;
const ARROW_TILES_PER_MS = 0.022;
const STONE_TILES_PER_MS = 0.0085;
const TURRET = 0;

/** What lies on the ground, below the units. */
const BELOW: readonly Shape[] = ["fallen", "mark"];

export class Effects {
  #effects: Effect[] = [];

  /** An event that the watcher sees. */
  begin(key: string, event: GameEvent, palette: Palette, now: number): void {
    switch (event.type) {
      case "Blow":
        this.#blow(key, event, palette, now);
        return;
      case "Death":
        this.#add(key, "fallen", event, event.kind === Kind.Ram ? 0.6 : 0.42, PLAYERS[event.owner]!.main, now, 2600);
        return;
      case "Born":
        this.#add(key, "ring", event, 0.6, PLAYERS[event.owner]!.light, now, 380);
        return;
      case "Founded":
        this.#add(key, "dust", event, 1.4, palette.shore.join(", "), now, 500);
        return;
      case "Built":
        this.#add(key, "ring", event, 2.6, PLAYERS[event.owner]!.light, now, 700);
        return;
      case "Razed":
        this.#add(key, "ruin", event, 2, palette.fire, now, 2400);
        return;
      default:
        return;
    }
  }

  /** Where a person has sent his units, in tiles. */
  mark(x: number, y: number, colour: string, now: number): void {
    this.#push({
      key: "",
      shape: "mark",
      x,
      y,
      toX: x,
      toY: y,
      size: 0.9,
      colour,
      bornAt: now,
      lastsMs: 500,
      cancelledAt: undefined,
    });
  }

  cancel(key: string, now: number): void {
    for (const effect of this.#effects) if (effect.key === key) effect.cancelledAt ??= now;
  }

  reset(): void {
    this.#effects = [];
  }

  #blow(key: string, event: Extract<GameEvent, { type: "Blow" }>, palette: Palette, now: number): void {
    const far = Math.hypot(event.toX - event.x, event.toY - event.y) / TILE;
    if (event.kind === Kind.Bow || event.kind === TURRET) {
      const lasts = Math.max(90, far / ARROW_TILES_PER_MS);
      this.#add(key, "arrow", event, event.kind === TURRET ? 0.62 : 0.44, palette.arrow, now, lasts, event);
    } else if (event.kind === Kind.Ram) {
      this.#add(key, "stone", event, 0.2, palette.stone, now, Math.max(240, far / STONE_TILES_PER_MS), event);
    } else this.#add(key, "slash", event, event.kind === Kind.Rider ? 0.52 : 0.4, palette.spark, now, 170, event);
  }

  #add(
    key: string,
    shape: Shape,
    at: { readonly x: number; readonly y: number },
    size: number,
    colour: string,
    now: number,
    lastsMs: number,
    to?: { readonly toX: number; readonly toY: number },
  ): void {
    const x = at.x / TILE;
    const y = at.y / TILE;
    const toX = to === undefined ? x : to.toX / TILE;
    const toY = to === undefined ? y : to.toY / TILE;
    this.#push({ key, shape, x, y, toX, toY, size, colour, bornAt: now, lastsMs, cancelledAt: undefined });
  }

  #push(effect: Effect): void {
    this.#effects.push(effect);
    if (this.#effects.length > EFFECTS_MOST) this.#effects.shift();
  }

  /** Forgets what is over; once a picture. */
  age(now: number): void {
    this.#effects = this.#effects.filter(
      ({ bornAt, lastsMs, cancelledAt }) =>
        now - bornAt < lastsMs && (cancelledAt === undefined || now - cancelledAt < CANCEL_FADE_MS),
    );
  }

  draw(
    context: CanvasRenderingContext2D,
    { left, top, scale, width, height }: Camera,
    palette: Palette,
    layer: "below" | "above",
    now: number,
  ): void {
    context.lineCap = "round";
    for (const effect of this.#effects) {
      if (BELOW.includes(effect.shape) !== (layer === "below")) continue;
      const px = (effect.x - left) * scale;
      const py = (effect.y - top) * scale;
      const toX = (effect.toX - left) * scale;
      const toY = (effect.toY - top) * scale;
      const reach = 4 * scale;
      if (Math.max(px, toX) < -reach || Math.max(py, toY) < -reach) continue;
      if (Math.min(px, toX) > width + reach || Math.min(py, toY) > height + reach) continue;
      const age = Math.max(0, now - effect.bornAt) / effect.lastsMs;
      const left01 = effect.cancelledAt === undefined ? 1 : 1 - (now - effect.cancelledAt) / CANCEL_FADE_MS;
      const drawn = { ...effect, px, py, toX, toY, size: effect.size * scale, age, scale };
      context.globalAlpha = left01;
      DRAW[effect.shape](context, drawn, palette);
    }
    context.globalAlpha = 1;
  }
}

/** An effect at a moment of its life, in pixels; `age` from 0 to 1. */
interface Drawn {
  readonly px: number;
  readonly py: number;
  readonly toX: number;
  readonly toY: number;
  readonly size: number;
  readonly scale: number;
  readonly age: number;
  readonly colour: string;
}

const DRAW: Readonly<Record<Shape, (context: CanvasRenderingContext2D, drawn: Drawn, palette: Palette) => void>> = {
  arrow,
  slash,
  stone,
  dust,
  fallen,
  ring,
  ruin,
  mark,
};

function arrow(context: CanvasRenderingContext2D, { px, py, toX, toY, size, age, scale, colour }: Drawn): void {
  const angle = Math.atan2(toY - py, toX - px);
  const arch = Math.sin(Math.PI * age) * 0.35 * scale;
  const x = px + (toX - px) * age;
  const y = py + (toY - py) * age - arch;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.2, scale * 0.07);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - Math.cos(angle) * size, y - Math.sin(angle) * size);
  context.stroke();
}

function slash(context: CanvasRenderingContext2D, { px, py, toX, toY, size, age, scale, colour }: Drawn): void {
  const angle = Math.atan2(toY - py, toX - px);
  const far = Math.max(0, Math.hypot(toX - px, toY - py) - size);
  context.globalAlpha *= 1 - age;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.4, scale * 0.12 * (1 - age));
  context.beginPath();
  context.arc(px + Math.cos(angle) * far, py + Math.sin(angle) * far, size, angle - 1 + age, angle + 0.4 + age);
  context.stroke();
}

function stone(context: CanvasRenderingContext2D, drawn: Drawn, palette: Palette): void {
  const { px, py, toX, toY, size, age, scale, colour } = drawn;
  const x = px + (toX - px) * age;
  const y = py + (toY - py) * age;
  context.fillStyle = palette.shadow;
  disc(context, x, y, size);
  const rise = Math.sin(Math.PI * age) * 1.5 * scale;
  context.fillStyle = palette.outline;
  disc(context, x, y - rise, size * 1.35);
  context.fillStyle = colour;
  disc(context, x, y - rise, size);
}

function dust(context: CanvasRenderingContext2D, { px, py, size, age, colour }: Drawn): void {
  context.fillStyle = `rgba(${colour}, ${0.5 * (1 - age)})`;
  for (let i = 0; i < 8; i++) {
    const angle = i * 0.785;
    const far = size * (0.4 + 0.8 * age);
    disc(context, px + Math.cos(angle) * far, py + Math.sin(angle) * far, size * 0.28 * (1 - 0.4 * age));
  }
}

/** Cloth on the ground, which fades. */
function fallen(context: CanvasRenderingContext2D, { px, py, size, age, colour }: Drawn, palette: Palette): void {
  context.globalAlpha *= 0.85 * (1 - age) ** 0.7;
  context.fillStyle = palette.outline;
  context.beginPath();
  context.ellipse(px, py, size * 1.15, size * 0.8, px, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = colour;
  context.beginPath();
  context.ellipse(px, py, size * 0.86, size * 0.5, px, 0, 2 * Math.PI);
  context.fill();
  if (age > 0.14) return;
  context.globalAlpha = 1 - age / 0.14;
  context.strokeStyle = palette.spark;
  context.lineWidth = size * 0.24;
  context.beginPath();
  context.arc(px, py, size * (0.6 + 5 * age), 0, 2 * Math.PI);
  context.stroke();
}

function ring(context: CanvasRenderingContext2D, { px, py, size, age, colour }: Drawn): void {
  context.globalAlpha *= 1 - age;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.5, size * 0.12);
  context.beginPath();
  context.arc(px, py, size * (0.4 + 0.6 * Math.sqrt(age)), 0, 2 * Math.PI);
  context.stroke();
}

function ruin(context: CanvasRenderingContext2D, { px, py, size, age, colour }: Drawn, palette: Palette): void {
  const blaze = Math.max(0, 1 - age * 3);
  context.fillStyle = colour;
  context.globalAlpha *= blaze;
  disc(context, px, py, size * (0.5 + age * 2));
  context.fillStyle = palette.spark;
  disc(context, px, py, size * (0.25 + age));
  context.globalAlpha = 1;
  for (let i = 0; i < 9; i++) {
    const angle = i * 2.4;
    const far = size * (0.25 + 0.09 * i) * (0.5 + 0.7 * Math.sqrt(age));
    context.fillStyle = `rgba(${palette.smoke}, ${0.55 * (1 - age)})`;
    const rise = size * 0.9 * age;
    disc(context, px + Math.cos(angle) * far, py + Math.sin(angle) * far - rise, size * (0.22 + 0.3 * age));
  }
}

function mark(context: CanvasRenderingContext2D, { px, py, size, age, colour }: Drawn): void {
  context.globalAlpha *= 1 - age;
  context.strokeStyle = colour;
  context.lineWidth = 2.2;
  context.beginPath();
  context.arc(px, py, size * (1 - 0.65 * age), 0, 2 * Math.PI);
  context.stroke();
}
