// Laws of motions, specials, projectiles and throws.
import { describe, expect, test } from "vitest";
import { CHARACTERS } from "../../src/games/fighter/characters.js";
import { missileOf, moveOf } from "../../src/games/fighter/moves.js";
import { Action, Button, Contact, METER_MAX } from "../../src/games/fighter/rules.js";
import { type Bout, fightingAt } from "./bout.js";

const { Left, Right, Up, Down, Light, Medium, Heavy, Throw } = Button;
const HEALTH = CHARACTERS[1]!.health;
const CLOSE = 58;
const FORWARD = [Down, Down | Right, Right];

function live(bout: Bout) {
  return bout.world.projectiles.filter((shot) => shot.life > 0);
}

describe("a motion", () => {
  test.each([
    ["as fast as can be", [...FORWARD, Right | Light]],
    ["with the attack on the last direction", [Down, Down | Right, Right | Light]],
    ["slowly", [...FORWARD.flatMap((held) => [held, held, held, held]), Right | Light]],
    ["with gaps and a slip to the back", [Down, 0, Down | Left, Down | Right, 0, Right | Light]],
  ])("quarter circle forward and an attack make a projectile: %s", (_, script) => {
    const bout = fightingAt(400);
    const events = [...bout.play(script), ...bout.run(30)];
    expect(events.filter((event) => event.type === "ProjectileSpawn")).toHaveLength(1);
  });

  test.each([
    ["no motion", [0, 0, 0, Light]],
    ["only forward", [Right, Right, Right | Light]],
    ["the wrong order", [Right, Down | Right, Down, Light]],
    ["too slow", [...FORWARD.flatMap((held) => Array(12).fill(held)), Right | Light]],
    ["towards the other side", [Down, Down | Left, Left, Left | Light]],
  ])("without the motion none: %s", (_, script) => {
    const bout = fightingAt(400);
    const events = [...bout.play(script), ...bout.run(30)];
    expect(events.filter((event) => event.type === "ProjectileSpawn")).toHaveLength(0);
  });

  test("is read relative to the side the fighter looks to", () => {
    const bout = fightingAt(400);
    bout.play([], [Down, Down | Left, Left, Left | Light]);
    expect(bout.second.action).toBe(Action.Shot);
  });

  test("towards the back makes the other special of the character", () => {
    const bout = fightingAt(400);
    bout.play([Down, Down | Left, Left, Left | Medium], [Down, Down | Right, Right, Right | Medium]);
    expect([bout.first.action, bout.second.action]).toEqual([Action.Strike, Action.Strike]);
    bout.run(14);
    expect(bout.first.position.y).toBeGreaterThan(0);
    expect(bout.second.position.y).toBe(0);
    expect(bout.second.velocity.x).toBeLessThan(0);
  });

  test("heavy with a full meter makes the great special and empties the meter; short of full it does not", () => {
    for (const meter of [METER_MAX - 1, METER_MAX]) {
      const bout = fightingAt(400);
      bout.set("fighters", 0, "meter", meter);
      bout.play([...FORWARD, Right | Heavy]);
      const great = meter === METER_MAX;
      expect(bout.first.action).toBe(great ? Action.GreatShot : Action.Shot);
      expect(bout.first.meter).toBe(great ? 0 : meter);
    }
  });
});

describe("a cancel", () => {
  // The motion is made while the normal is under way, and the attack is pressed at its end.
  const script = [Medium, Down, Down | Right, Right, Right, Right, Right, Right | Light];

  test.each([
    ["when the normal hurts", CLOSE, 0, true],
    ["when it is blocked", CLOSE, Right | Down, true],
    ["not when it touches nobody", 400, 0, false],
  ] as const)("%s", (_, gap, guard, cancelled) => {
    const bout = fightingAt(gap);
    bout.play(script, Array(script.length).fill(guard));
    const atPress = bout.first.contact;
    const total = moveOf(0, Action.StandMedium).startup + moveOf(0, Action.StandMedium).active;
    const frames = bout.until(() => bout.first.action === Action.Shot, 0, guard, total + 8);
    expect(Number.isFinite(frames)).toBe(cancelled);
    expect(atPress !== Contact.None).toBe(cancelled);
  });
});

