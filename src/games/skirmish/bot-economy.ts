// The bot's household: workers first, then barracks, another base, research and turrets, and fighters all the time.
import type { Dice } from "../dice.js";
import { apart, baseSite, loadsNear, oreFields, type Site, siteNear } from "./bot-sites.js";
import type { Survey } from "./bot-survey.js";
import { type Commands, WORKERS } from "./commands.js";
import { Kind, LEVELS_MAX, Order, Structure, Upgrade } from "./rules.js";
import { BUILDING_STATS, UNIT_STATS, UPGRADE_COST } from "./stats.js";
import type { Building, World } from "./types.js";

const WORKERS_A_BASE = 22;
const WORKERS_MAX = 90;
const BARRACKS_MAX = 14;
const TURRETS_A_BASE = 2;
/** Units that wait in one house: enough to keep it busy until the bot thinks again. */
const QUEUED = 3;
/** Fighters without whom no ore is saved. */
const GUARDS = 30;
/** Frames between two buildings, so that the first one has left the purse and shows on the map. */
const BUILD_PAUSE = 60;

export class Economy {
  readonly #dice: Dice;
  #builtAt = -BUILD_PAUSE;
  /** Work left on each house when it was last looked at. */
  readonly #unbuilt = new Map<number, number>();
  /** Weights of the kinds of fighters, which follow what the enemy was seen to have. */
  readonly #taste: number[];

  constructor(dice: Dice) {
    this.#dice = dice;
    // Every bot has its own liking, so that armies differ.
    this.#taste = [0, 0, 3 + dice.roll() * 2, 3 + dice.roll() * 2, 2 + dice.roll() * 2, 0.6];
  }

  manage(world: World, survey: Survey, commands: Commands): void {
    const seat = world.seats[survey.seat]!;
    let purse = seat.ore;
    const spend = (price: number): boolean => {
      if (purse < price) return false;
      purse -= price;
      return true;
    };
    this.#employ(survey, commands);
    this.#raiseWorkers(survey, commands, spend);
    const saving = this.#build(world, survey, commands, purse);
    purse -= saving;
    this.#research(world, survey, commands, spend);
    this.#raiseFighters(survey, commands, spend);
  }

  /** Workers without work dig; a house on which nobody works gets a builder. */
  #employ(survey: Survey, commands: Commands): void {
    const idle = survey.workers.filter(({ order }) => order === Order.Idle);
    if (idle.length > 0) {
      commands.selectUnits(idle.slice(0, 12).map(({ unit }) => unit));
      commands.gather(idle[0]!.x, idle[0]!.y);
    }
    for (const { index, building } of survey.houses) {
      const before = this.#unbuilt.get(index);
      this.#unbuilt.set(index, building.unbuilt);
      if (building.unbuilt === 0 || building.unbuilt !== before || this.#dice.chance(0.8)) continue;
      commands.selectKinds(WORKERS);
      commands.build(building.kind, building.tileX, building.tileY);
      return;
    }
  }

