// The colours of the game: one stage by day, one at dusk, and the two players the same in both.

export interface PlayerColours {
  readonly main: string;
  readonly shade: string;
  readonly light: string;
  readonly cloth: string;
  readonly glow: string;
}

export interface Palette {
  readonly skyTop: string;
  readonly skyBottom: string;
  readonly sun: string;
  readonly farHills: string;
  readonly nearHills: string;
  readonly wood: string;
  readonly woodDark: string;
  readonly floor: string;
  readonly floorLine: string;
  readonly lantern: string;
  readonly ink: string;
  readonly paper: string;
  readonly quiet: string;
  readonly barBack: string;
  readonly drain: string;
  readonly meter: string;
  readonly meterFull: string;
  readonly danger: string;
  readonly spark: string;
  readonly guard: string;
  readonly dust: string;
  readonly outline: string;
  readonly shadow: string;
  readonly players: readonly [PlayerColours, PlayerColours];
}

const PLAYERS: readonly [PlayerColours, PlayerColours] = [
  { main: "#e2553f", shade: "#a23327", light: "#ffb59d", cloth: "#fff0e2", glow: "255, 120, 84" },
  { main: "#4b86d8", shade: "#2a528f", light: "#b5d3ff", cloth: "#e6f0ff", glow: "96, 165, 255" },
];

export const DUSK: Palette = {
  skyTop: "#1a2136",
  skyBottom: "#5b4560",
  sun: "#f3c99a",
  farHills: "#343453",
  nearHills: "#272942",
  wood: "#3b2c33",
  woodDark: "#241c24",
  floor: "#4a3a40",
  floorLine: "#372b32",
  lantern: "#ffcb78",
  ink: "#f4f1ec",
  paper: "rgba(14, 16, 26, 0.72)",
  quiet: "rgba(244, 241, 236, 0.66)",
  barBack: "rgba(10, 12, 20, 0.62)",
  drain: "#f7d774",
  meter: "#7d8bb4",
  meterFull: "#ffcf5c",
  danger: "#ff9d57",
  spark: "#fff1c9",
  guard: "#a9e4ff",
  dust: "214, 196, 190",
  outline: "#12131d",
  shadow: "rgba(8, 8, 16, 0.42)",
  players: PLAYERS,
};

export const DAY: Palette = {
  skyTop: "#a9cbe6",
  skyBottom: "#f8e8d0",
  sun: "#fff8e4",
  farHills: "#a9c2cc",
  nearHills: "#8eaaa6",
  wood: "#9b7b62",
  woodDark: "#7a5d49",
  floor: "#d3bb9a",
  floorLine: "#bfa482",
  lantern: "#e8973a",
  ink: "#211d24",
  paper: "rgba(255, 252, 246, 0.82)",
  quiet: "rgba(33, 29, 36, 0.72)",
  barBack: "rgba(40, 34, 40, 0.34)",
  drain: "#f4c84a",
  meter: "#61709c",
  meterFull: "#d98a0e",
  danger: "#c9480c",
  spark: "#ffffff",
  guard: "#2f8fc4",
  dust: "122, 96, 72",
  outline: "#2b2329",
  shadow: "rgba(60, 40, 30, 0.28)",
  players: PLAYERS,
};
