// Laws of blows: when they hurt, who can block them, what they do to both sides.
import { describe, expect, test } from "vitest";
import { CHARACTERS } from "../../src/games/fighter/characters.js";
import { moveOf } from "../../src/games/fighter/moves.js";
import { Action, Button, Contact } from "../../src/games/fighter/rules.js";
import { type Bout, fightingAt } from "./bout.js";

const { Left, Right, Up, Down, Light, Medium, Heavy } = Button;
const HEALTH = CHARACTERS[1]!.health;
// Close enough for every ground move of Rill, too far to overlap.
const CLOSE = 58;

/** Rill presses `attack` once while Cairn holds `guard`, until the blow has touched or the move is over. */
function strike(bout: Bout, attack: number, guard = 0): void {
  bout.step(attack, guard);
  bout.until(() => bout.first.contact !== Contact.None || bout.first.action === Action.Idle, attack & Down, guard, 80);
}

describe("a move", () => {
  const moves = [
    ["StandLight", Light],
    ["StandMedium", Medium],
    ["StandHeavy", Heavy],
    ["CrouchLight", Down | Light],
    ["CrouchMedium", Down | Medium],
    ["CrouchHeavy", Down | Heavy],
    ["Overhead", Right | Heavy],
  ] as const;

  test.each(moves)("%s hurts after its start-up frames and not earlier", (name, buttons) => {
    const bout = fightingAt(CLOSE);
    const { startup, damage } = moveOf(0, Action[name]);
    bout.step(buttons);
    expect(bout.first.action).toBe(Action[name]);
    expect(bout.until(() => bout.second.health < HEALTH, buttons & Down)).toBe(startup);
    expect(bout.second.health).toBe(HEALTH - damage);
  });

  test.each(moves)("%s is over after its frames when it touches nobody", (name, buttons) => {
    const bout = fightingAt(500);
    const { startup, active, recovery } = moveOf(0, Action[name]);
    bout.step(buttons);
    expect(bout.until(() => bout.first.action <= Action.WalkBack)).toBe(startup + active + recovery);
    expect(bout.second.health).toBe(HEALTH);
  });

  test("hurts once, however long it is active", () => {
    const bout = fightingAt(CLOSE);
    bout.step(Heavy);
    const hits = bout.run(60).filter((event) => event.type === "Hit");
    expect(hits).toHaveLength(1);
  });

  test("two blows in the same frame both land", () => {
    const bout = fightingAt(CLOSE, { characters: [1, 1] });
    bout.step(Light, Light);
    bout.run(10);
    expect(bout.first.health).toBe(CHARACTERS[0]!.health - moveOf(0, Action.StandLight).damage);
    expect(bout.second.health).toBe(bout.first.health);
  });
});

describe("a block", () => {
  test("stops a middle blow standing and crouching, without damage", () => {
    for (const guard of [Right, Right | Down]) {
      const bout = fightingAt(CLOSE);
      strike(bout, Medium, guard);
      expect(bout.first.contact).toBe(Contact.Blocked);
      expect(bout.second.health).toBe(HEALTH);
    }
  });

  test("is holding away: holding towards the attacker is none", () => {
    const bout = fightingAt(CLOSE);
    strike(bout, Medium, Left);
    expect(bout.first.contact).toBe(Contact.Hit);
  });

  test("a low blow gets through a standing block and is stopped by a crouching one", () => {
    const standing = fightingAt(CLOSE);
    strike(standing, Down | Medium, Right);
    expect(standing.first.contact).toBe(Contact.Hit);
    const crouching = fightingAt(CLOSE);
    strike(crouching, Down | Medium, Right | Down);
    expect(crouching.first.contact).toBe(Contact.Blocked);
    expect(crouching.second.action).toBe(Action.BlockCrouch);
  });

  test("an overhead gets through a crouching block and is stopped by a standing one", () => {
    const crouching = fightingAt(CLOSE);
    strike(crouching, Right | Heavy, Right | Down);
    expect(crouching.first.contact).toBe(Contact.Hit);
    const standing = fightingAt(CLOSE);
    strike(standing, Right | Heavy, Right);
    expect(standing.first.contact).toBe(Contact.Blocked);
  });

  test.each([
    ["a crouching block", Right | Down, true],
    ["a standing block", Right, false],
  ] as const)("a jump attack against %s", (_, guard, hurts) => {
    const bout = fightingAt(200);
    bout.run(6, Up | Right);
    bout.until(() => bout.first.velocity.y < -2);
    bout.step(Heavy, guard);
    bout.until(() => bout.second.hitStop > 0, 0, guard, 40);
    expect(bout.second.health < HEALTH).toBe(hurts);
  });

  test("stun holds the victim for its frames after the hit-stop", () => {
    const bout = fightingAt(CLOSE);
    strike(bout, Light);
    const { hitStop, hitStun } = moveOf(0, Action.StandLight);
    expect(bout.second.action).toBe(Action.HitStand);
    expect(bout.until(() => bout.second.action === Action.Idle)).toBe(hitStop + hitStun);
  });
});

