// Draws a battle as one player sees it: reads a world, takes its events, and never writes to either.
import { MAP, Phase, TILE } from "../rules.js";
import type { Game, World } from "../types.js";
import { drawAnnouncement } from "./announce.js";
import { Buildings } from "./buildings.js";
import { Camera } from "./camera.js";
import { Director, type Shot } from "./director.js";
import { Effects } from "./effects.js";
import { Fog } from "./fog.js";
import { groundOf, tilesOf } from "./ground.js";
import { Minimap } from "./minimap.js";
import { Ores } from "./ores.js";
import { css, DAY, DUSK, type Palette } from "./palette.js";
import { drawPlan, type Plan } from "./plan.js";
import { Scene } from "./scene.js";
import { Soldiers } from "./soldiers.js";
import { Sprites } from "./sprites.js";

/** After a tab was hidden nothing is caught up: the picture goes on from where it is. */
const ELAPSED_MOST_MS = 100;
const PIXEL_RATIO_MOST = 2;
/** Whoever watches and has moved the picture is left alone for so long. */
const LEFT_ALONE_MS = 9000;
const CUT_TILES = 11;

export interface PainterOptions {
  readonly canvas: HTMLCanvasElement;
  readonly dark: () => boolean;
  /** No picture that moves by itself. */
  readonly calm: () => boolean;
}

export class Painter {
  readonly camera = new Camera();
  readonly scene = new Scene();
  readonly buildings = new Buildings();
  readonly minimap = new Minimap();
  readonly effects = new Effects();
  readonly fog = new Fog();
  readonly #options: PainterOptions;
  readonly #context: CanvasRenderingContext2D;
  readonly #director = new Director();
  readonly #ores = new Ores();
  readonly #sprites = new Sprites();
  readonly #soldiers = new Soldiers(this.scene, this.#sprites);
  #tiles: Uint8Array | undefined;
  #match = -1;
  #frame = -1;
  #lifted = false;
  #drawnAt = 0;
  #steeredAt = -Infinity;
  seat = 0;
  /** A person plays: the picture stays where he puts it, and his selection is shown. */
  steered = false;
  /** What a person is about to do: the box he draws, the building he places. */
  plan: Plan = {};
  /** When the player last wanted what he could not pay. */
  poorAt = -Infinity;
  /** Whether the whole map is shown, whoever sees it. */
  layer = false;

  constructor(options: PainterOptions) {
    this.#options = options;
    this.#context = options.canvas.getContext("2d", { alpha: false })!;
  }

  get palette(): Palette {
    return this.#options.dark() ? DUSK : DAY;
  }

  /** Another match has begun, in this seat. */
  sit(seat: number): void {
    this.seat = seat;
    this.#match = -1;
  }

  /** A hand has moved the picture. */
  steer(now: number): void {
    this.#steeredAt = now;
  }

  /** An event has happened; `key` names it, should it be taken back. */
  begin(key: string, event: Game["event"], now: number): void {
    if (event.type === "TooPoor" && event.owner === this.seat) this.poorAt = now;
    if (!this.shows(event)) return;
    this.effects.begin(key, event, this.palette, now);
    this.#director.note(event);
    if (event.type === "Death") this.minimap.flash({ x: event.x / TILE, y: event.y / TILE }, now);
  }

  cancel(key: string, _: Game["event"], now: number): void {
    this.effects.cancel(key, now);
  }

  /** Whether the watcher is there to see it. */
  shows(event: Game["event"]): boolean {
    return !("x" in event) || this.fog.sees(event.x / TILE, event.y / TILE);
  }

  draw(world: World, now: number): void {
    const elapsedMs = Math.min(ELAPSED_MOST_MS, now - this.#drawnAt);
    this.#drawnAt = now;
    const ratio = this.#fit();
    const { palette, camera } = this;
    if (camera.width === 0 || camera.height === 0) return;
    this.#sample(world, palette, now);
    if (!this.steered && now - this.#steeredAt > LEFT_ALONE_MS) {
      this.#direct(this.#director.look(world, this.scene, this.seat, now));
    }
    camera.move(elapsedMs);
    this.scene.move(now);
    this.effects.age(now);
    this.#paint(world, palette, ratio, now);
  }

  /** Follows, or for who wants no motion cuts, and only when the place is out of the picture. */
  #direct({ at, tiles }: Shot): void {
    const { camera } = this;
    if (!this.#options.calm()) camera.glide(at, tiles);
    else if (Math.hypot(at.x - camera.middle.x, at.y - camera.middle.y) > CUT_TILES) camera.jump(at, tiles);
  }

  #sample(world: World, palette: Palette, now: number): void {
    if (world.matches !== this.#match || world.frame < this.#frame - 40) this.#reset(world);
    const lifted = this.layer || world.phase === Phase.Over || world.seats[this.seat]!.alive === 0;
    if (world.frame === this.#frame && lifted === this.#lifted) return;
    this.#frame = world.frame;
    this.#lifted = lifted;
    const { fog, scene, buildings, seat } = this;
    fog.sample(world.land, seat, lifted, palette);
    scene.sample(world, (owner, x, y) => owner === seat || fog.sees(x, y), now);
    buildings.sample(world, fog, seat);
    this.#ores.sample(world.land, fog, world.frame);
    this.minimap.sample(scene, buildings.known);
  }

  #reset(world: World): void {
    this.#match = world.matches;
    this.#tiles = tilesOf(world.land);
    this.fog.reset();
    this.buildings.reset();
    this.#ores.reset();
    this.effects.reset();
    this.#director.reset();
    const { homeX, homeY } = world.seats[this.seat]!;
    this.camera.jump({ x: homeX, y: homeY });
  }

  #paint(world: World, palette: Palette, ratio: number, now: number): void {
    const context = this.#context;
    const { camera, fog, scene, effects } = this;
    const { left, top, scale, width, height } = camera;
    const land = groundOf(this.#tiles!, palette);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = css(palette.unknown);
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = true;
    context.drawImage(land, -left * scale, -top * scale, MAP * scale, MAP * scale);
    this.#ores.draw(context, camera, palette);
    effects.draw(context, camera, palette, "below", now);
    this.buildings.draw(context, { camera, ratio, palette, sprites: this.#sprites, scene, now });
    const watcher = { seat: this.seat, selects: this.steered };
    this.#soldiers.draw(context, camera, ratio, palette, watcher, now);
    effects.draw(context, camera, palette, "above", now);
    fog.draw(context, camera);
    drawPlan(context, this.plan, camera, palette, this.seat);
    this.minimap.draw(context, camera, land, fog, palette, ratio, now);
    drawAnnouncement(context, world, camera, palette);
  }

  /** The canvas has as many pixels as the screen has where it lies. Answers how many there are to one of CSS. */
  #fit(): number {
    const { canvas } = this.#options;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const ratio = Math.min(PIXEL_RATIO_MOST, globalThis.devicePixelRatio);
    const across = Math.round(width * ratio);
    const down = Math.round(height * ratio);
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
    }
    this.camera.fit(width, height);
    return ratio;
  }
}
