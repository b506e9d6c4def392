// Ants that carry food home: a managed game, written with classes, Array, Map and string as any AssemblyScript is.
import {
  arena,
  emit,
  inputOf,
  Numbers,
  numbers,
  Presence,
  playerCount,
  presence,
  Random,
  Slots,
  seedHigh,
  seedLow,
  slots,
} from "../../assembly/sdk";

export const playersMin = 1;
export const playersMax = 4;
export const memoryPages = 2;

const FIELD = 64;
const FOODS: string[] = ["leaf", "seed", "crumb"];
const ANTS_MAX = 24;
const TRAIL_MAX = 12;

@input
export class Pad {
  x: u8;
  y: u8;
  hatch: bool;
}
@event
export class Brought {
  player: u8;
  total: u32;
}

/** What a page draws, and what reports call by name: the rest of the memory has no names. */
@state
export class NestView {
  ants: u32;
  food: u32;
  antX: Numbers<u8> = numbers<u8>(ANTS_MAX);
  antY: Numbers<u8> = numbers<u8>(ANTS_MAX);
}
@state
export class View {
  frame: u32;
  random: Random;
  nests: Slots<NestView> = slots<NestView>(4);
}
export const view = arena<View>();

class Food {
  constructor(
    public kind: string,
    public x: i32,
    public y: i32,
  ) {}
}

class Ant {
  carried: Food | null = null;
  trail: i32[] = [];

  constructor(
    public name: string,
    public x: i32,
    public y: i32,
  ) {}

  walk(toX: i32, toY: i32): void {
    this.trail.push(this.y * FIELD + this.x);
    if (this.trail.length > TRAIL_MAX) this.trail.shift();
    this.x += toX > this.x ? 1 : toX < this.x ? -1 : 0;
    this.y += toY > this.y ? 1 : toY < this.y ? -1 : 0;
  }
}

class Nest {
  ants: Ant[] = [];
  stock: Map<string, i32> = new Map();
  hatched: i32 = 0;

  constructor(
    public x: i32,
    public y: i32,
  ) {}

  hatch(): void {
    this.hatched++;
    this.ants.push(new Ant(`${FOODS[this.hatched % FOODS.length]} ${this.hatched}`, this.x, this.y));
    if (this.ants.length > ANTS_MAX) this.ants = this.ants.slice(1);
  }

  store(food: Food): i32 {
    const before = this.stock.has(food.kind) ? this.stock.get(food.kind) : 0;
    this.stock.set(food.kind, before + 1);
    let total = 0;
    for (let i = 0, kinds = this.stock.keys(); i < kinds.length; i++) total += this.stock.get(kinds[i]);
    return total;
  }
}

let nests: Nest[] = [];
let foods: Food[] = [];
let chronicle = "";

export function init(): void {
  view.random.seed(seedLow(), seedHigh());
  for (let i = 0; i < playerCount(); i++) {
    nests.push(new Nest(scattered(), scattered()));
    nests[i].hatch();
  }
}

export function step(): void {
  view.frame++;
  if (foods.length < 20) foods.push(new Food(FOODS[view.random.below(3)], scattered(), scattered()));
  for (let i = 0; i < nests.length; i++) {
    const pad = inputOf<Pad>(i);
    const here = presence(i) != Presence.absent;
    if (here && pad.hatch && view.frame % 8 == 0) nests[i].hatch();
    for (let j = 0; j < nests[i].ants.length; j++) work(i, nests[i].ants[j], pad);
    show(nests[i], view.nests.at(i));
  }
  foods.sort((a, b) => a.x * FIELD + a.y - (b.x * FIELD + b.y));
}

/** Carries home what it has; else picks up what lies here; else walks where the player points. */
function work(player: i32, ant: Ant, pad: Pad): void {
  const nest = nests[player];
  const carried = ant.carried;
  if (carried === null) {
    ant.carried = take(ant.x, ant.y);
    ant.walk(pad.x % FIELD, pad.y % FIELD);
  } else if (ant.x == nest.x && ant.y == nest.y) {
    ant.carried = null;
    const brought = emit<Brought>();
    brought.player = <u8>player;
    brought.total = nest.store(carried);
    chronicle = `${ant.name} brought a ${carried.kind}. ${chronicle}`.substring(0, 200);
  } else ant.walk(nest.x, nest.y);
}

function take(x: i32, y: i32): Food | null {
  for (let i = 0; i < foods.length; i++) {
    if (foods[i].x == x && foods[i].y == y) return foods.splice(i, 1)[0];
  }
  return null;
}

function show(nest: Nest, to: NestView): void {
  to.ants = nest.ants.length;
  to.food = 0;
  for (let i = 0, counts = nest.stock.values(); i < counts.length; i++) to.food += counts[i];
  for (let i = 0; i < nest.ants.length; i++) {
    to.antX.set(i, <u8>nest.ants[i].x);
    to.antY.set(i, <u8>nest.ants[i].y);
  }
}

function scattered(): i32 {
  return view.random.below(FIELD);
}
