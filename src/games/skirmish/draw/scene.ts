// The units there are to draw, read from the state once a frame: plain rows, with where each one came from.
import { FIRST_BUILDING, Kind, NOBODY, TILE, UNITS } from "../rules.js";
import type { Units, World } from "../types.js";
import type { Spot } from "./camera.js";

/** A picture shows units on their way to where they are: a little more than a frame, as frames come unevenly. */
const FRAME_MS = 56;
/** Whoever moves further in one frame is somebody else in the same place. */
const JUMP_TILES = 1.5;
/** 16ths of a 256th of a tile a frame; below it a unit only shuffles, and keeps its face. */
const TURN_SPEED = 40;

/** Rows by place of the state. Places on the map are in tiles, angles in radians, clockwise from east. */
export class Scene {
  /** The places in sight, `count` of them. */
  readonly shown = new Uint16Array(UNITS);
  count = 0;
  /** Where each one is drawn; `move` brings them up to date. */
  readonly x = new Float32Array(UNITS);
  readonly y = new Float32Array(UNITS);
  readonly facing = new Float32Array(UNITS);
  readonly kind = new Uint8Array(UNITS);
  readonly owner = new Uint8Array(UNITS);
  readonly health = new Int16Array(UNITS);
  readonly groups = new Uint8Array(UNITS);
  readonly load = new Uint8Array(UNITS);
  /** When it last struck, in ms of the page. */
  readonly struckAt = new Float64Array(UNITS);
  readonly #fromX = new Float32Array(UNITS);
  readonly #fromY = new Float32Array(UNITS);
  readonly #toX = new Float32Array(UNITS);
  readonly #toY = new Float32Array(UNITS);
  readonly #cool = new Uint8Array(UNITS);
  #end = 0;
  #sampledAt = -Infinity;

  /** Takes the frame that the world is at; `shows` says whose units are in sight, and where. */
  sample(world: World, shows: (owner: number, x: number, y: number) => boolean, now: number): void {
    this.move(now);
    const { units, unitsEnd } = world;
    let count = 0;
    for (let i = 0; i < unitsEnd; i++) {
      const kind = units.kind.at(i);
      const known = i < this.#end && this.kind[i] === kind;
      this.kind[i] = kind;
      if (kind === Kind.None) continue;
      this.#take(units, i, known, now);
      if (shows(this.owner[i]!, this.#toX[i]!, this.#toY[i]!)) this.shown[count++] = i;
      else this.#hide(i);
    }
    this.#end = unitsEnd;
    this.count = count;
    this.#sampledAt = now;
  }

  /** Where everybody is drawn at this moment. */
  move(now: number): void {
    const share = Math.max(0, Math.min(1, (now - this.#sampledAt) / FRAME_MS));
    for (let row = 0; row < this.count; row++) {
      const i = this.shown[row]!;
      this.x[i] = this.#fromX[i]! + (this.#toX[i]! - this.#fromX[i]!) * share;
      this.y[i] = this.#fromY[i]! + (this.#toY[i]! - this.#fromY[i]!) * share;
    }
  }

  /** The shown unit nearest to a place, within so many tiles, of those that `fits` accepts. */
  nearest({ x, y }: Spot, within: number, fits: (place: number) => boolean): number | undefined {
    let best: number | undefined;
    let least = within * within;
    for (let row = 0; row < this.count; row++) {
      const i = this.shown[row]!;
      const far = (this.x[i]! - x) ** 2 + (this.y[i]! - y) ** 2;
      if (far >= least || !fits(i)) continue;
      least = far;
      best = i;
    }
    return best;
  }

  #take(units: Units, i: number, known: boolean, now: number): void {
    const x = units.x.at(i) / TILE;
    const y = units.y.at(i) / TILE;
    const owner = units.owner.at(i);
    const jumped = Math.abs(x - this.#toX[i]!) + Math.abs(y - this.#toY[i]!) > JUMP_TILES;
    const same = known && owner === this.owner[i] && !jumped;
    const cool = units.cool.at(i);
    if (same) {
      // From where it was last drawn, wherever that was: no picture ever jumps.
      this.#fromX[i] = this.x[i]!;
      this.#fromY[i] = this.y[i]!;
      if (cool > this.#cool[i]!) this.struckAt[i] = now;
    } else {
      this.#fromX[i] = this.x[i] = x;
      this.#fromY[i] = this.y[i] = y;
      this.struckAt[i] = -Infinity;
      this.facing[i] = i * 2.399;
    }
    this.#toX[i] = x;
    this.#toY[i] = y;
    this.owner[i] = owner;
    this.health[i] = units.health.at(i);
    this.groups[i] = units.groups.at(i);
    this.load[i] = units.load.at(i);
    this.#cool[i] = cool;
    this.#face(units, i, cool, x, y);
  }

  /** Nobody is drawn there; when he comes into sight again, it is where he then is. */
  #hide(i: number): void {
    this.x[i] = this.#toX[i]!;
    this.y[i] = this.#toY[i]!;
  }

  #face(units: Units, i: number, cool: number, x: number, y: number): void {
    const vx = units.vx.at(i);
    const vy = units.vy.at(i);
    const target = units.target.at(i);
    if (cool > 0 && target < FIRST_BUILDING && target !== NOBODY && target < this.#end && this.kind[target] !== 0)
      this.facing[i] = Math.atan2(this.#toY[target]! - y, this.#toX[target]! - x);
    else if (vx * vx + vy * vy > TURN_SPEED * TURN_SPEED) this.facing[i] = Math.atan2(vy, vx);
  }
}
