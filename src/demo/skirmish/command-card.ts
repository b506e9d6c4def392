// The buttons below a battle that a person plays: what can be trained, built, researched and ordered, and what it costs.
import { drawStructure } from "../../games/skirmish/draw/building-shapes.js";
import { DUSK, type Palette, PLAYERS } from "../../games/skirmish/draw/palette.js";
import { drawUnit } from "../../games/skirmish/draw/unit-shapes.js";
import { LEVELS_MAX, Structure, Upgrade } from "../../games/skirmish/rules.js";
import { BUILDING_STATS, UNIT_STATS } from "../../games/skirmish/stats.js";
import type { World } from "../../games/skirmish/types.js";
import { forgeFor, has, levelOf, trainerFor, upgradeCost } from "../../games/skirmish/wishes.js";
import { element, write } from "../element.js";
import { ACTION_KEYS, type Action, type ActionKey, BOXES, NOTES } from "./keys.js";

const ICON_PX = 30;
const SIGNS: Readonly<Record<string, string>> = {
  army: "M4 18v-5l4-3 4 3v5M12 18v-5l4-3 4 3v5M8 7v3M16 7v3",
  advance: "M4 20 15 9M12 4h8v8M4 14v6h6",
  hold: "M12 3l8 3v6c0 4-3 7-8 9-5-2-8-5-8-9V6z",
  stop: "M6 6h12v12H6z",
  boxes: "M4 4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M4 9V4",
  [`research ${Upgrade.Blades}`]: "M5 19 18 6V4h2v2L7 19M5 14l5 5",
  [`research ${Upgrade.Plates}`]: "M7 4h10l3 5-2 11H6L4 9zM12 4v16",
  [`research ${Upgrade.Tools}`]: "M6 20 16 10M9 5c4-3 9 0 10 5-2-2-4-3-6-2L9 5z",
};

interface Button {
  readonly action: Action;
  readonly does: string;
  readonly root: HTMLButtonElement;
  readonly cost: HTMLElement;
  readonly badge: HTMLElement;
}

/** What can be done with an action now. */
export interface Offer {
  readonly enabled: boolean;
  /** The price, or what there is instead of one. */
  readonly cost: string;
  readonly badge: string;
}

export class CommandCard {
  readonly root: HTMLElement;
  readonly #buttons: readonly Button[];

  constructor(seat: number, act: (action: Action) => void) {
    this.#buttons = [...ACTION_KEYS, BOXES].map((each) => makeButton(each, seat, act));
    this.root = element("div", { className: "orders", role: "toolbar", ariaLabel: "Orders" });
    this.root.append(...this.#buttons.map(({ root }) => root));
    this.root.append(element("p", { className: "quiet touch-only" }, NOTES.fingers));
    this.root.hidden = true;
  }

  show(world: World, seat: number, pressed: (action: Action) => boolean): void {
    for (const { action, root, cost, badge } of this.#buttons) {
      const offer = offerOf(world, seat, action);
      root.setAttribute("aria-disabled", String(!offer.enabled));
      root.setAttribute("aria-pressed", String(pressed(action)));
      write(cost, offer.cost);
      write(badge, offer.badge);
    }
  }
}

export function offerOf(world: World, seat: number, action: Action): Offer {
  const { ore } = world.seats[seat]!;
  switch (action.type) {
    case "train": {
      const cost = UNIT_STATS[action.kind]!.cost;
      const waiting = queuedOf(world, seat, action.kind);
      const enabled = ore >= cost && trainerFor(world, seat, action.kind) !== undefined;
      return { enabled, cost: String(cost), badge: waiting === 0 ? "" : String(waiting) };
    }
    case "build": {
      const cost = BUILDING_STATS[action.structure]!.cost;
      return { enabled: ore >= cost, cost: String(cost), badge: "" };
    }
    case "research": {
      const me = world.seats[seat]!;
      const level = levelOf(me, action.upgrade);
      const cost = upgradeCost(me, action.upgrade);
      const running = isResearched(world, seat, action.upgrade);
      const enabled = level < LEVELS_MAX && ore >= cost && !running && forgeFor(world, seat) !== undefined;
      const price =
        level === LEVELS_MAX ? "full" : running ? "…" : has(world, seat, Structure.Forge) ? String(cost) : "forge";
      return { enabled, cost: price, badge: level === 0 ? "" : "I".repeat(level) };
    }
    default:
      return { enabled: true, cost: "", badge: "" };
  }
}

function queuedOf(world: World, seat: number, kind: number): number {
  let count = 0;
  for (const { kind: structure, owner, queued, queue } of world.buildings) {
    if (structure === Structure.None || owner !== seat) continue;
    for (let i = 0; i < queued; i++) if (queue.at(i) === kind) count++;
  }
  return count;
}

function isResearched(world: World, seat: number, upgrade: number): boolean {
  return world.buildings.some(
    ({ kind, owner, research }) => kind === Structure.Forge && owner === seat && research === upgrade,
  );
}

function makeButton(
  each: Omit<ActionKey, "code"> & { code?: string },
  seat: number,
  act: (action: Action) => void,
): Button {
  const { action, name, does, code } = each;
  const cap = code?.replace("Key", "") ?? "";
  const root = element("button", { type: "button", title: `${name}: ${does}${cap === "" ? "" : ` (${cap})`}` });
  if (action.type === "boxes") root.classList.add("touch-only");
  const cost = element("span", { className: "cost" });
  const badge = element("span", { className: "badge" });
  root.append(iconOf(action, seat), element("span", { className: "name" }, name), cost, badge);
  if (cap !== "") root.append(element("kbd", {}, cap));
  // A button that keeps the focus would be pressed again by the space bar.
  root.addEventListener("click", () => {
    root.blur();
    act(action);
  });
  return { action, does, root, cost, badge };
}

function iconOf(action: Action, seat: number): Element {
  const sign = SIGNS[action.type === "research" ? `research ${action.upgrade}` : action.type];
  if (sign !== undefined) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", sign);
    svg.append(path);
    return svg;
  }
  const ratio = Math.min(2, globalThis.devicePixelRatio);
  const canvas = element("canvas", { width: ICON_PX * ratio, height: ICON_PX * ratio });
  paintIcon(canvas.getContext("2d")!, action, seat, ICON_PX * ratio, DUSK);
  return canvas;
}

function paintIcon(
  context: CanvasRenderingContext2D,
  action: Action,
  seat: number,
  side: number,
  palette: Palette,
): void {
  if (action.type === "train") {
    context.setTransform(side / 1.6, 0, 0, side / 1.6, side / 2, side / 2);
    drawUnit(context, { kind: action.kind, loaded: false }, PLAYERS[seat]!, palette, -Math.PI / 4);
  } else if (action.type === "build") {
    const tiles = BUILDING_STATS[action.structure]!.size;
    context.setTransform(side / (tiles + 0.5), 0, 0, side / (tiles + 0.5), side / 2, side / 2);
    drawStructure(context, action.structure, tiles, seat, palette);
  }
}
