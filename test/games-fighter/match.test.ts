// Laws of a match: rounds, time, draws, absence, chance, and the same bytes for the same inputs.
import { describe, expect, test } from "vitest";
import { CHARACTERS } from "../../src/games/fighter/characters.js";
import { Action, Button, INTRO_FRAMES, Phase, Stage, Winner } from "../../src/games/fighter/rules.js";
import { Bout, type BoutOptions, fightingAt, schema } from "./bout.js";

const { Left, Right, Up, Down, Light, Throw } = Button;

/** Runs the first round to the end of its time, with the given healths. */
function timeOut(first: number, second: number, options: BoutOptions = {}): Bout {
  const bout = fightingAt(400, { roundSeconds: 1, ...options });
  bout.set("fighters", 0, "health", first);
  bout.set("fighters", 1, "health", second);
  bout.until(() => bout.world.phase === Phase.RoundOver);
  return bout;
}

describe("a round", () => {
  test("begins with a countdown in which nobody moves", () => {
    const bout = new Bout();
    expect(bout.until(() => bout.world.phase === Phase.Fight, Right | Light, Left | Throw)).toBe(INTRO_FRAMES);
    expect([bout.first.position.x, bout.second.position.x]).toEqual([310, 650]);
    expect([bout.first.action, bout.second.action]).toEqual([Action.Idle, Action.Idle]);
  });

  test("lasts as long as the configuration says", () => {
    const bout = fightingAt(400, { roundSeconds: 2 });
    expect(bout.until(() => bout.world.phase !== Phase.Fight)).toBe(120);
    expect(bout.world.byTime).toBe(1);
  });

  test("ends by time for the one with the larger share of health", () => {
    const [rill, cairn] = CHARACTERS.map((character) => character.health) as [number, number];
    expect(timeOut(500, 400).world.roundWinner).toBe(Winner.First);
    expect(timeOut(400, 500).world.roundWinner).toBe(Winner.Second);
    // Cairn has more health to begin with, so the same number is less of it.
    expect(timeOut(500, 500).world.roundWinner).toBe(Winner.First);
    expect(timeOut(rill, cairn).world.roundWinner).toBe(Winner.Draw);
  });

  test("ends with a KO: the loser falls, the winner has a round", () => {
    const bout = fightingAt(58);
    bout.set("fighters", 1, "health", 1);
    bout.step(Light);
    bout.until(() => bout.world.phase === Phase.Ko);
    expect(bout.events.some((event) => event.type === "Ko" && event.losers === 2)).toBe(true);
    expect(bout.second.health).toBe(0);
    bout.until(() => bout.world.phase === Phase.RoundOver);
    expect([bout.first.action, bout.second.action]).toEqual([Action.Win, Action.Lose]);
    expect([bout.first.roundsWon, bout.second.roundsWon]).toEqual([1, 0]);
    expect(bout.world.rounds[0]).toMatchObject({ winner: Winner.First, byTime: 0, secondHealth: 0 });
  });

  test("a double KO counts for both", () => {
    const bout = fightingAt(58, { characters: [1, 1] });
    bout.set("fighters", 0, "health", 1);
    bout.set("fighters", 1, "health", 1);
    bout.step(Light, Light);
    bout.until(() => bout.world.phase === Phase.RoundOver);
    expect(bout.world.roundWinner).toBe(Winner.Draw);
    expect([bout.first.roundsWon, bout.second.roundsWon]).toEqual([1, 1]);
  });
});

describe("a match", () => {
  test("ends at the second round won, and a new one begins by itself", () => {
    const bout = timeOut(900, 100);
    bout.until(() => bout.world.phase === Phase.Fight);
    expect(bout.world.round).toBe(2);
    expect(bout.second.health).toBe(CHARACTERS[1]!.health);
    bout.set("fighters", 1, "health", 100);
    bout.until(() => bout.world.phase === Phase.MatchOver);
    expect(bout.world.matchWinner).toBe(Winner.First);
    bout.until(() => bout.world.phase === Phase.Fight);
    expect([bout.world.matches, bout.world.round, bout.first.roundsWon]).toEqual([2, 1, 0]);
  });

  test("drawn rounds to the end are a drawn match", () => {
    const [rill, cairn] = CHARACTERS.map((character) => character.health) as [number, number];
    const bout = timeOut(rill, cairn, { roundsToWin: 1 });
    bout.until(() => bout.world.phase === Phase.MatchOver);
    expect(bout.world.matchWinner).toBe(Winner.Draw);
  });

  test("characters follow from the seats unless the configuration says otherwise", () => {
    expect([new Bout().first.character, new Bout().second.character]).toEqual([0, 1]);
    const swapped = new Bout({ characters: [2, 1] });
    expect([swapped.first.character, swapped.second.character]).toEqual([1, 0]);
  });
});

