// The bot's army: a scout, a guard at home, and waves that grow, strike the nearest enemy and come back when they lose.
import type { Dice } from "../dice.js";
import { distance, middleOf, type Someone, type Spot, type Survey, strength } from "./bot-survey.js";
import { type Commands, FIGHTERS } from "./commands.js";
import { Kind, MAP, Order, Structure, TILE } from "./rules.js";
import type { World } from "./types.js";

const WAVE = 1;
const FIRST_WAVE = 110;
const WAVE_GROWTH = 1.45;
const WAVE_MAX = 1100;
/** So near to a house of one's own an enemy is an attack. */
const ALARM = 14 * TILE;
const MUSTER_TILES = 8;
/** What fights beside one another. */
const FRAY = 12 * TILE;
const RETREAT_BELOW = 0.5;
const ORDERS_PAUSE = 80;
const SCOUT_PAUSE = 300;
/** Nobody attacks before the fog has been looked into a little. */
const PATIENCE = 2400;

type Mood = "gather" | "attack" | "retreat";

export class Army {
  readonly #dice: Dice;
  #mood: Mood = "gather";
  #wave = FIRST_WAVE;
  #orderedAt = -ORDERS_PAUSE;
  #scoutedAt = 0;
  #startedAt = 0;
  #target: Spot | undefined;
  readonly #visited = new Set<number>();

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#wave = FIRST_WAVE + Math.floor(dice.roll() * 90);
  }

  command(world: World, survey: Survey, commands: Commands): void {
    const base = survey.houses.find(({ building }) => building.kind === Structure.Base)?.building;
    if (base === undefined || survey.fighters.length === 0) return;
    const home = middleOf(base);
    const muster = towardsMiddle(home, MUSTER_TILES * TILE);
    this.#rally(survey, commands, muster);
    this.#scout(world, survey, commands, home);
    const intruder = intruderOf(survey);
    if (this.#mood === "gather") this.#gather(world, survey, commands, { home, muster, intruder });
    else if (this.#mood === "attack") this.#attack(world, survey, commands, home, muster);
    else this.#retreat(world, survey, commands, muster, intruder);
  }

  /** Houses that train send their people to the muster. One a time: each order is six bytes. */
  #rally(survey: Survey, commands: Commands, muster: Spot): void {
    const lost = survey
      .standing(Structure.Barracks)
      .find(({ building }) => Math.abs(building.rallyX - muster.x) + Math.abs(building.rallyY - muster.y) > TILE);
    if (lost !== undefined) commands.rally(lost.index, Math.round(muster.x), Math.round(muster.y));
  }

  /** One fighter at a time looks at the places where somebody may live. */
  #scout(world: World, survey: Survey, commands: Commands, home: Spot): void {
    if (world.frame - this.#scoutedAt < SCOUT_PAUSE || this.#mood !== "gather") return;
    const goal = this.#unvisited(survey, home);
    const scout = survey.fighters.find(({ kind }) => kind === Kind.Rider) ?? survey.fighters[0];
    if (goal === undefined || scout === undefined) return;
    this.#scoutedAt = world.frame;
    commands.selectUnits([scout.unit]);
    commands.move(goal.x, goal.y);
  }

  /** The nearest of the eight places of bases that nobody has looked at; all of them again, when all were. */
  #unvisited(survey: Survey, home: Spot): Spot | undefined {
    const places = HOMES.map((spot, index) => ({ ...spot, index })).filter((spot) => distance(spot, home) > 8 * TILE);
    for (const place of places) if (survey.sees(place)) this.#visited.add(place.index);
    const left = places.filter(({ index }) => !this.#visited.has(index));
    if (left.length === 0) this.#visited.clear();
    return left.sort((a, b) => distance(a, home) - distance(b, home))[0];
  }

  #gather(
    world: World,
    survey: Survey,
    commands: Commands,
    { home, muster, intruder }: { home: Spot; muster: Spot; intruder: Spot | undefined },
  ): void {
    if (intruder !== undefined) {
      this.#send(world, commands, intruder, () => commands.selectKinds(FIGHTERS));
      return;
    }
    const ready = survey.fighters.filter((each) => distance(each, muster) < 2 * FRAY);
    const late = world.frame > PATIENCE && world.frame - this.#startedAt > PATIENCE;
    if (ready.length < this.#wave && !(late && ready.length > FIRST_WAVE / 2)) return;
    const target = this.#nextTarget(survey, home);
    if (target === undefined) return;
    this.#target = target;
    this.#mood = "attack";
    this.#startedAt = world.frame;
    this.#wave = Math.min(WAVE_MAX, Math.floor(this.#wave * WAVE_GROWTH));
    commands.selectBox(...boxAround(muster, 2 * FRAY), FIGHTERS);
    commands.setGroup(WAVE);
    commands.advance(target.x, target.y);
    this.#orderedAt = world.frame;
  }

  #attack(world: World, survey: Survey, commands: Commands, home: Spot, muster: Spot): void {
    const away = survey.fighters.filter((each) => distance(each, muster) > FRAY);
    const front = middle(away) ?? muster;
    const mine = strength(survey.fighters.filter((each) => distance(each, front) < 1.5 * FRAY));
    const theirs = strength(survey.enemies.filter((each) => distance(each, front) < 1.5 * FRAY));
    if (mine < RETREAT_BELOW * theirs || survey.fighters.length < 4) {
      this.#mood = "retreat";
      commands.selectGroup(WAVE);
      commands.move(muster.x, muster.y);
      this.#startedAt = world.frame;
      return;
    }
    if (world.frame - this.#orderedAt < ORDERS_PAUSE) return;
    // Whoever was born meanwhile joins, in parties that can stand by themselves.
    const fresh = survey.fighters.filter((each) => each.order === Order.Idle && distance(each, muster) < 2 * FRAY);
    if (fresh.length > 40) {
      commands.selectBox(...boxAround(muster, 2 * FRAY), FIGHTERS);
      commands.setGroup(WAVE, true);
    }
    if (this.#target === undefined || this.#isDone(survey, this.#target))
      this.#target = this.#nextTarget(survey, front);
    const target = this.#target ?? home;
    this.#send(world, commands, target, () => commands.selectGroup(WAVE));
    if (this.#target === undefined) this.#mood = "gather";
  }

  #retreat(world: World, survey: Survey, commands: Commands, muster: Spot, intruder: Spot | undefined): void {
    const back = survey.fighters.filter((each) => distance(each, muster) < FRAY).length;
    const waited = world.frame - this.#startedAt;
    if (intruder !== undefined) this.#send(world, commands, intruder, () => commands.selectKinds(FIGHTERS));
    if (back * 2 > survey.fighters.length || waited > 600) {
      this.#mood = "gather";
      this.#startedAt = world.frame;
    }
  }

  /** The order, not more often than somebody could click. */
  #send(world: World, commands: Commands, target: Spot, select: () => void): void {
    if (world.frame - this.#orderedAt < ORDERS_PAUSE) return;
    this.#orderedAt = world.frame;
    select();
    const wobble = () => this.#dice.between(-TILE, TILE);
    commands.advance(onMap(target.x + wobble()), onMap(target.y + wobble()));
  }

  /** The nearest enemy house, bases a little before others; else a place where somebody may live. */
  #nextTarget(survey: Survey, from: Spot): Spot | undefined {
    const houses = [...survey.known.values()].sort((a, b) => claim(a, from) - claim(b, from));
    return houses[0] ?? this.#unvisited(survey, from);
  }

  #isDone(survey: Survey, target: Spot): boolean {
    const stands = [...survey.known.values()].some((house) => distance(house, target) < 3 * TILE);
    return survey.sees(target) && !stands;
  }
}

