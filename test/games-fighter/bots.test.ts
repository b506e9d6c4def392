// Laws of the bots: matches end, everything in the book is used, and nobody breaks the world.
import { beforeAll, describe, expect, test } from "vitest";
import { Bot } from "../../src/games/fighter/bot.js";
import { ACTION_NAMES, Phase, STAGE_WIDTH, WALL } from "../../src/games/fighter/rules.js";
import { Bout, type BoutEvent } from "./bout.js";

const MATCHES = 20;
// The longest match: three rounds of 60 s and what lies between them, with something to spare.
const FRAMES_MAX = 3 * 75 * 60;

interface Played {
  readonly seed: number;
  readonly finished: boolean;
  readonly events: BoutEvent[];
}

function playMatch(seed: number, actions: Set<string>, broken: string[]): Played {
  const bout = new Bout({ seed, hazard: 2 });
  const bots = [new Bot({ seat: 0, seed: seed * 2 }), new Bot({ seat: 1, seed: seed * 2 + 1 })] as const;
  const events: BoutEvent[] = [];
  while (bout.world.phase !== Phase.MatchOver && bout.world.frame < FRAMES_MAX) {
    events.push(...bout.step(bots[0].think(bout.world), bots[1].think(bout.world)));
    for (const fighter of bout.world.fighters) {
      const { x, y } = fighter.position;
      actions.add(ACTION_NAMES[fighter.action]!);
      if (fighter.health < 0 || y < 0 || x < WALL || x > STAGE_WIDTH - WALL)
        broken.push(`seed ${seed}, frame ${bout.world.frame}: health ${fighter.health} at ${x}, ${y}`);
    }
  }
  return { seed, finished: bout.world.phase === Phase.MatchOver, events };
}

describe(`${MATCHES} matches between bots`, () => {
  const actions = new Set<string>();
  const broken: string[] = [];
  let matches: Played[] = [];

  beforeAll(() => {
    matches = Array.from({ length: MATCHES }, (_, index) => playMatch(index + 1, actions, broken));
  });

  test("all come to an end", () => {
    expect(matches.filter((match) => !match.finished).map((match) => match.seed)).toEqual([]);
  });

  test("are mostly decided by KO", () => {
    const rounds = matches.flatMap((match) => match.events.filter((event) => event.type === "RoundEnd"));
    const byTime = rounds.filter((round) => round.byTime !== 0);
    expect(rounds.length).toBeGreaterThanOrEqual(2 * MATCHES);
    expect(byTime.length).toBeLessThan(rounds.length / 2);
  });

  test("are won by both sides", () => {
    const winners = matches.flatMap((match) => match.events.filter((event) => event.type === "MatchEnd"));
    expect(new Set(winners.map((end) => end.winner)).size).toBeGreaterThanOrEqual(2);
  });

  test("show every action there is", () => {
    expect(ACTION_NAMES.filter((name) => !actions.has(name))).toEqual([]);
  });

  test("show every event there is", () => {
    const types = new Set(matches.flatMap((match) => match.events.map((event) => event.type)));
    expect(types.size).toBe(14);
  });

  test("never leave the stage, the floor or the scale of health", () => {
    expect(broken).toEqual([]);
  });
});

describe("a bot", () => {
  test("with the same seed plays the same, with another one otherwise", () => {
    const buttons = (seed: number) => {
      const bout = new Bout();
      const bot = new Bot({ seat: 0, seed });
      return Array.from({ length: 600 }, () => {
        const held = bot.think(bout.world);
        bout.step(held);
        return held;
      });
    };
    expect(buttons(5)).toEqual(buttons(5));
    expect(buttons(5)).not.toEqual(buttons(6));
  });

  test("never stands idle for long in the fight", () => {
    const bout = new Bout();
    const bot = new Bot({ seat: 0, seed: 3 });
    let idle = 0;
    let longest = 0;
    for (let frame = 0; frame < 1800; frame++) {
      bout.step(bot.think(bout.world));
      idle = bout.world.phase === Phase.Fight && bout.first.action === 0 ? idle + 1 : 0;
      longest = Math.max(longest, idle);
    }
    expect(longest).toBeLessThan(45);
  });

  test("with more skill mostly beats one with less", () => {
    let skilled = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const bout = new Bout({ seed, characters: [1, 1] });
      const bots = [new Bot({ seat: 0, seed, skill: 1 }), new Bot({ seat: 1, seed: seed + 50, skill: 0 })] as const;
      while (bout.world.phase !== Phase.MatchOver) bout.step(bots[0].think(bout.world), bots[1].think(bout.world));
      if (bout.world.matchWinner === 1) skilled++;
    }
    expect(skilled).toBeGreaterThanOrEqual(7);
  });
});
