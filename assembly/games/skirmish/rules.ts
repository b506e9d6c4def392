// The words of the game: every number with a name that both the simulation and the page use.
// `src/games/skirmish/rules.ts` mirrors this room; a test reads both.

/** What stands in a place of the units. */
export const enum Kind {
  /** Nobody: the place is free. */
  None = 0,
  Worker = 1,
  Pike = 2,
  Bow = 3,
  Rider = 4,
  Ram = 5,
}

/** What a unit is about. */
export const enum Order {
  /** Stands, fights what comes near, and returns to its post. */
  Idle = 0,
  /** Goes to its goal and looks neither right nor left. */
  Move = 1,
  /** Goes to its goal and fights whatever it meets. */
  Advance = 2,
  /** Goes for one target until that is dead. */
  Attack = 3,
  /** Fights what comes into reach without taking a step. */
  Hold = 4,
  /** Digs ore, or is on the way to it. */
  Gather = 5,
  /** Carries ore home. */
  Return = 6,
  /** Builds, or is on the way to the building. */
  Build = 7,
}

/** What stands in a place of the buildings. */
export const enum Structure {
  None = 0,
  Base = 1,
  Barracks = 2,
  Forge = 3,
  Turret = 4,
}

export const enum Upgrade {
  None = 0,
  /** More damage. */
  Blades = 1,
  /** Less damage taken. */
  Plates = 2,
  /** More ore in each load. */
  Tools = 3,
}

export const enum Terrain {
  Ground = 0,
  Rock = 1,
  Water = 2,
}

export const enum Phase {
  Playing = 0,
  Over = 1,
}

/** The first byte of each command; `commands.ts` says what follows. */
export const enum Command {
  None = 0,
  SelectBox = 1,
  SelectUnits = 2,
  SelectKinds = 3,
  SelectGroup = 4,
  SetGroup = 5,
  Move = 6,
  Advance = 7,
  Attack = 8,
  Stop = 9,
  Hold = 10,
  Gather = 11,
  Build = 12,
  Train = 13,
  Research = 14,
  Rally = 15,
}

/** What becomes of a new or finished flow field. */
export const enum Field {
  Free = 0,
  /** Waits for its flood. */
  Waiting = 1,
  Ready = 2,
}

// Lengths: 256 units of length are one tile, so that a place of the map fits in 15 bits.
export const TILE = 256;
export const MAP = 128;
export const TILES = 16384;
/** Sight is kept in cells of two tiles. */
export const CELL = 512;
export const CELLS_ACROSS = 64;
export const CELLS = 4096;

export const SEATS = 8;
export const UNITS = 16384;
export const BUILDINGS = 240;
/** Targets from here on are buildings; below are units. */
export const FIRST_BUILDING = 16384;
/** A target that is none. */
export const NOBODY = 65535;
/** Flow fields: one for each seat's way home, one to the ore, the others for the goals of armies. */
export const FIELDS = 33;
export const ORE_FIELD = 8;
export const FIRST_GOAL_FIELD = 9;
/** A unit without a field goes straight. */
export const NO_FIELD = 255;
export const QUEUE = 5;
export const LEVELS_MAX = 3;

// Times in frames, twenty a second.
export const MINUTES = 12;
export const OVER_FRAMES = 240;

export const INPUT_BYTES = 128;
/** So many commands of one input count; a longer list is cut, so that nobody can buy time with bytes. */
export const COMMANDS_MAX = 12;
/** Units one seat may have. */
export const ARMY_MAX = 2048;
