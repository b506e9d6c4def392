// What happened in a frame that a player should see or hear; the state never depends on any of it.
import { fixed } from "../../sdk";

@event
export class RoundStart {
  round: u8;
}
@event
export class RoundEnd {
  winner: u8;
  byTime: u8;
}
@event
export class MatchEnd {
  winner: u8;
}
@event
export class Ko {
  losers: u8;
}

/** A move reaches its first active frame, whether or not it will touch anybody. */
@event
export class Swing {
  x: fixed;
  y: fixed;
  strength: u8;
  player: u8;
}
/** `player` is the one who was hit; strength 0 to 3. */
@event
export class Hit {
  x: fixed;
  y: fixed;
  strength: u8;
  player: u8;
  blocked: u8;
}
@event
export class Jump {
  x: fixed;
  player: u8;
}
@event
export class Land {
  x: fixed;
  player: u8;
}
@event
export class Throw {
  x: fixed;
  y: fixed;
  player: u8;
}
@event
export class Tech {
  x: fixed;
  y: fixed;
}

@event
export class ProjectileSpawn {
  x: fixed;
  y: fixed;
  player: u8;
  great: u8;
}
@event
export class Clash {
  x: fixed;
  y: fixed;
}

@event
export class HazardWarn {
  x: fixed;
}
@event
export class HazardStrike {
  x: fixed;
}