function claim(house: Spot & { readonly kind: number }, from: Spot): number {
  return distance(house, from) - (house.kind === Structure.Base ? 6 * TILE : 0);
}

/** The eight places of bases, which everybody knows from the map's figure. */
const HOMES: readonly Spot[] = [
  [40, 15],
  [87, 15],
  [112, 40],
  [112, 87],
  [87, 112],
  [40, 112],
  [15, 87],
  [15, 40],
].map(([x, y]) => ({ x: x! * TILE, y: y! * TILE }));

/** The enemy nearest to one of the own houses, if he is near enough to be a danger. */
function intruderOf({ enemies, houses }: Survey): Spot | undefined {
  let nearest: Someone | undefined;
  let least: number = ALARM;
  for (const enemy of enemies) {
    for (const { building } of houses) {
      const far = distance(enemy, middleOf(building));
      if (far >= least) continue;
      least = far;
      nearest = enemy;
    }
  }
  return nearest;
}

function middle(spots: readonly Spot[]): Spot | undefined {
  if (spots.length === 0) return undefined;
  // The median, so that a scout far away does not pull the front towards itself.
  const x = spots.map((spot) => spot.x).sort((a, b) => a - b)[spots.length >> 1]!;
  const y = spots.map((spot) => spot.y).sort((a, b) => a - b)[spots.length >> 1]!;
  return { x, y };
}

function towardsMiddle(home: Spot, by: number): Spot {
  const centre = (MAP * TILE) / 2;
  const far = Math.max(distance(home, { x: centre, y: centre }), 1);
  return {
    x: Math.round(home.x + ((centre - home.x) * by) / far),
    y: Math.round(home.y + ((centre - home.y) * by) / far),
  };
}

function boxAround({ x, y }: Spot, half: number): [number, number, number, number] {
  return [onMap(x - half), onMap(y - half), onMap(x + half), onMap(y + half)];
}

function onMap(at: number): number {
  return Math.min(Math.max(Math.round(at), TILE), (MAP - 1) * TILE);
}
