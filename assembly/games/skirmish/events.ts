// What happened in a frame that a player should see or hear; the state never depends on any of it.

/** A blow or a shot. Of many in one frame the first ones are told; `Units.cool` shows them all. */
@event
export class Blow {
  x: i16;
  y: i16;
  toX: i16;
  toY: i16;
  /** Kind of the unit, or 0 for a turret. */
  kind: u8;
  owner: u8;
}
@event
export class Death {
  x: i16;
  y: i16;
  kind: u8;
  owner: u8;
}
@event
export class Born {
  x: i16;
  y: i16;
  kind: u8;
  owner: u8;
}
/** A building was begun; `structure` says what. */
@event
export class Founded {
  x: i16;
  y: i16;
  structure: u8;
  owner: u8;
}
/** It stands. */
@event
export class Built {
  x: i16;
  y: i16;
  structure: u8;
  owner: u8;
}
@event
export class Razed {
  x: i16;
  y: i16;
  structure: u8;
  owner: u8;
}
@event
export class Researched {
  upgrade: u8;
  level: u8;
  owner: u8;
}
/** A command that could not be followed for lack of ore. */
@event
export class TooPoor {
  owner: u8;
}
@event
export class Fallen {
  owner: u8;
}
@event
export class MatchStart {
  match: u16;
}
@event
export class MatchEnd {
  winner: u8;
  byTime: u8;
}