describe("a projectile", () => {
  test("flies, hurts once and is gone", () => {
    const bout = fightingAt(300);
    bout.play([...FORWARD, Right | Light]);
    bout.until(() => live(bout).length === 1);
    bout.until(() => bout.second.health < HEALTH);
    expect(bout.second.health).toBe(HEALTH - missileOf(0, false).damage);
    expect(live(bout)).toHaveLength(0);
  });

  test("a blocked one chips, and never takes the last point", () => {
    const bout = fightingAt(300);
    bout.set("fighters", 1, "health", 5);
    bout.play([...FORWARD, Right | Light]);
    bout.until(() => bout.second.hitStop > 0, 0, Right);
    expect(bout.second.action).toBe(Action.BlockStand);
    expect(bout.second.health).toBe(1);
  });

  test("two that meet break each other", () => {
    const bout = fightingAt(500, { characters: [1, 1] });
    const script = [...FORWARD, Right | Light];
    const mirrored = [Down, Down | Left, Left, Left | Light];
    bout.play(script, mirrored);
    bout.until(() => live(bout).length === 2);
    bout.until(() => bout.events.some((event) => event.type === "Clash"));
    expect(live(bout)).toHaveLength(0);
    expect([bout.first.health, bout.second.health]).toEqual([CHARACTERS[0]!.health, CHARACTERS[0]!.health]);
  });

  test("the straight one and the lobbed one differ in flight", () => {
    const bout = fightingAt(700);
    bout.play([...FORWARD, Right | Light], [Down, Down | Left, Left, Left | Light]);
    bout.until(() => live(bout).length === 2);
    const heights = new Map<number, Set<number>>([
      [0, new Set()],
      [1, new Set()],
    ]);
    for (let frame = 0; frame < 20; frame++) {
      bout.step();
      for (const shot of live(bout)) heights.get(shot.owner)!.add(shot.position.y);
    }
    expect(heights.get(0)!.size).toBe(1);
    expect(heights.get(1)!.size).toBeGreaterThan(10);
  });

  test("nobody has two ordinary ones in the air", () => {
    const bout = fightingAt(860);
    for (let shot = 0; shot < 3; shot++) {
      bout.play([...FORWARD, Right | Light]);
      bout.run(42);
      expect(live(bout).length).toBeLessThanOrEqual(1);
    }
  });
});

describe("a throw", () => {
  test.each([
    ["the button", [Throw]],
    ["light and medium together", [Light | Medium]],
    ["light, then medium a frame later", [Light, Light | Medium]],
  ])("seizes a standing blocker with %s, hurts and throws down", (_, script) => {
    const bout = fightingAt(CLOSE);
    bout.play(script, Array(script.length).fill(Right | Down));
    bout.until(() => bout.second.action === Action.Held, 0, Right | Down, 12);
    expect(bout.first.action).toBe(Action.Hold);
    const events = bout.run(40);
    expect(events.some((event) => event.type === "Throw")).toBe(true);
    expect(bout.second.health).toBe(HEALTH - moveOf(0, Action.Throw).damage);
    expect(bout.until(() => bout.second.action === Action.Down)).toBeLessThan(60);
  });

  test("holding back throws behind", () => {
    const sides = [0, Left].map((held) => {
      const bout = fightingAt(CLOSE);
      bout.step(held | Throw);
      bout.until(() => bout.second.action === Action.Down, held);
      return Math.sign(bout.second.position.x - bout.first.position.x);
    });
    expect(sides).toEqual([1, -1]);
  });

  test("misses out of range, in the air and during stun", () => {
    const far = fightingAt(140);
    far.step(Throw);
    expect(far.until(() => far.second.action === Action.Held, 0, 0, 40)).toBe(Number.POSITIVE_INFINITY);
    const air = fightingAt(CLOSE);
    air.run(7, 0, Up);
    air.step(Throw);
    expect(air.until(() => air.second.action === Action.Held, 0, 0, 20)).toBe(Number.POSITIVE_INFINITY);
    const stunned = fightingAt(CLOSE);
    stunned.step(Light);
    stunned.until(() => stunned.first.action === Action.Idle);
    stunned.set("fighters", 1, "stun", 60);
    stunned.step(Throw);
    expect(stunned.until(() => stunned.second.action === Action.Held, 0, 0, 20)).toBe(Number.POSITIVE_INFINITY);
  });

  test("is broken by a throw inside the window, and not after it", () => {
    for (const [frames, breaks] of [
      [0, true],
      [8, true],
      [9, false],
      [14, false],
    ] as const) {
      const bout = fightingAt(CLOSE);
      bout.step(Throw);
      bout.until(() => bout.second.action === Action.Held);
      bout.run(frames);
      bout.step(0, Throw);
      expect(bout.second.action === Action.Tech, `after ${frames} frames`).toBe(breaks);
      bout.run(60);
      expect(bout.second.health === HEALTH).toBe(breaks);
    }
  });

  test("two throws at once break each other", () => {
    const bout = fightingAt(CLOSE);
    const events = [...bout.play([Throw], [Throw]), ...bout.run(10)];
    expect(events.some((event) => event.type === "Tech")).toBe(true);
    expect([bout.first.action, bout.second.action]).toEqual([Action.Tech, Action.Tech]);
  });
});
