// The colours of the battlefield, by day and at dusk, and those of the eight players, which are the same in both.

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface PlayerColours {
  readonly main: string;
  readonly shade: string;
  readonly light: string;
  /** For pictures that are written pixel by pixel. */
  readonly rgb: Rgb;
}

export interface Palette {
  readonly low: Rgb;
  readonly high: Rgb;
  readonly dry: Rgb;
  readonly rock: Rgb;
  readonly rockLight: Rgb;
  readonly rockDark: Rgb;
  readonly water: Rgb;
  readonly deep: Rgb;
  readonly shore: Rgb;
  /** What nobody has seen yet. */
  readonly unknown: Rgb;
  /** How much of a place that is out of sight is hidden, 0 to 1. */
  readonly mist: number;
  readonly ore: string;
  readonly oreLight: string;
  readonly oreDark: string;
  readonly outline: string;
  readonly shadow: string;
  readonly stone: string;
  readonly stoneLight: string;
  readonly stoneDark: string;
  readonly wood: string;
  readonly woodDark: string;
  readonly steel: string;
  readonly skin: string;
  readonly ring: string;
  readonly healthy: string;
  readonly hurt: string;
  readonly dying: string;
  readonly barBack: string;
  readonly spark: string;
  readonly fire: string;
  readonly smoke: string;
  readonly arrow: string;
  /** Around the small map. */
  readonly frame: string;
  readonly ink: string;
  readonly paper: string;
  readonly quiet: string;
}

/**
 * Told apart by people who see no red or no green as well: the hues of Okabe and Ito (jfly.uni-koeln.de/color), spread
 * in lightness. Buildings carry an emblem beside.
 */
export const PLAYERS: readonly PlayerColours[] = [
  { main: "#e2553f", shade: "#9c2f22", light: "#ffb39f", rgb: [226, 85, 63] },
  { main: "#3f83e0", shade: "#23508f", light: "#b5d3ff", rgb: [63, 131, 224] },
  { main: "#f0c93c", shade: "#a3821a", light: "#fff0b0", rgb: [240, 201, 60] },
  { main: "#1fae85", shade: "#0e6b50", light: "#a8efd6", rgb: [31, 174, 133] },
  { main: "#d981b6", shade: "#8f4775", light: "#ffd3ec", rgb: [217, 129, 182] },
  { main: "#f3f1ea", shade: "#a5a299", light: "#ffffff", rgb: [243, 241, 234] },
  { main: "#3d24b4", shade: "#22136a", light: "#b9aefc", rgb: [61, 36, 180] },
  { main: "#4b4a55", shade: "#24232b", light: "#a4a2b0", rgb: [75, 74, 85] },
];

export const DUSK: Palette = {
  low: [44, 56, 54],
  high: [58, 70, 62],
  dry: [72, 71, 60],
  rock: [82, 79, 88],
  rockLight: [116, 110, 116],
  rockDark: [44, 42, 52],
  water: [38, 68, 98],
  deep: [25, 45, 74],
  shore: [92, 88, 76],
  unknown: [20, 23, 33],
  mist: 0.56,
  ore: "#e9b53f",
  oreLight: "#ffe9a6",
  oreDark: "#8a6418",
  outline: "#11131c",
  shadow: "rgba(6, 8, 14, 0.42)",
  stone: "#8d8894",
  stoneLight: "#b4aeb6",
  stoneDark: "#565260",
  wood: "#8a6647",
  woodDark: "#54402f",
  steel: "#dfe6ee",
  skin: "#f0cfa6",
  ring: "#ffffff",
  healthy: "#68d391",
  hurt: "#f2c14e",
  dying: "#ff6b57",
  barBack: "rgba(8, 10, 16, 0.78)",
  spark: "#fff3cf",
  fire: "#ff9d3c",
  smoke: "150, 146, 152",
  arrow: "#fdf3d6",
  frame: "#596070",
  ink: "#f4f1ec",
  paper: "rgba(14, 16, 26, 0.74)",
  quiet: "rgba(244, 241, 236, 0.66)",
};

export const DAY: Palette = {
  low: [150, 172, 118],
  high: [172, 190, 132],
  dry: [198, 190, 142],
  rock: [150, 143, 138],
  rockLight: [192, 185, 175],
  rockDark: [104, 98, 96],
  water: [98, 158, 188],
  deep: [66, 122, 160],
  shore: [222, 210, 168],
  unknown: [126, 131, 134],
  mist: 0.42,
  ore: "#e0a21c",
  oreLight: "#ffe592",
  oreDark: "#85590a",
  outline: "#241f27",
  shadow: "rgba(40, 44, 24, 0.34)",
  stone: "#b8b1a8",
  stoneLight: "#dcd6cc",
  stoneDark: "#817a74",
  wood: "#a27a54",
  woodDark: "#6d5138",
  steel: "#f3f7fb",
  skin: "#f3d5b0",
  ring: "#ffffff",
  healthy: "#2fa35c",
  hurt: "#e8a90c",
  dying: "#d83a26",
  barBack: "rgba(30, 26, 30, 0.72)",
  spark: "#ffffff",
  fire: "#f07a16",
  smoke: "92, 86, 84",
  arrow: "#3b2a1c",
  frame: "#4a444c",
  ink: "#211d24",
  paper: "rgba(255, 252, 246, 0.84)",
  quiet: "rgba(33, 29, 36, 0.72)",
};

export function css([red, green, blue]: Rgb, alpha = 1): string {
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
