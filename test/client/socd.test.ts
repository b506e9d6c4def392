// Opposite directions, and the devices that are read each frame.
import { describe, expect, it } from "vitest";
import { combine, type Device, gamepad, keyboard, withSocd } from "../../src/client/devices.js";
import { cleanLast, cleanNeutral } from "../../src/client/socd.js";

const [LEFT, RIGHT, UP, DOWN, PUNCH] = [1, 2, 4, 8, 16] as const;
const DIRECTIONS = { left: LEFT, right: RIGHT, up: UP, down: DOWN };

describe("opposite directions held at once", () => {
  it.each([
    ["nothing", 0, 0],
    ["one direction", LEFT, LEFT],
    ["a diagonal", RIGHT | DOWN, RIGHT | DOWN],
    ["left and right are neutral", LEFT | RIGHT, 0],
    ["up and down are up", UP | DOWN, UP],
    ["all four are up", LEFT | RIGHT | UP | DOWN, UP],
    ["buttons stay", LEFT | RIGHT | PUNCH, PUNCH],
  ])("neutral: %s", (_, held, seen) => {
    expect(cleanNeutral(held, DIRECTIONS)).toBe(seen);
  });

  it.each([
    ["right after left is right", [LEFT, LEFT | RIGHT], RIGHT],
    ["left after right is left", [RIGHT, LEFT | RIGHT], LEFT],
    ["and stays it while both are held", [LEFT, LEFT | RIGHT, LEFT | RIGHT], RIGHT],
    ["letting go of the later gives the earlier", [LEFT, LEFT | RIGHT, LEFT], LEFT],
    ["both in the same moment are neutral", [0, LEFT | RIGHT], 0],
    ["and stay neutral", [0, LEFT | RIGHT, LEFT | RIGHT], 0],
    ["down after up is down", [UP, UP | DOWN], DOWN],
    ["up and down in the same moment are up", [0, UP | DOWN], UP],
    ["buttons stay", [LEFT | PUNCH, LEFT | RIGHT | PUNCH], RIGHT | PUNCH],
  ])("last: %s", (_, presses, seen) => {
    let before = 0;
    let cleaned = 0;
    for (const held of presses) {
      cleaned = cleanLast(held, before, cleaned, DIRECTIONS);
      before = held;
    }
    expect(cleaned).toBe(seen);
  });
});

describe("devices", () => {
  const press = (target: EventTarget, type: string, code: string, more: object = {}): Event => {
    const event = Object.assign(new Event(type, { cancelable: true }), { code, ...more });
    target.dispatchEvent(event);
    return event;
  };

  it("a keyboard holds the bits of the keys that are down, and only of bound ones", () => {
    const target = new EventTarget();
    const keys = keyboard({ KeyA: LEFT, KeyD: RIGHT }, target);
    expect(press(target, "keydown", "KeyA").defaultPrevented).toBe(true);
    expect(press(target, "keydown", "KeyX").defaultPrevented).toBe(false);
    press(target, "keydown", "KeyD");
    expect(keys.read()).toBe(LEFT | RIGHT);
    press(target, "keyup", "KeyA");
    expect(keys.read()).toBe(RIGHT);
  });

  it("two keys for one bit hold it until both are up", () => {
    const target = new EventTarget();
    const keys = keyboard({ KeyA: LEFT, ArrowLeft: LEFT }, target);
    press(target, "keydown", "KeyA");
    press(target, "keydown", "ArrowLeft");
    press(target, "keyup", "KeyA");
    expect(keys.read()).toBe(LEFT);
  });

  it("losing the focus releases everything", () => {
    const target = new EventTarget();
    const keys = keyboard({ KeyA: LEFT }, target);
    press(target, "keydown", "KeyA");
    target.dispatchEvent(new Event("blur"));
    expect(keys.read()).toBe(0);
  });

  it("shortcuts of the browser are not the game's", () => {
    const target = new EventTarget();
    const keys = keyboard({ KeyA: LEFT }, target);
    expect(press(target, "keydown", "KeyA", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(keys.read()).toBe(0);
  });

  it("a closed keyboard hears nothing", () => {
    const target = new EventTarget();
    const keys = keyboard({ KeyA: LEFT }, target);
    keys.close();
    press(target, "keydown", "KeyA");
    expect(keys.read()).toBe(0);
  });

  it("a gamepad gives its buttons and its stick, and nothing when it is pulled", () => {
    const button = (pressed: boolean) => ({ pressed, touched: pressed, value: pressed ? 1 : 0 });
    const pad = { buttons: [button(true), button(false)], axes: [-0.9, 0.2] };
    let pads: (typeof pad | null)[] = [null, pad];
    const device = gamepad({ buttons: { 0: PUNCH, 1: UP }, stick: DIRECTIONS }, () => pads);
    expect(device.read()).toBe(PUNCH | LEFT);
    pad.axes = [0.3, 1];
    expect(device.read()).toBe(PUNCH | DOWN);
    pads = [null];
    expect(device.read()).toBe(0);
  });

  it("opposite directions on two devices are cleaned after both were combined", () => {
    const held = (bits: number): Device => ({ read: () => bits, close: () => {} });
    expect(withSocd(combine(held(LEFT), held(RIGHT | PUNCH)), DIRECTIONS).read()).toBe(PUNCH);
  });
});
