// What each kind of unit and building is worth, for the page and the bot: the tables of `assembly/games/skirmish/stats.ts`.
// The simulation has its own copy, compiled in; a test reads both.

/** Lengths in 256ths of a tile, speed in 16ths of that per frame, times in frames. */
export interface UnitStats {
  readonly health: number;
  readonly speed: number;
  readonly range: number;
  readonly damage: number;
  readonly reload: number;
  /** How many come of one training, for one cost. */
  readonly squad: number;
  readonly cost: number;
  readonly trainFrames: number;
  readonly worth: number;
}

export const UNIT_COLUMNS = [
  "health",
  "speed",
  "range",
  "damage",
  "reload",
  "squad",
  "cost",
  "trainFrames",
  "worth",
] as const;

/** By `Kind`. */
// biome-ignore format: a table is read in columns.
export const UNIT_ROWS: readonly (readonly number[])[] = [
  [  0,   0,    0,  0,  0, 0,  0,  0, 0], // None
  [ 40, 460,  200,  3, 20, 1, 40, 40, 2], // Worker
  [110, 440,  260, 12, 16, 5, 60, 60, 3], // Pike
  [ 65, 450, 1080, 10, 20, 5, 65, 60, 3], // Bow
  [120, 720,  250, 14, 16, 4, 80, 70, 5], // Rider
  [220, 300, 1280, 34, 48, 1, 50, 50, 8], // Ram
];

export interface BuildingStats {
  readonly size: number;
  readonly health: number;
  readonly cost: number;
  readonly buildFrames: number;
  readonly range: number;
  readonly damage: number;
  readonly reload: number;
  readonly worth: number;
}

export const BUILDING_COLUMNS = [
  "size",
  "health",
  "cost",
  "buildFrames",
  "range",
  "damage",
  "reload",
  "worth",
] as const;

/** By `Structure`. */
// biome-ignore format: a table is read in columns.
export const BUILDING_ROWS: readonly (readonly number[])[] = [
  [0,    0,   0,   0,    0,  0,  0,  0], // None
  [4, 9000, 400, 600,    0,  0,  0, 60], // Base
  [3, 2200, 150, 300,    0,  0,  0, 20], // Barracks
  [3, 1600, 200, 400,    0,  0,  0, 25], // Forge
  [2, 1600, 120, 240, 1536, 26, 10, 12], // Turret
];

/** Damage in percent by who strikes (0 a turret) and who is struck (0 a building). */
// biome-ignore format: a table is read in columns.
export const BONUS_ROWS: readonly (readonly number[])[] = [
  [100, 100, 100, 100, 100, 100], // a turret
  [ 40, 100,  60, 100,  60, 100], // Worker
  [ 60, 100, 100, 100, 220, 120], // Pike
  [ 35, 100, 280, 100,  70,  60], // Bow
  [ 50, 150,  60, 220, 100, 160], // Rider
  [420,  60,  60,  60,  50, 100], // Ram
];

export const UNIT_STATS: readonly UnitStats[] = UNIT_ROWS.map((row) => named(UNIT_COLUMNS, row));
export const BUILDING_STATS: readonly BuildingStats[] = BUILDING_ROWS.map((row) => named(BUILDING_COLUMNS, row));

/** As in assembly/games/skirmish. */
export const UPGRADE_COST = 200;
export const UPGRADE_FRAMES = 600;
export const LOAD = 14;
export const TOOLS_LOAD = 4;

function named<const Column extends string>(
  columns: readonly Column[],
  row: readonly number[],
): Record<Column, number> {
  return Object.fromEntries(columns.map((column, index) => [column, row[index]!])) as Record<Column, number>;
}
