// The line over a battle: what the watched player has, how strong all are beside each other, and the time that is left.

import { PLAYERS } from "../../games/skirmish/draw/palette.js";
import { FRAMES_PER_SECOND } from "../../games/skirmish/rules.js";
import type { World } from "../../games/skirmish/types.js";
import { element, write } from "../element.js";

export class Purse {
  readonly root: HTMLElement;
  readonly #ore = element("b");
  readonly #workers = element("b");
  readonly #army = element("b");
  readonly #levels = element("span", { className: "levels" });
  readonly #time = element("span", { className: "time" });
  readonly #strength = element("div", { className: "strength", ariaHidden: "true" });

  constructor() {
    const line = element(
      "div",
      { className: "line" },
      element("span", { className: "ore", title: "Ore" }, this.#ore),
      element("span", { title: "Workers" }, this.#workers, " workers"),
      element("span", { title: "Fighters" }, this.#army, " fighters"),
      this.#levels,
      this.#time,
    );
    this.root = element("div", { className: "purse" }, this.#strength, line);
  }

  /** `poor` for a moment, after something was wanted that cannot be paid. */
  show(world: World, seat: number, poor: boolean): void {
    this.root.classList.toggle("poor", poor);
    const { ore, units, workers, blades, plates, tools } = world.seats[seat]!;
    write(this.#ore, String(ore));
    write(this.#workers, String(workers));
    write(this.#army, String(units - workers));
    write(this.#levels, levelsText(blades, plates, tools));
    write(this.#time, timeText(world.timer / FRAMES_PER_SECOND));
    this.#showStrength(strengths(world));
  }

  #showStrength(all: readonly number[]): void {
    while (this.#strength.childElementCount < all.length) this.#strength.append(element("i"));
    for (const [seat, strength] of all.entries()) {
      const part = this.#strength.children[seat] as HTMLElement;
      part.style.flexGrow = strength.toFixed(3);
      part.style.background = PLAYERS[seat]!.main;
    }
  }
}

/** Fighters of each player, with one for whoever is alive, so that no share is nothing. */
export function strengths({ seats, players }: World): readonly number[] {
  return seats.slice(0, players).map(({ alive, units, workers }) => (alive === 0 ? 0 : 1 + units - workers));
}

export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Nothing at the beginning; then "blades II, tools I". */
export function levelsText(blades: number, plates: number, tools: number): string {
  const levels = { blades, plates, tools };
  return Object.entries(levels)
    .filter(([, level]) => level > 0)
    .map(([name, level]) => `${name} ${"I".repeat(level)}`)
    .join(", ");
}
