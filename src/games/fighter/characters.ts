// How the two characters are built and move: the rows of `assembly/games/fighter/characters.ts`, by name.

/** Lengths in units, speeds in tenths of a unit per frame, gravities in hundredths, times in frames. */
export interface Character {
  readonly name: string;
  readonly health: number;
  readonly walkForward: number;
  readonly walkBack: number;
  readonly dashSpeed: number;
  readonly dashFrames: number;
  readonly backSpeed: number;
  readonly backFrames: number;
  readonly jumpSquat: number;
  readonly jumpSpeed: number;
  readonly jumpForward: number;
  readonly jumpBack: number;
  readonly gravity: number;
  readonly halfWidth: number;
  readonly standHeight: number;
  readonly crouchHeight: number;
  readonly airHeight: number;
  readonly throwGap: number;
  readonly wakeFrames: number;
  readonly shotSpeed: number;
  readonly shotSpeedStep: number;
  readonly shotLift: number;
  readonly shotGravity: number;
  readonly shotLife: number;
  readonly shotAhead: number;
  readonly shotHeight: number;
}

export const CHARACTERS: readonly Character[] = [
  {
    name: "Rill",
    health: 1040,
    walkForward: 34,
    walkBack: 27,
    dashSpeed: 78,
    dashFrames: 14,
    backSpeed: 70,
    backFrames: 18,
    jumpSquat: 4,
    jumpSpeed: 134,
    jumpForward: 46,
    jumpBack: 38,
    gravity: 72,
    halfWidth: 22,
    standHeight: 108,
    crouchHeight: 68,
    airHeight: 84,
    throwGap: 16,
    wakeFrames: 16,
    shotSpeed: 62,
    shotSpeedStep: 16,
    shotLift: 0,
    shotGravity: 0,
    shotLife: 110,
    shotAhead: 52,
    shotHeight: 70,
  },
  {
    name: "Cairn",
    health: 1100,
    walkForward: 24,
    walkBack: 19,
    dashSpeed: 58,
    dashFrames: 18,
    backSpeed: 50,
    backFrames: 22,
    jumpSquat: 5,
    jumpSpeed: 132,
    jumpForward: 35,
    jumpBack: 28,
    gravity: 80,
    halfWidth: 28,
    standHeight: 122,
    crouchHeight: 82,
    airHeight: 94,
    throwGap: 22,
    wakeFrames: 20,
    shotSpeed: 34,
    shotSpeedStep: 15,
    shotLift: 72,
    shotGravity: 30,
    shotLife: 120,
    shotAhead: 44,
    shotHeight: 92,
  },
];
