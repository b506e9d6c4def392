// The units of the strategy game once more, in plain TypeScript over typed arrays: what a good engineer would write without wasm.
import { CELLS, CELLS_ACROSS, Kind, MAP, NOBODY, Order, UNITS } from "../src/games/skirmish/rules.js";
import { BONUS_ROWS, UNIT_STATS } from "../src/games/skirmish/stats.js";

/** The rows of the state that a battle changes, in any memory. */
export interface Rows {
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly vx: Int16Array;
  readonly vy: Int16Array;
  readonly health: Int16Array;
  readonly goalX: Int16Array;
  readonly goalY: Int16Array;
  readonly target: Uint16Array;
  readonly kind: Uint8Array;
  readonly owner: Uint8Array;
  readonly order: Uint8Array;
  readonly cool: Uint8Array;
  readonly stuck: Uint8Array;
  readonly wall: Uint8Array;
  readonly seen: Uint8Array;
  readonly explored: Uint8Array;
}

const AGGRESSION = 1280;
const LOOK_EVERY = 4;
const SPACING = 176;
const ARRIVAL = 112;
const CROWDED_ARRIVAL = 1792;
const CROWDED_FRAMES = 10;
const LEASH = 1792;
const STRAYED = 640;
const SPEED_MAX = 900;
const EDGE = 64;

const SPEED = Int32Array.from(UNIT_STATS, ({ speed }) => speed);
const RANGE = Int32Array.from(UNIT_STATS, ({ range }) => range);
const RELOAD = Int32Array.from(UNIT_STATS, ({ reload }) => reload);
/** Of a blow, by who strikes and who is struck. */
const DAMAGE = Int32Array.from(
  BONUS_ROWS.flatMap((row, kind) => row.map((percent) => Math.floor((UNIT_STATS[kind]!.damage * percent) / 100))),
);
const KINDS = UNIT_STATS.length;

function distance(dx: number, dy: number): number {
  const wide = dx < 0 ? -dx : dx;
  const high = dy < 0 ? -dy : dy;
  return wide > high ? wide + (high >> 1) : high + (wide >> 1);
}

/** The cell column or row of a coordinate, or the nearest one on the map. */
function line(at: number): number {
  const cell = at >> 9;
  return cell < 0 ? 0 : cell >= CELLS_ACROSS ? CELLS_ACROSS - 1 : cell;
}

/** One battle: armies without houses, workers or commands. */
export class Twin {
  readonly rows: Rows;
  frame: number;
  unitsEnd: number;
  #count = 0;
  readonly #cellOf = new Uint16Array(UNITS);
  readonly #starts = new Uint16Array(CELLS + 2);
  readonly #order = new Uint16Array(UNITS);
  readonly #x = new Int16Array(UNITS);
  readonly #y = new Int16Array(UNITS);
  readonly #owner = new Uint8Array(UNITS);
  readonly #stands = new Uint8Array(UNITS);
  readonly #near = new Uint8Array(CELLS);
  readonly #wider = new Uint8Array(CELLS);
  #wishX = 0;
  #wishY = 0;
  #pushX = 0;
  #pushY = 0;

  constructor(rows: Rows, frame: number, unitsEnd: number) {
    this.rows = rows;
    this.frame = frame;
    this.unitsEnd = unitsEnd;
  }

  step(): void {
    this.frame++;
    this.#gather();
    this.#look();
    this.#choose();
    this.#fight();
    this.#march();
    this.#bury();
  }

