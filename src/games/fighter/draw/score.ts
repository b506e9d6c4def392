// What is written over the picture: health with its delayed drain, meter, rounds, the clock, combos and banners.
import { CHARACTERS } from "../characters.js";
import { METER_MAX, Phase, ROUNDS_TO_WIN } from "../rules.js";
import type { Fighter, World } from "../types.js";
import { type Banner, bannerOf } from "./announce.js";
import type { Palette } from "./palette.js";

const FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const DRAIN_WAITS_MS = 450;
const DRAIN_PER_MS = 0.0006;
const COMBO_STAYS_MS = 900;
/** Of the health bar: the name stands beside the meter. */
const METER_SHARE = 0.54;

interface Drain {
  shown: number;
  health: number;
  hurtAt: number;
}

interface Combo {
  hits: number;
  damage: number;
  at: number;
}

export interface Names {
  readonly first: string;
  readonly second: string;
}

export class Score {
  readonly #drains: [Drain, Drain] = [freshDrain(), freshDrain()];
  readonly #combos: [Combo, Combo] = [
    { hits: 0, damage: 0, at: -Infinity },
    { hits: 0, damage: 0, at: -Infinity },
  ];
  #banner: { readonly text: string; readonly since: number } = { text: "", since: 0 };

  draw(
    context: CanvasRenderingContext2D,
    world: World,
    names: Names,
    size: { width: number; height: number },
    palette: Palette,
    now: number,
    elapsedMs: number,
  ): void {
    // One unit is a pixel of a picture that is 480 wide; small pictures keep letters that can be read.
    const unit = Math.max(0.86, Math.min(1.9, size.width / 480));
    for (const seat of [0, 1] as const) {
      const fighter = world.fighters[seat]!;
      this.#drawBars(
        context,
        fighter,
        seat,
        seat === 0 ? names.first : names.second,
        size.width,
        unit,
        palette,
        now,
        elapsedMs,
      );
      this.#drawCombo(context, fighter, seat, size, unit, palette, now);
    }
    drawClock(context, world, size.width, unit, palette);
    this.#drawBanner(context, bannerOf(world, [names.first, names.second]), size, unit, palette, now);
  }

  #drawBars(
    context: CanvasRenderingContext2D,
    fighter: Fighter,
    seat: 0 | 1,
    name: string,
    width: number,
    unit: number,
    palette: Palette,
    now: number,
    elapsedMs: number,
  ): void {
    const { health, meter, roundsWon, character } = fighter;
    const share = health / CHARACTERS[character]!.health;
    const drained = drain(this.#drains[seat], share, now, elapsedMs);
    const edge = 12 * unit;
    const long = width / 2 - 42 * unit;
    const top = 12 * unit;
    // Both bars empty towards the outside: seat 0 is drawn from the clock to the left, seat 1 to the right.
    const inner = seat === 0 ? edge + long : width - edge - long;
    const outward = seat === 0 ? -1 : 1;
    const bar = (y: number, high: number, part: number, fill: string) => {
      context.fillStyle = fill;
      context.fillRect(Math.min(inner, inner + outward * long * part), y, long * part, high);
    };
    context.fillStyle = palette.barBack;
    context.fillRect(Math.min(inner, inner + outward * long) - 2, top - 2, long + 4, 12 * unit + 4);
    bar(top, 12 * unit, drained, palette.drain);
    bar(top, 12 * unit, share, palette.players[seat].main);
    context.fillStyle = "rgba(255, 255, 255, 0.22)";
    context.fillRect(Math.min(inner, inner + outward * long * share), top, long * share, 4 * unit);
    const meterTop = top + 17 * unit;
    context.fillStyle = palette.barBack;
    context.fillRect(
      Math.min(inner, inner + outward * long * METER_SHARE) - 1,
      meterTop - 1,
      long * METER_SHARE + 2,
      4 * unit + 2,
    );
    const full = meter >= METER_MAX;
    bar(
      meterTop,
      4 * unit,
      (METER_SHARE * meter) / METER_MAX,
      full && now % 500 < 300 ? palette.meterFull : full ? palette.danger : palette.meter,
    );
    context.textBaseline = "top";
    context.textAlign = seat === 0 ? "left" : "right";
    const textX = seat === 0 ? edge : width - edge;
    label(
      context,
      `${name} · ${CHARACTERS[character]!.name}`,
      textX,
      top + 16 * unit,
      600,
      Math.max(10, 11 * unit),
      palette,
    );
    for (let round = 0; round < ROUNDS_TO_WIN; round++) {
      const x = inner + outward * (6 + round * 13) * unit;
      pip(context, x, meterTop + 13 * unit, 4 * unit, round < roundsWon, palette);
    }
  }

  #drawCombo(
    context: CanvasRenderingContext2D,
    fighter: Fighter,
    seat: 0 | 1,
    size: { width: number; height: number },
    unit: number,
    palette: Palette,
    now: number,
  ): void {
    const combo = this.#combos[seat];
    if (fighter.combo >= 2) {
      combo.hits = fighter.combo;
      combo.damage = fighter.comboDamage;
      combo.at = now;
    }
    const age = now - combo.at;
    if (age > COMBO_STAYS_MS) return;
    context.globalAlpha = age < COMBO_STAYS_MS - 250 ? 1 : (COMBO_STAYS_MS - age) / 250;
    context.textAlign = seat === 0 ? "left" : "right";
    context.textBaseline = "top";
    const x = seat === 0 ? 14 * unit : size.width - 14 * unit;
    label(context, `${combo.hits} hits`, x, 56 * unit, 800, 22 * unit, palette, palette.players[seat].main);
    label(context, `${combo.damage} damage`, x, 82 * unit, 500, 11 * unit, palette);
    context.globalAlpha = 1;
  }

  #drawBanner(
    context: CanvasRenderingContext2D,
    banner: Banner | undefined,
    { width, height }: { width: number; height: number },
    unit: number,
    palette: Palette,
    now: number,
  ): void {
    if (banner === undefined) return;
    if (banner.title !== this.#banner.text) this.#banner = { text: banner.title, since: now };
    const age = Math.min(1, (now - this.#banner.since) / 160);
    const middle = Math.max(height * 0.33, 84 * unit);
    const high = (banner.text === undefined ? 50 : 66) * unit;
    context.globalAlpha = age;
    if (banner.bare !== true) {
      context.fillStyle = palette.paper;
      context.fillRect(0, middle - high / 2, width, high);
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    const titleSize = 30 * unit * (1.25 - 0.25 * age);
    const offset = banner.text === undefined ? 0 : -11 * unit;
    const fill = banner.seat === undefined ? palette.ink : palette.players[banner.seat].main;
    if (banner.bare === true) label(context, banner.title, width / 2, middle, 800, titleSize, palette, fill);
    else write(context, banner.title, width / 2, middle + offset, 800, titleSize, fill);
    if (banner.text !== undefined)
      write(context, banner.text, width / 2, middle + 19 * unit, 500, 12 * unit, palette.quiet);
    context.globalAlpha = 1;
  }
}

function freshDrain(): Drain {
  return { shown: 1, health: 1, hurtAt: -Infinity };
}

/** Health that was just lost stays visible for a moment, and then runs out. */
function drain(drain: Drain, share: number, now: number, elapsedMs: number): number {
  if (share < drain.health) drain.hurtAt = now;
  drain.health = share;
  if (share >= drain.shown) drain.shown = share;
  else if (now - drain.hurtAt > DRAIN_WAITS_MS) drain.shown = Math.max(share, drain.shown - DRAIN_PER_MS * elapsedMs);
  return drain.shown;
}

function drawClock(
  context: CanvasRenderingContext2D,
  world: World,
  width: number,
  unit: number,
  palette: Palette,
): void {
  const seconds = Math.ceil(world.timer / 60);
  context.fillStyle = palette.barBack;
  context.beginPath();
  context.roundRect(width / 2 - 22 * unit, 6 * unit, 44 * unit, 30 * unit, 6 * unit);
  context.fill();
  context.textAlign = "center";
  context.textBaseline = "middle";
  const late = world.phase === Phase.Fight && seconds <= 10;
  write(
    context,
    String(seconds).padStart(2, "0"),
    width / 2,
    21.5 * unit,
    700,
    20 * unit,
    late ? palette.meterFull : "#ffffff",
  );
}

function pip(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  won: boolean,
  palette: Palette,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = won ? palette.meterFull : palette.barBack;
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = palette.quiet;
  context.stroke();
}

function label(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  weight: number,
  size: number,
  palette: Palette,
  fill = palette.ink,
): void {
  context.font = `${weight} ${size}px ${FONT}`;
  context.lineJoin = "round";
  context.lineWidth = Math.max(2, size / 5);
  context.strokeStyle = palette.paper;
  context.strokeText(text, x, y);
  context.fillStyle = fill;
  context.fillText(text, x, y);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  weight: number,
  size: number,
  fill: string,
): void {
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = fill;
  context.fillText(text, x, y);
}
