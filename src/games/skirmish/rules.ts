// The game's numbers and words for the page and the bot: what `assembly/games/skirmish` calls rules.
// The simulation has its own copy, compiled in; a test reads both.

/** Values of `Units.kind`. */
export const Kind = {
  None: 0,
  Worker: 1,
  Pike: 2,
  Bow: 3,
  Rider: 4,
  Ram: 5,
} as const;

/** Values of `Units.order`. */
export const Order = {
  Idle: 0,
  Move: 1,
  Advance: 2,
  Attack: 3,
  Hold: 4,
  Gather: 5,
  Return: 6,
  Build: 7,
} as const;

/** Values of `Building.kind`. */
export const Structure = {
  None: 0,
  Base: 1,
  Barracks: 2,
  Forge: 3,
  Turret: 4,
} as const;

/** Values of `Building.research`. */
export const Upgrade = {
  None: 0,
  Blades: 1,
  Plates: 2,
  Tools: 3,
} as const;

/** Values of `Land.terrain`. */
export const Terrain = {
  Ground: 0,
  Rock: 1,
  Water: 2,
} as const;

/** Values of `World.phase`. */
export const Phase = {
  Playing: 0,
  Over: 1,
} as const;

/** The first byte of each command. */
export const Command = {
  None: 0,
  SelectBox: 1,
  SelectUnits: 2,
  SelectKinds: 3,
  SelectGroup: 4,
  SetGroup: 5,
  Move: 6,
  Advance: 7,
  Attack: 8,
  Stop: 9,
  Hold: 10,
  Gather: 11,
  Build: 12,
  Train: 13,
  Research: 14,
  Rally: 15,
} as const;

/** Values of `FlowField.state`. */
export const Field = {
  Free: 0,
  Waiting: 1,
  Ready: 2,
} as const;

// Lengths: 256 units of length are one tile.
export const TILE = 256;
export const MAP = 128;
export const TILES = 16384;
/** Sight is kept in cells of two tiles. */
export const CELL = 512;
export const CELLS_ACROSS = 64;
export const CELLS = 4096;

// As in assembly/games/skirmish: what its state has room for.
export const SEATS = 8;
export const UNITS = 16384;
export const BUILDINGS = 240;
/** Targets from here on are buildings; below are units. */
export const FIRST_BUILDING = 16384;
/** A target that is none. */
export const NOBODY = 65535;
export const FIELDS = 33;
export const ORE_FIELD = 8;
export const FIRST_GOAL_FIELD = 9;
/** A unit without a field goes straight. */
export const NO_FIELD = 255;
export const QUEUE = 5;
export const LEVELS_MAX = 3;

// Times in frames, twenty a second.
export const FRAMES_PER_SECOND = 20;
export const MINUTES = 12;
export const OVER_FRAMES = 240;

/** Of its input class, and what fits it. */
export const INPUT_BYTES = 128;
export const COMMANDS_MAX = 12;
/** Units one seat may have. */
export const ARMY_MAX = 2048;