  #gather(): void {
    const { x, y, kind, owner } = this.rows;
    const end = this.unitsEnd;
    const cellOf = this.#cellOf;
    const starts = this.#starts.fill(0);
    const order = this.#order;
    for (let unit = 0; unit < end; unit++) {
      if (kind[unit] === Kind.None) continue;
      const cell = (y[unit]! >> 9) * CELLS_ACROSS + (x[unit]! >> 9);
      cellOf[unit] = cell;
      starts[cell + 2]!++;
    }
    for (let cell = 1; cell < CELLS + 2; cell++) starts[cell]! += starts[cell - 1]!;
    this.#count = starts[CELLS + 1]!;
    for (let unit = 0; unit < end; unit++) {
      if (kind[unit] === Kind.None) continue;
      const place = starts[cellOf[unit]! + 1]!++;
      order[place] = unit;
      this.#x[place] = x[unit]! ^ (place & 1);
      this.#y[place] = y[unit]! ^ ((place >> 1) & 1);
      this.#owner[place] = owner[unit]!;
    }
    this.#stands.fill(0, 0, end);
  }

  #look(): void {
    const near = this.#near.fill(0);
    for (let place = 0; place < this.#count; place++)
      near[this.#cellOf[this.#order[place]!]!]! |= 1 << this.#owner[place]!;
    this.#widen(near, this.#wider, false);
    this.#widen(this.#wider, near, true);
    this.#widen(near, this.#wider, false);
    const { seen, explored } = this.rows;
    for (let cell = 0; cell < CELLS; cell++) {
      seen[cell] = this.#wider[cell]!;
      explored[cell]! |= this.#wider[cell]!;
    }
  }

  /** Every cell takes over the masks of its four neighbours, or of all eight. */
  #widen(from: Uint8Array, to: Uint8Array, corners: boolean): void {
    const last = CELLS_ACROSS - 1;
    for (let row = 0; row <= last; row++) {
      for (let column = 0; column <= last; column++) {
        const cell = row * CELLS_ACROSS + column;
        const west = column > 0;
        const east = column < last;
        let mask = from[cell]!;
        if (west) mask |= from[cell - 1]!;
        if (east) mask |= from[cell + 1]!;
        if (row > 0) {
          mask |= from[cell - CELLS_ACROSS]!;
          if (corners && west) mask |= from[cell - CELLS_ACROSS - 1]!;
          if (corners && east) mask |= from[cell - CELLS_ACROSS + 1]!;
        }
        if (row < last) {
          mask |= from[cell + CELLS_ACROSS]!;
          if (corners && west) mask |= from[cell + CELLS_ACROSS - 1]!;
          if (corners && east) mask |= from[cell + CELLS_ACROSS + 1]!;
        }
        to[cell] = mask;
      }
    }
  }

  #choose(): void {
    const { order: about, target, seen } = this.rows;
    const turn = this.frame & (LOOK_EVERY - 1);
    for (let place = 0; place < this.#count; place++) {
      const unit = this.#order[place]!;
      if ((unit & (LOOK_EVERY - 1)) !== turn) continue;
      const owner = this.#owner[place]!;
      const order = about[unit]!;
      if (order === Order.Attack || this.#isEngaged(unit, owner)) continue;
      const alert = order === Order.Idle || order === Order.Advance || order === Order.Hold;
      const strangers = seen[this.#cellOf[unit]!]! & ~(1 << owner);
      target[unit] = alert && strangers !== 0 ? this.#nearestEnemy(place, owner) : NOBODY;
    }
  }

  #isFoe(target: number, owner: number): boolean {
    return target !== NOBODY && this.rows.kind[target] !== Kind.None && this.rows.owner[target] !== owner;
  }

  #isEngaged(unit: number, owner: number): boolean {
    const { x, y, kind, target: targets } = this.rows;
    const target = targets[unit]!;
    if (!this.#isFoe(target, owner)) return false;
    return distance(x[target]! - x[unit]!, y[target]! - y[unit]!) <= RANGE[kind[unit]!]!;
  }

  #nearestEnemy(of: number, owner: number): number {
    const xs = this.#x;
    const ys = this.#y;
    const owners = this.#owner;
    const starts = this.#starts;
    const x = xs[of]!;
    const y = ys[of]!;
    const left = line(x - AGGRESSION);
    const right = line(x + AGGRESSION);
    const bottom = line(y + AGGRESSION);
    let least = AGGRESSION + 1;
    let found = NOBODY;
    for (let row = line(y - AGGRESSION); row <= bottom; row++) {
      const end = starts[row * CELLS_ACROSS + right + 1]!;
      for (let place = starts[row * CELLS_ACROSS + left]!; place < end; place++) {
        if (owners[place] === owner) continue;
        const far = distance(xs[place]! - x, ys[place]! - y);
        if (far >= least) continue;
        least = far;
        found = place;
      }
    }
    return found === NOBODY ? NOBODY : this.#order[found]!;
  }

  #fight(): void {
    const { x, y, health, kind, cool, target: targets } = this.rows;
    for (let place = 0; place < this.#count; place++) {
      const unit = this.#order[place]!;
      const waits = cool[unit]!;
      if (waits > 0) cool[unit] = waits - 1;
      const target = targets[unit]!;
      if (target === NOBODY) continue;
      if (!this.#isFoe(target, this.#owner[place]!)) {
        targets[unit] = NOBODY;
        continue;
      }
      const mine = kind[unit]!;
      if (distance(x[target]! - x[unit]!, y[target]! - y[unit]!) > RANGE[mine]!) continue;
      this.#stands[unit] = 1;
      if (waits > 0) continue;
      cool[unit] = RELOAD[mine]!;
      health[target]! -= Math.max(DAMAGE[mine * KINDS + kind[target]!]!, 1);
    }
  }

  #march(): void {
    for (let place = 0; place < this.#count; place++) {
      const unit = this.#order[place]!;
      this.#wishX = 0;
      this.#wishY = 0;
      if (this.#stands[unit] === 0) this.#wish(unit);
      this.#press(place);
      this.#move(unit);
    }
  }

  #wish(unit: number): void {
    const { x, y, goalX, goalY, kind, order: about, stuck, target: targets } = this.rows;
    const order = about[unit]!;
    if (order === Order.Hold) return;
    const target = targets[unit]!;
    const toGoal = distance(goalX[unit]! - x[unit]!, goalY[unit]! - y[unit]!);
    const speed = SPEED[kind[unit]!]!;
    if (order === Order.Idle && target === NOBODY) {
      if (toGoal > STRAYED) about[unit] = Order.Advance;
    } else if (target !== NOBODY && order !== Order.Move) {
      if (order !== Order.Idle || toGoal <= LEASH) this.#steer(unit, x[target]!, y[target]!, speed);
    } else if (
      order === Order.Attack ||
      toGoal < ARRIVAL ||
      (toGoal < CROWDED_ARRIVAL && stuck[unit]! > CROWDED_FRAMES)
    ) {
      about[unit] = Order.Idle;
      stuck[unit] = 0;
      goalX[unit] = x[unit]!;
      goalY[unit] = y[unit]!;
    } else this.#steer(unit, goalX[unit]!, goalY[unit]!, speed);
  }

  #steer(unit: number, toX: number, toY: number, speed: number): void {
    const dx = toX - this.rows.x[unit]!;
    const dy = toY - this.rows.y[unit]!;
    const far = distance(dx, dy);
    if (far === 0) return;
    const share = ((speed << 8) / far) | 0;
    this.#wishX = (dx * share) >> 8;
    this.#wishY = (dy * share) >> 8;
  }

  #press(place: number): void {
    const xs = this.#x;
    const ys = this.#y;
    const starts = this.#starts;
    const x = xs[place]!;
    const y = ys[place]!;
    const left = line(x - SPACING);
    const right = line(x + SPACING);
    const bottom = line(y + SPACING);
    let pushX = 0;
    let pushY = 0;
    for (let row = line(y - SPACING); row <= bottom; row++) {
      const end = starts[row * CELLS_ACROSS + right + 1]!;
      for (let other = starts[row * CELLS_ACROSS + left]!; other < end; other++) {
        const dx = x - xs[other]!;
        const dy = y - ys[other]!;
        const force = SPACING - distance(dx, dy);
        if (force <= 0) continue;
        pushX += (dx * force + 32) >> 6;
        pushY += (dy * force + 32) >> 6;
      }
    }
    // As wide as the lanes that the game adds it up in.
    this.#pushX = (pushX << 16) >> 16;
    this.#pushY = (pushY << 16) >> 16;
  }

  #move(unit: number): void {
    const { vx: rowX, vy: rowY, stuck } = this.rows;
    const oldX = rowX[unit]!;
    const oldY = rowY[unit]!;
    const vx = Math.min(Math.max(oldX + ((this.#wishX - oldX) >> 2) + this.#pushX, -SPEED_MAX), SPEED_MAX);
    const vy = Math.min(Math.max(oldY + ((this.#wishY - oldY) >> 2) + this.#pushY, -SPEED_MAX), SPEED_MAX);
    rowX[unit] = vx;
    rowY[unit] = vy;
    const wanted = Math.abs(this.#wishX) + Math.abs(this.#wishY);
    if (wanted !== 0) {
      const before = stuck[unit]!;
      if ((Math.abs(vx) + Math.abs(vy)) * 3 > wanted) {
        if (before !== 0) stuck[unit] = before - 1;
      } else if (before < 255) stuck[unit] = before + 1;
    }
    this.#walk(unit, (vx + 8) >> 4, (vy + 8) >> 4);
  }

  #walk(unit: number, stepX: number, stepY: number): void {
    if ((stepX | stepY) === 0) return;
    const { x: rowX, y: rowY, vx, vy, wall } = this.rows;
    const x = rowX[unit]!;
    const y = rowY[unit]!;
    let newX = Math.min(Math.max(x + stepX, EDGE), 32767 - EDGE);
    let newY = Math.min(Math.max(y + stepY, EDGE), 32767 - EDGE);
    const from = (y >> 8) * MAP + (x >> 8);
    const to = (newY >> 8) * MAP + (newX >> 8);
    if (to !== from && wall[to] !== 0 && wall[from] === 0) {
      if (wall[(y >> 8) * MAP + (newX >> 8)] === 0) {
        newY = y;
        vy[unit] = 0;
      } else {
        newX = x;
        vx[unit] = 0;
        if (wall[(newY >> 8) * MAP + (x >> 8)] !== 0) {
          newY = y;
          vy[unit] = 0;
        }
      }
    }
    rowX[unit] = newX;
    rowY[unit] = newY;
  }

  #bury(): void {
    const { health, kind } = this.rows;
    for (let unit = 0; unit < this.unitsEnd; unit++) if (health[unit]! <= 0) kind[unit] = Kind.None;
    while (this.unitsEnd > 0 && kind[this.unitsEnd - 1] === Kind.None) this.unitsEnd--;
  }
}
