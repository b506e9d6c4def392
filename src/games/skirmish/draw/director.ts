// Where to look when nobody steers: at the fight, else at the army on its way, else at home.
import { Kind, MAP, TILE } from "../rules.js";
import type { Game, World } from "../types.js";
import type { Spot } from "./camera.js";
import type { Scene } from "./scene.js";

/** Squares of the map in which blows are counted, in tiles. */
const SQUARE = 8;
const ACROSS = MAP / SQUARE;
const FADES_MS = 1800;
/** A picture that keeps turning shows nothing: another fight has to be this much hotter. */
const HOTTER = 1.8;
const STAYS_MS = 3500;
/** Less heat than this is a scout who met a guard. */
const FIGHT = 3;

const FIGHT_TILES = 24;
const MARCH_TILES = 30;
const HOME_TILES = 30;

export interface Shot {
  readonly at: Spot;
  readonly tiles: number;
}

export class Director {
  readonly #heat = new Float32Array(ACROSS * ACROSS);
  #agedAt = 0;
  #square: number | undefined;
  #since = -Infinity;

  reset(): void {
    this.#heat.fill(0);
    this.#square = undefined;
    this.#since = -Infinity;
  }

  /** An event in sight of the watcher. */
  note(event: Game["event"]): void {
    if (!("x" in event)) return;
    const square = squareAt(event.x / TILE, event.y / TILE);
    this.#heat[square]! += event.type === "Blow" ? 1 : event.type === "Death" ? 4 : event.type === "Razed" ? 14 : 0;
  }

  /** What is worth looking at now. */
  look(world: World, scene: Scene, seat: number, now: number): Shot {
    this.#fade(now);
    const square = this.#hottest(now);
    if (square !== undefined) return { at: middleOf(scene, square), tiles: FIGHT_TILES };
    const army = armyOf(scene, seat);
    if (army !== undefined) return { at: army, tiles: MARCH_TILES };
    const home = world.seats[seat]!;
    return { at: { x: home.homeX, y: home.homeY }, tiles: HOME_TILES };
  }

  #fade(now: number): void {
    const share = 0.5 ** ((now - this.#agedAt) / FADES_MS);
    this.#agedAt = now;
    for (let i = 0; i < this.#heat.length; i++) this.#heat[i]! *= share;
  }

  #hottest(now: number): number | undefined {
    let best = 0;
    for (let i = 1; i < this.#heat.length; i++) if (this.#heat[i]! > this.#heat[best]!) best = i;
    const current = this.#square;
    const stays = current !== undefined && (this.#heat[current]! >= FIGHT || now - this.#since < STAYS_MS);
    if (stays && (now - this.#since < STAYS_MS || this.#heat[best]! < HOTTER * this.#heat[current]!)) return current;
    const next = this.#heat[best]! >= FIGHT ? best : undefined;
    if (next !== current) this.#since = now;
    this.#square = next;
    return next;
  }
}

/** The middle of those who fight around there, so that the picture follows the front. */
function middleOf(scene: Scene, square: number): Spot {
  const x = ((square % ACROSS) + 0.5) * SQUARE;
  const y = (Math.floor(square / ACROSS) + 0.5) * SQUARE;
  return middle(scene, (i) => scene.kind[i] !== Kind.Worker && near(scene, i, x, y, SQUARE * 0.9)) ?? { x, y };
}

/** The largest crowd of the seat's own fighters, if there are some. */
function armyOf(scene: Scene, seat: number): Spot | undefined {
  const counts = new Uint16Array(ACROSS * ACROSS);
  let most = 0;
  for (let row = 0; row < scene.count; row++) {
    const i = scene.shown[row]!;
    if (scene.owner[i] !== seat || scene.kind[i] === Kind.Worker) continue;
    const square = squareAt(scene.x[i]!, scene.y[i]!);
    counts[square]!++;
    if (counts[square]! > counts[most]!) most = square;
  }
  if (counts[most]! < 4) return undefined;
  const x = ((most % ACROSS) + 0.5) * SQUARE;
  const y = (Math.floor(most / ACROSS) + 0.5) * SQUARE;
  const mine = (i: number) => scene.owner[i] === seat && scene.kind[i] !== Kind.Worker;
  return middle(scene, (i) => mine(i) && near(scene, i, x, y, SQUARE));
}

function middle(scene: Scene, counts: (i: number) => boolean): Spot | undefined {
  let x = 0;
  let y = 0;
  let count = 0;
  for (let row = 0; row < scene.count; row++) {
    const i = scene.shown[row]!;
    if (!counts(i)) continue;
    x += scene.x[i]!;
    y += scene.y[i]!;
    count++;
  }
  return count === 0 ? undefined : { x: x / count, y: y / count };
}

function near(scene: Scene, i: number, x: number, y: number, within: number): boolean {
  return Math.abs(scene.x[i]! - x) < within && Math.abs(scene.y[i]! - y) < within;
}

function squareAt(x: number, y: number): number {
  const within = (tile: number) => Math.max(0, Math.min(ACROSS - 1, Math.floor(tile / SQUARE)));
  return within(y) * ACROSS + within(x);
}
