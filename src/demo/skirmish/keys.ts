// What a person can order in a skirmish: each with its key, its button, and what it says.
import { Kind, Structure, Upgrade } from "../../games/skirmish/rules.js";
import type { KeyLine } from "../keys-card.js";

export type Action =
  | { readonly type: "train"; readonly kind: number }
  | { readonly type: "build"; readonly structure: number }
  | { readonly type: "research"; readonly upgrade: number }
  | { readonly type: "army" | "advance" | "hold" | "stop" | "boxes" };

export interface ActionKey {
  readonly action: Action;
  /** By `KeyboardEvent.code`, as all keys of this page: the place of a key, whatever is printed on it. */
  readonly code: string;
  readonly name: string;
  /** What it is for. */
  readonly does: string;
}

export const ACTION_KEYS: readonly ActionKey[] = [
  key("KeyQ", "Worker", "digs ore and builds", { type: "train", kind: Kind.Worker }),
  key("KeyW", "Pike", "stops riders", { type: "train", kind: Kind.Pike }),
  key("KeyE", "Bow", "strikes pikes from afar", { type: "train", kind: Kind.Bow }),
  key("KeyR", "Rider", "rides bows down", { type: "train", kind: Kind.Rider }),
  key("KeyT", "Ram", "breaks buildings", { type: "train", kind: Kind.Ram }),
  key("KeyZ", "Base", "trains workers and takes their ore", { type: "build", structure: Structure.Base }),
  key("KeyX", "Barracks", "trains fighters", { type: "build", structure: Structure.Barracks }),
  key("KeyC", "Forge", "makes all fighters better", { type: "build", structure: Structure.Forge }),
  key("KeyV", "Turret", "shoots at whoever comes near", { type: "build", structure: Structure.Turret }),
  key("KeyD", "Blades", "more damage", { type: "research", upgrade: Upgrade.Blades }),
  key("KeyF", "Plates", "less damage taken", { type: "research", upgrade: Upgrade.Plates }),
  key("KeyG", "Tools", "more ore in each load", { type: "research", upgrade: Upgrade.Tools }),
  key("KeyN", "Army", "selects all fighters", { type: "army" }),
  key("KeyA", "Attack", "the next click: go there and fight", { type: "advance" }),
  key("KeyH", "Hold", "stay and fight", { type: "hold" }),
  key("KeyS", "Stop", "drop all orders", { type: "stop" }),
];

/** On the glass only: what a finger that slides does. */
export const BOXES: Omit<ActionKey, "code"> = {
  action: { type: "boxes" },
  name: "Box",
  does: "a finger selects instead of moving the map",
};

export const ARROWS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export const GROUPS: readonly string[] = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5"];

/** Shows the whole map and hides it. */
export const LAYER_KEY = "KeyL";

export const MOUSE_LINES: readonly KeyLine[] = [
  { keys: ["drag"], does: "select, ⇧ adds" },
  { keys: ["right click"], does: "go, dig, fight" },
  { keys: ["wheel"], does: "nearer, farther" },
  { keys: ["twice"], does: "all of a kind" },
  { keys: ["←", "→"], does: "move the map" },
  { keys: ["A"], does: "click: attack there" },
  { keys: ["1–5"], does: "groups, ⇧ makes one" },
  { keys: ["N"], does: "the whole army" },
];

export const ORDER_LINES: readonly KeyLine[] = [
  { keys: ["Q"], does: "train a worker" },
  { keys: ["Z"], does: "build a base" },
  { keys: ["W"], does: "pike: stops riders" },
  { keys: ["X"], does: "barracks" },
  { keys: ["E"], does: "bow: stops pikes" },
  { keys: ["C"], does: "forge" },
  { keys: ["R"], does: "rider: stops bows" },
  { keys: ["V"], does: "turret" },
  { keys: ["T"], does: "ram: breaks walls" },
  { keys: ["D", "F", "G"], does: "research" },
];

export const NOTES = {
  mouse:
    "Bots play both sides until you press “Play” in the head of a game. Keys go to the game that was clicked last.",
  fingers: "Fingers: tap selects, a long press orders, one moves the map, two zoom.",
} as const;

function key(code: string, name: string, does: string, action: Action): ActionKey {
  return { code, name, does, action };
}