describe("contact", () => {
  test("hit-stop freezes both for its frames", () => {
    const bout = fightingAt(CLOSE);
    strike(bout, Heavy);
    const { hitStop } = moveOf(0, Action.StandHeavy);
    const frozen = [bout.first, bout.second].map((one) => [one.position.x, one.actionFrame]);
    for (let frame = 0; frame < hitStop; frame++) {
      bout.step(Right, Left);
      expect([bout.first, bout.second].map((one) => [one.position.x, one.actionFrame])).toEqual(frozen);
    }
    bout.step();
    expect(bout.first.actionFrame).toBe(frozen[0]![1]! + 1);
    expect(bout.second.position.x).toBeGreaterThan(frozen[1]![0]!);
  });

  test("a victim in the corner pushes the attacker back, one in the open goes back itself", () => {
    const open = fightingAt(CLOSE);
    strike(open, Medium);
    const before = open.first.position.x;
    open.run(30);
    expect(open.first.position.x).toBe(before);

    const corner = fightingAt(CLOSE);
    corner.set("fighters", 0, "position", "x", 924 - CLOSE);
    corner.set("fighters", 1, "position", "x", 924);
    strike(corner, Medium);
    const start = corner.first.position.x;
    corner.run(30);
    expect(corner.second.position.x).toBe(924);
    expect(corner.first.position.x).toBeLessThan(start - 20);
  });

  test("later hits of a combo hurt less and are counted", () => {
    const bout = fightingAt(CLOSE);
    strike(bout, Light);
    bout.until(() => bout.first.action === Action.Idle);
    strike(bout, Light);
    const { damage } = moveOf(0, Action.StandLight);
    expect(bout.first.combo).toBe(2);
    expect(HEALTH - bout.second.health).toBe(damage + Math.floor((damage * 88) / 100));
    bout.until(() => bout.second.action === Action.Idle);
    expect(bout.first.combo).toBe(0);
    expect(bout.first.comboBest).toBe(2);
  });

  test("a sweep knocks down, and the victim cannot be hurt before it stands again", () => {
    const bout = fightingAt(CLOSE);
    strike(bout, Down | Heavy);
    expect(bout.second.action).toBe(Action.HitAir);
    const health = bout.second.health;
    const seen = new Set<number>();
    while (bout.second.action >= Action.BlockStand) {
      // Whatever the victim's place, the attacker stands there and strikes low.
      bout.set("fighters", 0, "position", "x", bout.second.position.x - CLOSE);
      bout.step(Down | (bout.world.frame % 2 ? Light : 0));
      if (bout.second.action >= Action.BlockStand) seen.add(bout.second.action);
      expect(bout.second.health).toBe(health);
    }
    expect(seen).toEqual(new Set([Action.HitAir, Action.Down, Action.WakeUp]));
    strike(bout, Down | Light);
    expect(bout.second.health).toBeLessThan(health);
  });

  test("a launched victim can be struck in the air, and only so often before it lies", () => {
    const bout = fightingAt(CLOSE);
    bout.play([Down, Down | Left, Left, Left | Medium]);
    bout.until(() => bout.second.action === Action.HitAir);
    let hits = 1;
    while (bout.second.action === Action.HitAir) {
      bout.set("fighters", 0, "position", "x", bout.second.position.x - 40);
      bout.set("fighters", 0, "position", "y", 0);
      bout.set("fighters", 0, "velocity", "y", 0);
      if (bout.first.action === Action.Strike) bout.set("fighters", 0, "action", Action.Idle);
      const events = bout.step(bout.world.frame % 2 ? Light : 0);
      hits += events.filter((event) => event.type === "Hit").length;
    }
    expect(hits).toBe(3);
  });
});
