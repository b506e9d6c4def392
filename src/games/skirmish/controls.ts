// A hand on the map: clicks, boxes and fingers become commands of a person, or movements of the picture.

import { rallyOf } from "./draw/buildings.js";
import type { Spot } from "./draw/camera.js";
import type { Painter } from "./draw/painter.js";
import { PLAYERS } from "./draw/palette.js";
import type { Plan, Site } from "./draw/plan.js";
import { Gestures } from "./gestures.js";
import { FIRST_BUILDING, Kind, MAP } from "./rules.js";
import { BUILDING_STATS } from "./stats.js";
import type { World } from "./types.js";
import { builderFor, isFree, kindsIn, length, selectionOf, type Wishes } from "./wishes.js";

/** How near to a unit a click has to be, in tiles; a finger is thicker. */
const CLICK_TILES = 0.7;
const FINGER_TILES = 1.3;
const BOX_LEAST_PX = 6;

/** What the next click means. */
export type Mode =
  | { readonly type: "select" }
  | { readonly type: "advance" }
  | { readonly type: "build"; readonly structure: number };

export interface ControlsOptions {
  readonly canvas: HTMLCanvasElement;
  readonly painter: Painter;
  readonly wishes: Wishes;
  /** Called when the mode, or the selected building, has changed. */
  readonly onChange: () => void;
}

export class Controls {
  readonly #options: ControlsOptions;
  readonly #gestures: Gestures;
  #mode: Mode = { type: "select" };
  #world: World | undefined;
  #drawn: readonly [Spot, Spot] | undefined;
  #site: Site | undefined;
  /** A finger draws boxes instead of moving the picture. */
  boxes = false;
  /** A building of one's own that was clicked. */
  building: number | undefined;

