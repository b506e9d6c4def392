// What each kind of unit and building is worth: the tables the whole game is balanced by.
import { Kind, Structure, Upgrade } from "./rules";

/** One row of the table below. Lengths in 256ths of a tile, speed in 16ths of that per frame, times in frames. */
@unmanaged
export class UnitStats {
  readonly health: i16;
  readonly speed: i16;
  readonly range: i16;
  readonly damage: i16;
  /** Frames from one blow to the next. */
  readonly reload: i16;
  /** How many come of one training, for one cost. */
  readonly squad: i16;
  readonly cost: i16;
  readonly trainFrames: i16;
  /** In the score. */
  readonly worth: i16;
}

// biome-ignore format: a table is read in columns.
const UNITS: usize = memory.data<i16>([
  // health, speed, range, damage, reload, squad, cost, train, worth
         0,     0,     0,      0,      0,     0,    0,     0,     0, // None
        40,   460,   200,      3,     20,     1,   40,    40,     2, // Worker
       110,   440,   260,     12,     16,     5,   60,    60,     3, // Pike
        65,   450,  1080,     10,     20,     5,   65,    60,     3, // Bow
       120,   720,   250,     14,     16,     4,   80,    70,     5, // Rider
       220,   300,  1280,     34,     48,     1,   50,    50,     8, // Ram
]);

/** Damage in percent: rows are who strikes (0 a turret), columns who is struck (0 a building). */
// biome-ignore format: a table is read in columns.
const BONUS: usize = memory.data<i16>([
  // building, Worker, Pike, Bow, Rider, Ram
          100,    100,  100, 100,   100, 100, // a turret
           40,    100,   60, 100,    60, 100, // Worker
           60,    100,  100, 100,   220, 120, // Pike: stops riders
           35,    100,  280, 100,    70,  60, // Bow: keeps pikes away
           50,    150,   60, 220,   100, 160, // Rider: rides bows down
          420,     60,   60,  60,    50, 100, // Ram: for walls
]);

@unmanaged
export class BuildingStats {
  readonly size: i16;
  readonly health: i16;
  readonly cost: i16;
  readonly buildFrames: i16;
  readonly range: i16;
  readonly damage: i16;
  readonly reload: i16;
  readonly worth: i16;
}

// biome-ignore format: a table is read in columns.
const BUILDINGS: usize = memory.data<i16>([
  // size, health, cost, build, range, damage, reload, worth
        0,      0,    0,     0,     0,      0,      0,     0, // None
        4,   9000,  400,   600,     0,      0,      0,    60, // Base
        3,   2200,  150,   300,     0,      0,      0,    20, // Barracks
        3,   1600,  200,   400,     0,      0,      0,    25, // Forge
        2,   1600,  120,   240,  1536,     26,     10,    12, // Turret
]);

/** Each level of blades adds so many percent to the damage, each level of plates takes so many away. */
export const BLADES_PERCENT = 20;
export const PLATES_PERCENT = 15;
/** A worker's load of ore, and what each level of tools adds. */
export const LOAD = 14;
export const TOOLS_LOAD = 4;
export const DIG_FRAMES = 30;

// The cost of a level is that of the first one times the level.
export const UPGRADE_COST = 200;
export const UPGRADE_FRAMES: u16 = 600;

const UNIT_BYTES = 18;
const BUILDING_BYTES = 16;
const KINDS = 6;

export function unitStats(kind: i32): UnitStats {
  return changetype<UnitStats>(UNITS + <usize>(kind * UNIT_BYTES));
}

export function buildingStats(structure: i32): BuildingStats {
  return changetype<BuildingStats>(BUILDINGS + <usize>(structure * BUILDING_BYTES));
}

/** In percent; `victim` 0 is a building, `attacker` 0 a turret. */
export function bonus(attacker: i32, victim: i32): i32 {
  return <i32>load<i16>(BONUS + ((<usize>(attacker * KINDS + victim)) << 1));
}

export function isUnit(kind: i32): bool {
  return kind >= Kind.Worker && kind <= Kind.Ram;
}

export function isStructure(structure: i32): bool {
  return structure >= Structure.Base && structure <= Structure.Turret;
}

export function isUpgrade(upgrade: i32): bool {
  return upgrade >= Upgrade.Blades && upgrade <= Upgrade.Tools;
}

/** What a building trains: a base workers, barracks all the others. */
export function trains(structure: i32, kind: i32): bool {
  if (structure == Structure.Base) return kind == Kind.Worker;
  return structure == Structure.Barracks && kind > Kind.Worker && kind <= Kind.Ram;
}
