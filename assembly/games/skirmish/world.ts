// The whole state of a match: the map, the players, their units and buildings, and the ways between them.
import { arena, Numbers, numbers, Random, Slots, slots } from "../../sdk";
import { BUILDINGS, CELLS, FIELDS, Field, Phase, QUEUE, SEATS, Structure, TILES, UNITS, Upgrade } from "./rules";

/** All units, one row for each thing there is to know of them. A place whose kind is None is free. */
@state
export class Units {
  /** Where the unit stands, in 256ths of a tile; y grows downwards. */
  x: Numbers<i16> = numbers<i16>(UNITS);
  y: Numbers<i16> = numbers<i16>(UNITS);
  /** Velocity in 16ths of a 256th of a tile per frame. */
  vx: Numbers<i16> = numbers<i16>(UNITS);
  vy: Numbers<i16> = numbers<i16>(UNITS);
  health: Numbers<i16> = numbers<i16>(UNITS);
  /** Where it is going, or, when idle, where its post is. */
  goalX: Numbers<i16> = numbers<i16>(UNITS);
  goalY: Numbers<i16> = numbers<i16>(UNITS);
  /** Whom it fights: a unit, a building from FIRST_BUILDING on, or NOBODY. */
  target: Numbers<u16> = numbers<u16>(UNITS);
  /** What a worker is busy with: the building it builds, or the frames it has been digging. */
  work: Numbers<u16> = numbers<u16>(UNITS);
  /** See `Kind`. */
  kind: Numbers<u8> = numbers<u8>(UNITS);
  owner: Numbers<u8> = numbers<u8>(UNITS);
  /** See `Order`. */
  order: Numbers<u8> = numbers<u8>(UNITS);
  /** Frames until it can strike again; full in the frame of a blow. */
  cool: Numbers<u8> = numbers<u8>(UNITS);
  /** The flow field it follows, or NO_FIELD. */
  field: Numbers<u8> = numbers<u8>(UNITS);
  /** Bit 0: selected by its owner; bits 1 to 7: in his groups of these numbers. */
  groups: Numbers<u8> = numbers<u8>(UNITS);
  /** Ore that a worker carries. */
  load: Numbers<u8> = numbers<u8>(UNITS);
  /** Frames without getting on. */
  stuck: Numbers<u8> = numbers<u8>(UNITS);
}

/** The frame's width is `tile % MAP`; a building covers a square whose upper left tile is named. */
@state
export class Building {
  kind: Structure;
  owner: u8;
  tileX: u8;
  tileY: u8;
  health: i16;
  /** Frames of work still to be done before it stands. */
  unbuilt: u16;
  /** What it trains, the running one first; kinds of units. */
  queue: Numbers<u8> = numbers<u8>(QUEUE);
  queued: u8;
  cool: u8;
  /** What a forge works on. */
  research: Upgrade;
  /** Frames left of the running training or research. */
  busy: u16;
  /** Of a turret. */
  target: u16;
  /** Where new units go. */
  rallyX: i16;
  rallyY: i16;
}

@state
export class Seat {
  /** 1 while the player has a base (in a battle: a unit); a seat that nobody plays is 0. */
  alive: u8;
  /** 1 while his commands count. */
  here: u8;
  buildings: u8;
  bases: u8;
  /** Levels reached, at 0 to LEVELS_MAX. */
  blades: u8;
  plates: u8;
  tools: u8;
  ore: i32;
  units: u16;
  workers: u16;
  /** The frame in which the player was defeated. */
  fellAt: u32;
  killed: u32;
  lost: u32;
  gathered: u32;
  score: u32;
  /** The tile of his first base. */
  homeX: u8;
  homeY: u8;
}

/** Ways to one place: for each tile the direction of the next one. */
@state
export class FlowField {
  state: Field;
  /** 1 while it is not known whether it still fits the map. */
  stale: u8;
  goalX: u8;
  goalY: u8;
  /** The frame in which somebody last asked for it. */
  asked: u32;
  /** Four bits a tile, the even tile below: 0 to 7 clockwise from east, 8 straight to the goal, 15 no way. */
  ways: Numbers<u8> = numbers<u8>(TILES / 2);
}

/** The one flood under way, which fills one field after another, some tiles each frame. */
@state
export class Flood {
  /** The field being filled, plus one; 0 while there is nothing to do. */
  filling: u8;
  begin: u16;
  end: u16;
  /** Steps from the goal, which has two; 0 where the flood has not been. */
  steps: Numbers<u16> = numbers<u16>(TILES);
  queue: Numbers<u16> = numbers<u16>(TILES);
  /** How much of the goal is in view from a tile, in 255ths. */
  view: Numbers<u8> = numbers<u8>(TILES);
  /** As in the field, which gets them when the flood is over. */
  ways: Numbers<u8> = numbers<u8>(TILES / 2);
}

@state
export class Land {
  /** See `Terrain`. Tile (x, y) at y * MAP + x. */
  terrain: Numbers<u8> = numbers<u8>(TILES);
  /** Loads of ore left. */
  ore: Numbers<u8> = numbers<u8>(TILES);
  /** 1 + the building that covers the tile, or 0. */
  built: Numbers<u8> = numbers<u8>(TILES);
  /** 1 where nobody can walk: follows from terrain and buildings. */
  wall: Numbers<u8> = numbers<u8>(TILES);
  /** Masks of seats, by cell: who sees it now, and who ever saw it. */
  seen: Numbers<u8> = numbers<u8>(CELLS);
  explored: Numbers<u8> = numbers<u8>(CELLS);
}

@state
export class World {
  frame: u32;
  random: Random;
  phase: Phase;
  /** Mask of seats that won. */
  winner: u8;
  /** 1 when time ran out and the score decided. */
  byTime: u8;
  players: u8;
  matches: u16;
  phaseFrame: u32;
  /** Frames until the score decides. */
  timer: u32;
  /** All units live in places below. */
  unitsEnd: u16;
  /** No place below is free. */
  freeUnit: u16;
  /** All buildings stand in places below. */
  buildingsEnd: u8;
  /** Blows struck in the last frame. */
  blows: u16;
  seats: Slots<Seat> = slots<Seat>(SEATS);
  buildings: Slots<Building> = slots<Building>(BUILDINGS);
  land: Land;
  units: Units;
  fields: Slots<FlowField> = slots<FlowField>(FIELDS);
  flood: Flood;
}

export const world = arena<World>();
