// Opposite directions held at once (SOCD): what a game gets to see then. Pure functions over button bits.

/** The bit of each direction in a game's buttons. */
export interface Directions {
  left: number;
  right: number;
  up: number;
  down: number;
}

/**
 * "neutral": left and right cancel each other; up beats down, as most tournament rules have it, so that a jump is never
 * lost. "last": of two opposite directions the one pressed later counts; pressed in the same moment, as "neutral".
 */
export type SocdRule = "neutral" | "last";

/** Left with right gives neither, up with down gives up. */
export function cleanNeutral(held: number, { left, right, up, down }: Directions): number {
  if (held & left && held & right) held &= ~(left | right);
  if (held & up && held & down) held &= ~down;
  return held;
}

/** The later of two opposite directions. `before` is what was held the last time, and `cleaned` what was made of it. */
export function cleanLast(held: number, before: number, cleaned: number, directions: Directions): number {
  const { left, right, up, down } = directions;
  let result = cleanNeutral(held, directions);
  for (const [a, b] of [[left, right] as const, [up, down] as const]) {
    if (!(held & a && held & b)) continue;
    const both = a | b;
    if ((before & both) === a) result = (result & ~both) | b;
    else if ((before & both) === b) result = (result & ~both) | a;
    else if ((before & both) === both) result = (result & ~both) | (cleaned & both);
  }
  return result;
}
