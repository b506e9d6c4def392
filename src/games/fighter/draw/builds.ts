// How long the bones of each character are and how thick its flesh is, in stage units.

export interface Build {
  readonly torso: number;
  readonly neck: number;
  readonly head: number;
  readonly shoulderDrop: number;
  readonly shoulderAhead: number;
  readonly hipAhead: number;
  readonly upperArm: number;
  readonly foreArm: number;
  readonly thigh: number;
  readonly shin: number;
  readonly ankle: number;
  /** How far the drawn fist and foot go beyond their joint. */
  readonly fist: number;
  readonly foot: number;
}

/** By the number of the character: Rill is long and slender, Cairn a heap of stones with arms to the knees. */
export const BUILDS: readonly Build[] = [
  {
    torso: 34,
    neck: 13,
    head: 9,
    shoulderDrop: 3,
    shoulderAhead: 3,
    hipAhead: 2,
    upperArm: 23,
    foreArm: 24,
    thigh: 28,
    shin: 28,
    ankle: 4,
    fist: 5,
    foot: 8,
  },
  {
    torso: 46,
    neck: 12,
    head: 12,
    shoulderDrop: 4,
    shoulderAhead: 7,
    hipAhead: 7,
    upperArm: 33,
    foreArm: 35,
    thigh: 23,
    shin: 23,
    ankle: 6,
    fist: 13,
    foot: 10,
  },
];
