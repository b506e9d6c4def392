// Buttons on the glass for player 1: a cross to slide on, and four attacks.
import type { Device } from "../../client/devices.js";
import { Button } from "../../games/fighter/rules.js";
import { element } from "../element.js";

const ARROWS: readonly (readonly [string, number])[] = [
  ["↖", Button.Up | Button.Left],
  ["↑", Button.Up],
  ["↗", Button.Up | Button.Right],
  ["←", Button.Left],
  ["", 0],
  ["→", Button.Right],
  ["↙", Button.Down | Button.Left],
  ["↓", Button.Down],
  ["↘", Button.Down | Button.Right],
];

const ATTACKS: readonly (readonly [string, number])[] = [
  ["Light", Button.Light],
  ["Medium", Button.Medium],
  ["Throw", Button.Throw],
  ["Heavy", Button.Heavy],
];

export class TouchPad implements Device {
  readonly root: HTMLElement;
  readonly #fingers = new Map<number, HTMLElement>();
  readonly #bits = new Map<Element, number>();

  constructor() {
    const plate = (className: string, buttons: readonly (readonly [string, number])[]) => {
      const made = element("div", { className });
      for (const [label, bits] of buttons) {
        const key = element("span", {}, label);
        this.#bits.set(key, bits);
        made.append(key);
      }
      return made;
    };
    this.root = element(
      "div",
      { className: "card touch", ariaHidden: "true" },
      plate("cross", ARROWS),
      plate("face", ATTACKS),
    );
    // A finger that slides from key to key presses the one it is on, as on a real cross.
    for (const type of ["pointerdown", "pointermove"])
      this.root.addEventListener(type, (event) => this.#press(event as PointerEvent));
    for (const type of ["pointerup", "pointercancel"]) {
      globalThis.addEventListener(type, (event) => this.#release((event as PointerEvent).pointerId));
    }
    this.root.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  read(): number {
    let held = 0;
    for (const key of this.#fingers.values()) held |= this.#bits.get(key)!;
    return held;
  }

  close(): void {
    this.root.remove();
  }

  #press(event: PointerEvent): void {
    if (event.type === "pointermove" && !this.#fingers.has(event.pointerId)) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (under === null || !this.#bits.has(under)) return;
    if (event.type === "pointerdown") {
      event.preventDefault();
      if (this.root.hasPointerCapture(event.pointerId)) this.root.releasePointerCapture(event.pointerId);
    }
    this.#fingers.get(event.pointerId)?.classList.remove("held");
    this.#fingers.set(event.pointerId, under as HTMLElement);
    under.classList.add("held");
  }

  #release(finger: number): void {
    this.#fingers.get(finger)?.classList.remove("held");
    this.#fingers.delete(finger);
  }
}
