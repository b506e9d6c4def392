// Input devices: keyboards and gamepads as one number of button bits, sampled whenever the game asks.
import { cleanLast, cleanNeutral, type Directions, type SocdRule } from "./socd.js";

export interface Device {
  /** The bits of all that is held at this moment. */
  read(): number;
  /** Stops listening. */
  close(): void;
}

/** How far a stick is pushed before it counts as a direction: half its way, as digital pads do it. */
const STICK_THRESHOLD = 0.5;

/** Pages have fields to type in; their keys are not the game's. */
const TYPING = /^(?:INPUT|TEXTAREA|SELECT)$/;

/**
 * Keys as bits, by `KeyboardEvent.code` (the key's place, whatever is printed on it): `keyboard({ KeyA: 1, KeyD: 2 })`.
 * When the window loses the focus everything is released, since the key-up goes to somebody else.
 */
export function keyboard(bindings: Readonly<Record<string, number>>, target: EventTarget = globalThis.window): Device {
  const down = new Set<string>();
  const onDown = (event: Event) => {
    const { code, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    if (!Object.hasOwn(bindings, code) || ctrlKey || metaKey || altKey) return;
    if (TYPING.test((event.target as Partial<Element> | null)?.tagName ?? "")) return;
    event.preventDefault(); // arrows and the space bar would scroll the page
    down.add(code);
  };
  const onUp = (event: Event) => down.delete((event as KeyboardEvent).code);
  const onBlur = () => down.clear();
  target.addEventListener("keydown", onDown);
  target.addEventListener("keyup", onUp);
  target.addEventListener("blur", onBlur);
  return {
    read() {
      let held = 0;
      for (const code of down) held |= bindings[code]!;
      return held;
    },
    close() {
      target.removeEventListener("keydown", onDown);
      target.removeEventListener("keyup", onUp);
      target.removeEventListener("blur", onBlur);
      down.clear();
    },
  };
}

export interface GamepadBindings {
  /** Bits by button number of the standard layout: 0 to 3 the face, 12 up, 13 down, 14 left, 15 right. */
  buttons: Readonly<Record<number, number>>;
  /** The directions that the left stick stands for. */
  stick?: Directions;
  /** Which gamepad; by default the first. */
  index?: number;
}

type Pads = () => readonly (Pick<Gamepad, "buttons" | "axes"> | null)[];

/** A gamepad as bits; nothing while there is none. `pads` is where to find them: the browser by default. */
export function gamepad(bindings: GamepadBindings, pads: Pads = () => navigator.getGamepads()): Device {
  const { buttons, stick, index } = bindings;
  return {
    read() {
      const all = pads();
      const pad = index === undefined ? all.find((each) => each !== null) : all[index];
      if (pad === undefined || pad === null) return 0;
      let held = 0;
      for (const [number, bit] of Object.entries(buttons)) if (pad.buttons[Number(number)]?.pressed) held |= bit;
      return stick === undefined ? held : held | stickBits(pad.axes, stick);
    },
    close() {},
  };
}

function stickBits([x = 0, y = 0]: readonly number[], { left, right, up, down }: Directions): number {
  const across = x <= -STICK_THRESHOLD ? left : x >= STICK_THRESHOLD ? right : 0;
  return across | (y <= -STICK_THRESHOLD ? up : y >= STICK_THRESHOLD ? down : 0);
}

/** Several devices for one player: what is held on any of them. */
export function combine(...devices: Device[]): Device {
  return {
    read: () => devices.reduce((held, device) => held | device.read(), 0),
    close: () => {
      for (const device of devices) device.close();
    },
  };
}

/** A device whose opposite directions are cleaned, after everything was combined. */
export function withSocd(device: Device, directions: Directions, rule: SocdRule = "neutral"): Device {
  let before = 0;
  let cleaned = 0;
  return {
    read() {
      const held = device.read();
      cleaned = rule === "neutral" ? cleanNeutral(held, directions) : cleanLast(held, before, cleaned, directions);
      before = held;
      return cleaned;
    },
    close: () => device.close(),
  };
}
