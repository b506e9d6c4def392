// The match that every implementation plays: who presses what, when the other's input comes, and what must come out.

/** One frame restores the state of seven frames ago and plays seven frames again and one new one: eight steps. */
export const STEPS = 8;
export const LATE = STEPS - 1;

export const SEED = 12345;

export interface Size {
  name: "4k" | "64k";
  entities: number;
}

export const SIZES: readonly Size[] = [
  { name: "4k", entities: 62 },
  { name: "64k", entities: 1022 },
];

/** State words before the first entity, and of each. */
export const HEADER_WORDS = 32;
export const ENTITY_WORDS = 16;

/**
 * One way to play the match, from frame 0. In frame f the own input of f and the other's of f - LATE become known; what
 * is not known of the other is his newest known input again.
 */
export interface Implementation {
  /** Plays one frame. */
  frame(): void;
  /** Learns all of the other's inputs, and answers the state's words. */
  finish(): Int32Array;
}

/** Buttons are looked up: what they are costs every implementation the same, and next to nothing. */
const SCRIPT_FRAMES = 1024;
const SCRIPT = [0, 1].map((seat) =>
  Uint16Array.from({ length: SCRIPT_FRAMES }, (_, frame) => {
    const mixed = Math.imul(frame + 977 * seat, 2654435761) >>> (20 + (frame % 3));
    // A bit that toggles makes every prediction wrong, so that every frame is rolled back to its full depth.
    return (mixed & 0x3f) | (frame & 1 ? 0x40 : 0);
  }),
);

export function buttons(seat: number, frame: number): number {
  return SCRIPT[seat]![frame % SCRIPT_FRAMES]!;
}

/** Frames that each implementation plays before its state is compared. */
export const PROVED_FRAMES = 120;

/** FNV-1a over words: what a user writes when no hash is at hand. */
export function fnv(words: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}

/** The checksum of the state that an implementation ends in. */
export function played(implementation: Implementation): number {
  for (let frame = 0; frame < PROVED_FRAMES; frame++) implementation.frame();
  return fnv(implementation.finish());
}
