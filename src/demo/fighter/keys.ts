// Which keys and buttons each fighter has, and how the page shows them.
import type { GamepadBindings } from "../../client/devices.js";
import type { Directions } from "../../client/socd.js";
import { Button } from "../../games/fighter/rules.js";
import type { KeyLine } from "../keys-card.js";

export const DIRECTIONS: Directions = { left: Button.Left, right: Button.Right, up: Button.Up, down: Button.Down };

/** By seat, by `KeyboardEvent.code`: the place of a key, whatever is printed on it. */
export const KEYS: readonly Readonly<Record<string, number>>[] = [
  {
    KeyA: Button.Left,
    KeyD: Button.Right,
    KeyW: Button.Up,
    KeyS: Button.Down,
    KeyF: Button.Light,
    KeyG: Button.Medium,
    KeyH: Button.Heavy,
    KeyT: Button.Throw,
  },
  {
    ArrowLeft: Button.Left,
    ArrowRight: Button.Right,
    ArrowUp: Button.Up,
    ArrowDown: Button.Down,
    KeyK: Button.Light,
    KeyL: Button.Medium,
    Semicolon: Button.Heavy,
    KeyO: Button.Throw,
    Numpad1: Button.Light,
    Numpad2: Button.Medium,
    Numpad3: Button.Heavy,
    Numpad0: Button.Throw,
  },
];

/** Shows and hides the boxes. */
export const LAYER_KEY = "KeyB";

/** Standard layout: face buttons for the attacks, the right shoulder throws as well. */
export const PAD: Omit<GamepadBindings, "index"> = {
  buttons: {
    2: Button.Light,
    3: Button.Medium,
    1: Button.Heavy,
    0: Button.Throw,
    5: Button.Throw,
    12: Button.Up,
    13: Button.Down,
    14: Button.Left,
    15: Button.Right,
  },
  stick: DIRECTIONS,
};

/** What the page says of a seat's keys. */
export const KEY_LINES: readonly (readonly KeyLine[])[] = [
  [
    { keys: ["A", "D"], does: "walk, dash" },
    { keys: ["F"], does: "light" },
    { keys: ["W"], does: "jump" },
    { keys: ["G"], does: "medium" },
    { keys: ["S"], does: "crouch" },
    { keys: ["H"], does: "heavy" },
    { keys: ["T"], does: "throw" },
    { keys: ["away"], does: "block" },
  ],
  [
    { keys: ["←", "→"], does: "walk, dash" },
    { keys: ["K", "1"], does: "light" },
    { keys: ["↑"], does: "jump" },
    { keys: ["L", "2"], does: "medium" },
    { keys: ["↓"], does: "crouch" },
    { keys: [";", "3"], does: "heavy" },
    { keys: ["O", "0"], does: "throw" },
    { keys: ["away"], does: "block" },
  ],
];

export const NOTES = {
  motions:
    "A direction twice: a dash. Down, then forward, then an attack: a shot. Down, then back, then an attack: a special strike. Full meter and heavy: the great one.",
  bot: "A bot plays until one of these keys, or a second gamepad, is touched.",
  digits: "Digits are those of the number pad.",
} as const;
