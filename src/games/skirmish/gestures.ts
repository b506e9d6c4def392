// Mouse, wheel and fingers over a picture, as what they mean: a click, a box, a pull, a pinch, an order.
import type { Click } from "./controls.js";
import type { Spot } from "./draw/camera.js";

const LONG_PRESS_MS = 430;
const DOUBLE_MS = 320;
/** A finger that moves less still presses. */
const STILL_PX = 9;
const WHEEL_STEP = 0.0014;
const EDGE_PX = 14;
const EDGE_PX_PER_MS = 0.7;
/** A mouse that only passes the edge, on its way to a button, moves nothing. */
const EDGE_AFTER_MS = 220;

const LEFT = 0;
const MIDDLE = 1;
const RIGHT = 2;

export interface Gesturing {
  /** Whether the picture belongs to a hand that plays; else the page below it is to scroll as any page does. */
  readonly plays: () => boolean;
  /** Whether a pull of the left button, or of one finger, draws a box; else it moves the picture. */
  readonly boxes: (touch: boolean) => boolean;
  /** The place of the map below a place of the small map. */
  readonly spotOfMap: (px: number, py: number) => Spot | undefined;
  readonly onMap: (spot: Spot) => void;
  readonly onPan: (dx: number, dy: number) => void;
  readonly onZoom: (factor: number, px: number, py: number) => void;
  readonly onHover: (px: number, py: number) => void;
  readonly onBox: (from: Spot, to: Spot, done: boolean, add: boolean) => void;
  readonly onClick: (px: number, py: number, click: Click) => void;
  readonly onOrder: (px: number, py: number, touch: boolean) => void;
}

interface Pointer {
  readonly touch: boolean;
  readonly from: Spot;
  at: Spot;
  /** What this pull turned out to be. */
  pull: "none" | "map" | "box" | "pan";
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

export class Gestures {
  readonly #canvas: HTMLCanvasElement;
  readonly #to: Gesturing;
  readonly #pointers = new Map<number, Pointer>();
  #clickedAt = -Infinity;
  #clicked: Spot = { x: 0, y: 0 };
  #mouse: Spot | undefined;
  #atEdgeSince: number | undefined;

  constructor(canvas: HTMLCanvasElement, to: Gesturing) {
    this.#canvas = canvas;
    this.#to = to;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", ({ pointerId }) => this.#drop(pointerId));
    canvas.addEventListener("pointerleave", () => {
      this.#mouse = undefined;
    });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** How fast the mouse at the picture's edge moves it, in pixels a millisecond. */
  edge(): Spot {
    const { clientWidth, clientHeight } = this.#canvas;
    const mouse = this.#pointers.size > 0 ? undefined : this.#mouse;
    const along = (at: number, size: number) => (at < EDGE_PX ? -1 : at > size - EDGE_PX ? 1 : 0);
    const x = mouse === undefined ? 0 : along(mouse.x, clientWidth);
    const y = mouse === undefined ? 0 : along(mouse.y, clientHeight);
    const now = performance.now();
    if (x === 0 && y === 0) this.#atEdgeSince = undefined;
    else this.#atEdgeSince ??= now;
    if (this.#atEdgeSince === undefined || now - this.#atEdgeSince < EDGE_AFTER_MS) return { x: 0, y: 0 };
    return { x: x * EDGE_PX_PER_MS, y: y * EDGE_PX_PER_MS };
  }

  #place({ clientX, clientY }: MouseEvent): Spot {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event: PointerEvent): void {
    const at = this.#place(event);
    const touch = event.pointerType === "touch";
    if (event.button === RIGHT) {
      this.#to.onOrder(at.x, at.y, false);
      return;
    }
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    const spot = this.#to.spotOfMap(at.x, at.y);
    const pull = spot !== undefined ? "map" : event.button === MIDDLE ? "pan" : "none";
    if (spot !== undefined) this.#to.onMap(spot);
    const press = () => {
      if (this.#pointers.size === 1 && this.#pointers.get(event.pointerId)?.pull === "none") {
        this.#drop(event.pointerId);
        this.#to.onOrder(at.x, at.y, true);
      }
    };
    const timer = touch && spot === undefined ? setTimeout(press, LONG_PRESS_MS) : undefined;
    this.#pointers.set(event.pointerId, { touch, from: at, at, pull, timer });
    // A second finger makes a pinch of whatever the first one was.
    if (this.#pointers.size > 1) for (const pointer of this.#pointers.values()) this.#pinched(pointer);
  }

  #pinched(pointer: Pointer): void {
    if (pointer.pull === "box") this.#to.onBox(pointer.from, pointer.from, true, true);
    pointer.pull = "pan";
    clearTimeout(pointer.timer);
  }

  #move(event: PointerEvent): void {
    const at = this.#place(event);
    if (event.pointerType === "mouse") this.#mouse = at;
    const pointer = this.#pointers.get(event.pointerId);
    if (pointer === undefined) {
      this.#to.onHover(at.x, at.y);
      return;
    }
    const before = pointer.at;
    if (pointer.pull === "none") {
      if (Math.hypot(at.x - pointer.from.x, at.y - pointer.from.y) < (pointer.touch ? STILL_PX : 3)) return;
      clearTimeout(pointer.timer);
      pointer.pull = this.#to.boxes(pointer.touch) ? "box" : "pan";
    }
    pointer.at = at;
    this.#pull(pointer, before, event.shiftKey);
  }

