// What comes into a match from outside: the buttons of a player, and the rules it is started with.

@input
export class Pad {
  buttons: u16;
}

/** Zero means the default everywhere, so a match without a configuration is a match of the ordinary rules. */
@config
export class Rules {
  roundSeconds: u8;
  roundsToWin: u8;
  /** See `Hazards`. */
  hazard: u8;
  /** Per seat: 0 the character of the seat, otherwise 1 + the character. */
  firstCharacter: u8;
  secondCharacter: u8;
}