  #raiseWorkers(survey: Survey, commands: Commands, spend: (price: number) => boolean): void {
    const bases = survey.standing(Structure.Base);
    const wanted = Math.min(WORKERS_MAX, WORKERS_A_BASE * bases.length);
    let coming = survey.workers.length + bases.reduce((sum, { building }) => sum + building.queued, 0);
    for (const { index, building } of bases) {
      if (coming >= wanted || building.queued >= 2) continue;
      if (!spend(UNIT_STATS[Kind.Worker]!.cost)) return;
      commands.train(index, Kind.Worker);
      coming++;
    }
  }

  /** Answers the ore that goes to buildings: what the next one costs, or what is saved for it. */
  #build(world: World, survey: Survey, commands: Commands, purse: number): number {
    const home = survey.standing(Structure.Base)[0]?.building;
    if (home === undefined || survey.workers.length < 6 || world.frame - this.#builtAt < BUILD_PAUSE) return 0;
    for (const structure of this.#wanted(world, survey, purse)) {
      const price = BUILDING_STATS[structure]!.cost;
      const site = this.#site(world, survey, structure, home);
      if (site === undefined) continue;
      // A base is worth saving for, once there are some to guard it; everything else waits until there is ore to spare.
      if (purse < price) return structure === Structure.Base && survey.fighters.length >= GUARDS ? purse : 0;
      commands.selectKinds(WORKERS);
      commands.build(structure, site.tileX, site.tileY);
      this.#builtAt = world.frame;
      return price;
    }
    return 0;
  }

  /** What is to be built, the most urgent first; what finds no site gives way to the next. */
  *#wanted(world: World, survey: Survey, purse: number): Generator<number> {
    const bases = survey.count(Structure.Base);
    const barracks = survey.count(Structure.Barracks);
    const busy = survey.standing(Structure.Barracks).every(({ building }) => building.queued > 0);
    if (barracks === 0) {
      if (survey.workers.length >= 10) yield Structure.Barracks;
      return;
    }
    if (this.#wantsBase(world, survey, bases)) yield Structure.Base;
    if (barracks < 2) yield Structure.Barracks;
    if (survey.count(Structure.Forge) === 0 && survey.workers.length >= 16) yield Structure.Forge;
    if (busy && purse > 260 && barracks < Math.min(BARRACKS_MAX, 3 + 3 * bases)) yield Structure.Barracks;
    if (purse > 300 && survey.count(Structure.Turret) < TURRETS_A_BASE * bases) yield Structure.Turret;
  }

  /** When the bases are full of workers, or their ore runs out. */
  #wantsBase(world: World, survey: Survey, bases: number): boolean {
    if (bases >= 6 || survey.houses.some(({ building }) => building.kind === Structure.Base && building.unbuilt > 0))
      return false;
    if (survey.workers.length >= WORKERS_A_BASE * bases - 4) return true;
    const fields = oreFields(world, survey);
    return survey.standing(Structure.Base).every(({ building }) => loadsNear(fields, building) < 300);
  }

  #site(world: World, survey: Survey, structure: number, home: Building): Site | undefined {
    if (structure === Structure.Base) return baseSite(world, survey, home);
    const bases = survey.standing(Structure.Base).map(({ building }) => building);
    const near = bases[Math.floor(this.#dice.roll() * bases.length)]!;
    // Towards the middle of the map, where the enemy comes from and the ore does not lie.
    const towards = {
      tileX: near.tileX + Math.sign(64 - near.tileX) * 6,
      tileY: near.tileY + Math.sign(64 - near.tileY) * 6,
    };
    const site = siteNear(world, survey, structure, towards, structure === Structure.Turret ? 4 : 1);
    return site !== undefined && apart(site, near) < 20 ? site : undefined;
  }

  #research(world: World, survey: Survey, commands: Commands, spend: (price: number) => boolean): void {
    const seat = world.seats[survey.seat]!;
    const levels = [
      [Upgrade.Blades, seat.blades],
      [Upgrade.Plates, seat.plates],
      [Upgrade.Tools, seat.tools],
    ] as const;
    for (const { index, building } of survey.standing(Structure.Forge)) {
      if (building.research !== Upgrade.None) continue;
      const [upgrade, level] = [...levels].sort((a, b) => a[1] - b[1])[0]!;
      if (level < LEVELS_MAX && spend(UPGRADE_COST * (level + 1))) commands.research(index, upgrade);
    }
  }

  #raiseFighters(survey: Survey, commands: Commands, spend: (price: number) => boolean): void {
    this.#learn(survey);
    for (const { index, building } of survey.standing(Structure.Barracks)) {
      for (let queued = building.queued; queued < QUEUED; queued++) {
        const kind = this.#dice.pick(this.#taste.map((weight, each) => [weight, each] as const));
        if (!spend(UNIT_STATS[kind]!.cost)) return;
        if (!commands.train(index, kind)) return;
      }
    }
  }

  /** Pikes against riders, riders against bows, bows against pikes; rams once there are walls to break. */
  #learn({ enemies, known }: Survey): void {
    const taste = this.#taste;
    for (const { kind } of enemies) {
      if (kind === Kind.Rider) taste[Kind.Pike]! += 0.01;
      if (kind === Kind.Bow) taste[Kind.Rider]! += 0.01;
      if (kind === Kind.Pike) taste[Kind.Bow]! += 0.01;
    }
    taste[Kind.Ram] = known.size > 0 ? 1.2 : 0.4;
    const sum = taste.reduce((total, weight) => total + weight, 0);
    for (let kind = 0; kind < taste.length; kind++) taste[kind] = (taste[kind]! * 11) / sum;
  }
}