  #pull(pointer: Pointer, before: Spot, add: boolean): void {
    const { at, from } = pointer;
    if (this.#pointers.size === 2) {
      const [a, b] = [...this.#pointers.values()];
      const other = a === pointer ? b! : a!;
      const was = Math.hypot(before.x - other.at.x, before.y - other.at.y);
      const is = Math.hypot(at.x - other.at.x, at.y - other.at.y);
      if (was > 0) this.#to.onZoom(is / was, (at.x + other.at.x) / 2, (at.y + other.at.y) / 2);
      this.#to.onPan((at.x - before.x) / 2, (at.y - before.y) / 2);
      return;
    }
    if (pointer.pull === "box") this.#to.onBox(from, at, false, add);
    if (pointer.pull === "pan") this.#to.onPan(at.x - before.x, at.y - before.y);
    const spot = pointer.pull === "map" ? this.#to.spotOfMap(at.x, at.y) : undefined;
    if (spot !== undefined) this.#to.onMap(spot);
  }

  #up(event: PointerEvent): void {
    const pointer = this.#pointers.get(event.pointerId);
    this.#drop(event.pointerId);
    if (pointer === undefined || event.button > LEFT) return;
    const at = this.#place(event);
    if (pointer.pull === "box") this.#to.onBox(pointer.from, at, true, event.shiftKey);
    if (pointer.pull !== "none") return;
    const now = performance.now();
    const near = Math.hypot(at.x - this.#clicked.x, at.y - this.#clicked.y) < 2 * STILL_PX;
    const double = near && now - this.#clickedAt < DOUBLE_MS;
    this.#clickedAt = double ? -Infinity : now;
    this.#clicked = at;
    this.#to.onClick(at.x, at.y, { touch: pointer.touch, add: event.shiftKey, double });
  }

  #drop(pointerId: number): void {
    clearTimeout(this.#pointers.get(pointerId)?.timer);
    this.#pointers.delete(pointerId);
  }

  /** To be called when a hand begins to play, or ends. */
  refit(): void {
    this.#canvas.style.touchAction = this.#to.plays() ? "none" : "pan-y";
  }

  #wheel(event: WheelEvent): void {
    if (!this.#to.plays() && !event.ctrlKey) return;
    event.preventDefault();
    const { x, y } = this.#place(event);
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 30 : event.deltaY;
    this.#to.onZoom(Math.exp(-delta * WHEEL_STEP), x, y);
  }
}
