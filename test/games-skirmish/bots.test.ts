// Laws of the bots: matches of two, four and eight end in a victory, with armies worth watching.
import { describe, expect, test } from "vitest";
import { Bot } from "../../src/games/skirmish/bot.js";
import { Phase } from "../../src/games/skirmish/rules.js";
import { Campaign } from "./campaign.js";

const MINUTE = 20 * 60;

interface Played {
  readonly frames: number;
  readonly winner: number;
  readonly byTime: number;
  /** Most units alive at once. */
  readonly most: number;
  readonly bases: number;
  readonly upgrades: number;
}

function play(players: number, seed: number): Played {
  const campaign = new Campaign({ players, seed });
  const bots = Array.from({ length: players }, (_, seat) => new Bot({ seat, seed: seed * 100 + seat }));
  const { world } = campaign;
  let most = 0;
  let bases = 0;
  let upgrades = 0;
  while (world.phase === Phase.Playing) {
    campaign.step(...bots.map((bot) => bot.think(world)));
    if (world.frame % 100 !== 0) continue;
    const seats = world.seats.slice(0, players);
    most = Math.max(
      most,
      seats.reduce((sum, seat) => sum + seat.units, 0),
    );
    bases = Math.max(bases, ...seats.map((seat) => seat.bases));
    upgrades = Math.max(upgrades, ...seats.map((seat) => seat.blades + seat.plates + seat.tools));
  }
  return { frames: world.frame, winner: world.winner, byTime: world.byTime, most, bases, upgrades };
}

describe("bots against bots", () => {
  test.each([
    [2, 1],
    [4, 1],
    [8, 1],
  ])("%i of them: one wins within three to twelve minutes", (players, seed) => {
    const played = play(players, seed);
    expect(played.byTime).toBe(0);
    expect([...played.winner.toString(2)].filter((bit) => bit === "1").length).toBe(1);
    expect(played.frames).toBeGreaterThan(3 * MINUTE);
    expect(played.frames).toBeLessThan(12 * MINUTE);
    expect(played.most).toBeGreaterThan(500);
    expect(played.bases).toBeGreaterThan(2);
    expect(played.upgrades).toBeGreaterThan(0);
  });
});

describe("a bot", () => {
  test("with the same seed plays the same, with another one otherwise", () => {
    const inputs = (seed: number) => {
      const campaign = new Campaign();
      const bot = new Bot({ seat: 0, seed });
      return Array.from({ length: 1600 }, () => {
        const bytes = bot.think(campaign.world);
        campaign.step(bytes);
        return bytes.join();
      });
    };
    expect(inputs(5)).toEqual(inputs(5));
    expect(inputs(5)).not.toEqual(inputs(6));
  });

  test("sees no enemy that its people do not see", () => {
    const play = (hide: boolean) => {
      const campaign = new Campaign({ workers: 6 });
      const bot = new Bot({ seat: 0, seed: 3 });
      // Somebody in the dark, far away from where anybody looks in the first seconds.
      const [stranger] = campaign.units(1);
      if (hide) campaign.place(stranger!.index, 64, 64, 4);
      return Array.from({ length: 300 }, () => {
        const bytes = bot.think(campaign.world);
        campaign.step(bytes);
        return bytes.join();
      });
    };
    expect(play(true)).toEqual(play(false));
  });
});