  constructor(options: ControlsOptions) {
    this.#options = options;
    const { canvas, painter } = options;
    this.#gestures = new Gestures(canvas, {
      plays: () => this.#plays,
      boxes: (touch) => this.#plays && this.#mode.type === "select" && (!touch || this.boxes),
      spotOfMap: (px, py) => painter.minimap.spot(px, py),
      onMap: (spot) => this.#look(() => painter.camera.jump(spot)),
      onPan: (dx, dy) => this.#look(() => painter.camera.drag(dx, dy)),
      onZoom: (factor, px, py) => this.#look(() => painter.camera.zoom(factor, px, py)),
      onHover: (px, py) => this.#hover(px, py),
      onBox: (from, to, done, add) => this.#box(from, to, done, add),
      onClick: (px, py, click) => this.#click(px, py, click),
      onOrder: (px, py, touch) => this.#order(px, py, touch),
    });
  }

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = mode;
    this.#site = undefined;
    this.#options.onChange();
  }

  /** To be called when a person begins to play, or ends. */
  reset(): void {
    this.building = undefined;
    this.mode = { type: "select" };
    this.#gestures.refit();
  }

  get #plays(): boolean {
    return this.#options.painter.steered;
  }

  /** To be called for each picture: the world as it is, and the time that a held key or the picture's edge moves it. */
  look(world: World, held: { readonly x: number; readonly y: number }, elapsedMs: number): void {
    this.#world = world;
    this.#options.painter.plan = { box: this.#drawn, site: this.#site, chosen: this.#chosen(world) };
    const edge = this.#plays ? this.#gestures.edge() : { x: 0, y: 0 };
    const x = held.x + edge.x;
    const y = held.y + edge.y;
    if (x !== 0 || y !== 0) this.#look(() => this.#options.painter.camera.drag(-x * elapsedMs, -y * elapsedMs));
  }

  /** The building that was clicked, as long as it is one's own: another one may stand there later. */
  #chosen(world: World): Plan["chosen"] {
    const building = this.building === undefined ? undefined : world.buildings[this.building]!;
    if (building === undefined || building.kind === 0 || building.owner !== this.#options.painter.seat) {
      this.building = undefined;
      return undefined;
    }
    const { tileX, tileY, kind } = building;
    return { tileX, tileY, tiles: BUILDING_STATS[kind]!.size, rally: rallyOf(building) };
  }

  #look(move: () => void): void {
    this.#options.painter.steer(performance.now());
    move();
  }

  #hover(px: number, py: number): void {
    if (this.#mode.type === "build") this.#site = this.#siteAt(px, py, this.#mode.structure);
  }

  #siteAt(px: number, py: number, structure: number): Site {
    const tiles = BUILDING_STATS[structure]!.size;
    const { x, y } = this.#options.painter.camera.spot(px, py);
    const tileX = Math.round(x - tiles / 2);
    const tileY = Math.round(y - tiles / 2);
    const free = this.#world !== undefined && isFree(this.#world, tileX, tileY, tiles);
    return { structure, tileX, tileY, free };
  }

  #box(from: Spot, to: Spot, done: boolean, add: boolean): void {
    const { painter, wishes } = this.#options;
    this.#drawn = done ? undefined : [from, to];
    if (!done || Math.hypot(to.x - from.x, to.y - from.y) < BOX_LEAST_PX) return;
    const a = painter.camera.spot(Math.min(from.x, to.x), Math.min(from.y, to.y));
    const b = painter.camera.spot(Math.max(from.x, to.x), Math.max(from.y, to.y));
    const { scene, seat } = painter;
    const kinds: number[] = [];
    for (let row = 0; row < scene.count; row++) {
      const i = scene.shown[row]!;
      const inside = scene.x[i]! >= a.x && scene.x[i]! <= b.x && scene.y[i]! >= a.y && scene.y[i]! <= b.y;
      if (inside && scene.owner[i] === seat) kinds.push(scene.kind[i]!);
    }
    this.#select();
    wishes.give((c) => c.selectBox(length(a.x), length(a.y), length(b.x), length(b.y), kindsIn(kinds), add));
  }

  #select(building?: number): void {
    if (building === this.building) return;
    this.building = building;
    this.#options.onChange();
  }

  #click(px: number, py: number, { touch, add, double }: Click): void {
    if (!this.#plays) return;
    switch (this.#mode.type) {
      case "select":
        this.#pick(px, py, touch, add, double);
        return;
      case "advance":
        this.mode = { type: "select" };
        this.#go("advance", this.#options.painter.camera.spot(px, py));
        return;
      case "build":
        this.#build(px, py, this.#mode.structure, add);
        return;
      default:
        this.#mode satisfies never;
    }
  }

  #pick(px: number, py: number, touch: boolean, add: boolean, double: boolean): void {
    const { painter, wishes } = this.#options;
    const { scene, seat, camera } = painter;
    const spot = camera.spot(px, py);
    const unit = scene.nearest(spot, touch ? FINGER_TILES : CLICK_TILES, (i) => scene.owner[i] === seat);
    if (unit !== undefined && double) {
      const kinds = 1 << scene.kind[unit]!;
      const a = camera.spot(0, 0);
      const b = camera.spot(camera.width, camera.height);
      this.#select();
      wishes.give((c) => c.selectBox(length(a.x), length(a.y), length(b.x), length(b.y), kinds, add));
    } else if (unit !== undefined) {
      this.#select();
      wishes.give((c) => c.selectUnits([unit], add));
    } else {
      const known = painter.buildings.at(spot);
      this.#select(known?.owner === seat ? known.slot : undefined);
      if (!add) wishes.give((c) => c.selectUnits([], false));
    }
  }

  #build(px: number, py: number, structure: number, more: boolean): void {
    const { wishes, painter } = this.#options;
    const world = this.#world!;
    const { tileX, tileY, free } = this.#siteAt(px, py, structure);
    if (!free) return;
    const builder =
      selectionOf(world, painter.seat)[Kind.Worker]! > 0 ? undefined : builderFor(world, painter.seat, tileX, tileY);
    if (builder !== undefined) wishes.give((c) => c.selectUnits([builder], false));
    wishes.give((c) => c.build(structure, tileX, tileY));
    if (!more) this.mode = { type: "select" };
  }

  /** The right button, or a long press: go there, dig there, fight that. */
  #order(px: number, py: number, touch: boolean): void {
    if (!this.#plays || this.#world === undefined) return;
    if (this.#mode.type !== "select") {
      this.mode = { type: "select" };
      return;
    }
    const { painter, wishes } = this.#options;
    const { scene, seat, camera } = painter;
    const spot = camera.spot(px, py);
    const counts = selectionOf(this.#world, seat);
    const fighters = counts.some((count, kind) => kind !== Kind.Worker && count > 0);
    const enemy = scene.nearest(spot, touch ? FINGER_TILES : CLICK_TILES, (i) => scene.owner[i] !== seat);
    const wall = painter.buildings.at(spot);
    const rally = this.building;
    if (rally !== undefined && !fighters && counts[Kind.Worker] === 0) {
      wishes.give((c) => c.rally(rally, length(spot.x), length(spot.y)));
      this.#mark(spot);
    } else if (enemy !== undefined) {
      wishes.give((c) => c.attack(enemy));
      this.#mark(spot);
    } else if (wall !== undefined && wall.owner !== seat) {
      wishes.give((c) => c.attack(FIRST_BUILDING + wall.slot));
      this.#mark(spot);
    } else if (counts[Kind.Worker]! > 0 && !fighters && oreAt(this.#world, spot)) {
      wishes.give((c) => c.gather(length(spot.x), length(spot.y)));
      this.#mark(spot);
    } else this.#go(touch && fighters ? "advance" : "move", spot);
  }

  #go(how: "move" | "advance", spot: Spot): void {
    const { wishes } = this.#options;
    const x = length(spot.x);
    const y = length(spot.y);
    wishes.give((c) => (how === "move" ? c.move(x, y) : c.advance(x, y)));
    this.#mark(spot);
  }

  #mark({ x, y }: Spot): void {
    const { painter } = this.#options;
    painter.effects.mark(x, y, PLAYERS[painter.seat]!.light, performance.now());
  }
}

export interface Click {
  readonly touch: boolean;
  readonly add: boolean;
  readonly double: boolean;
}

function oreAt({ land }: World, { x, y }: Spot): boolean {
  const inside = x >= 0 && y >= 0 && x < MAP && y < MAP;
  return inside && land.ore.at(Math.floor(y) * MAP + Math.floor(x)) > 0;
}