describe("the controls", () => {
  test("opposite directions cancel", () => {
    const bout = fightingAt(300);
    bout.run(20, Left | Right, Up | Down);
    expect(bout.first.position.x).toBe(330);
    expect(bout.second.action).toBe(Action.Idle);
  });

  test("an absent player stands still, whatever the cell says", () => {
    const bout = fightingAt(300);
    for (let frame = 0; frame < 30; frame++) bout.absent(1);
    expect([bout.second.action, bout.second.position.x, bout.second.buttons]).toEqual([Action.Idle, 630, 0]);
  });

  test("the fighters look at each other after changing sides", () => {
    const bout = fightingAt(120);
    bout.run(6, Up | Right);
    bout.until(() => bout.first.action === Action.Idle);
    expect(bout.first.position.x).toBeGreaterThan(bout.second.position.x);
    expect([bout.first.facing, bout.second.facing]).toEqual([-1, 1]);
  });

  test("a second tap dashes, further and faster than walking", () => {
    const bout = fightingAt(500);
    bout.play([Right, Right, 0, 0, Right]);
    expect(bout.first.action).toBe(Action.DashForward);
    bout.play([], [Left, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Left]);
    expect(bout.second.action).toBe(Action.WalkForward);
  });

  test("nobody leaves the stage or stands inside the other", () => {
    const bout = fightingAt(300);
    bout.run(300, Left, Left);
    expect(bout.first.position.x).toBe(36);
    expect(bout.second.position.x).toBe(36 + CHARACTERS[0]!.halfWidth + CHARACTERS[1]!.halfWidth);
  });
});

describe("chance", () => {
  function hazards(seed: number): number[] {
    const bout = new Bout({ seed, hazard: 2 });
    const warned = bout.run(3000).filter((event) => event.type === "HazardWarn");
    return warned.map((event) => event.x);
  }

  test("different seeds put the hazard elsewhere, the same seed at the same places", () => {
    const one = hazards(1);
    expect(one.length).toBeGreaterThan(3);
    expect(hazards(1)).toEqual(one);
    expect(hazards(2)).not.toEqual(one);
  });

  test("the hazard warns for a second before it hurts, can be blocked, and can be switched off", () => {
    for (const guard of [0, Left | Down]) {
      const bout = new Bout({ hazard: 2 });
      bout.until(() => bout.world.hazard.stage === Stage.Warning);
      bout.set("fighters", 0, "position", "x", bout.world.hazard.x - 4);
      const before = bout.first.health;
      // Walking back while blocking would leave the place, so the scene is held still until the strike.
      const frames = bout.until(() => {
        bout.set("fighters", 0, "position", "x", bout.world.hazard.x - 4);
        return bout.first.hitStop > 0;
      }, guard);
      expect(frames).toBe(61);
      expect(bout.first.health < before).toBe(guard === 0);
    }
    expect(new Bout({ hazard: 1 }).run(3000).some((event) => event.type === "HazardWarn")).toBe(false);
  });
});

describe("the state", () => {
  test("is between 256 bytes and 4 KiB", () => {
    expect(schema.regions.state.size).toBeGreaterThanOrEqual(256);
    expect(schema.regions.state.size).toBeLessThanOrEqual(4096);
  });

  /** A fixed scramble of both pads. */
  function pads(frame: number): [number, number] {
    const mixed = Math.imul(frame + 1, 0x9e3779b1) >>> 0;
    return [(mixed >>> 8) & 0xff, (mixed >>> 20) & 0xff];
  }

  test("the same seed and inputs give the same bytes, in one go or after restoring a snapshot", () => {
    const [one, other] = [new Bout({ hazard: 2 }), new Bout({ hazard: 2 })];
    for (let frame = 0; frame < 3000; frame++) {
      one.step(...pads(frame >> 2));
      if (frame % 50 === 20) {
        const before = other.state();
        other.run(7, Right | Light, Left);
        other.restore(before);
      }
      other.step(...pads(frame >> 2));
      expect(Buffer.compare(one.state(), other.state()), `frame ${frame}`).toBe(0);
    }
  });

  test("mirrored inputs give the mirror image: no seat is favoured", () => {
    const bout = new Bout({ characters: [1, 1], hazard: 1 });
    for (let frame = 0; frame < 3000; frame++) {
      const [pad] = pads(frame >> 2);
      const swapped = (pad & ~3) | ((pad & 1) << 1) | ((pad & 2) >> 1);
      bout.step(pad, swapped);
      expect(bout.first.health, `frame ${frame}`).toBe(bout.second.health);
      expect(bout.first.action, `frame ${frame}`).toBe(bout.second.action);
      expect(bout.first.position.x + bout.second.position.x, `frame ${frame}`).toBeCloseTo(960, 2);
    }
  });
});
