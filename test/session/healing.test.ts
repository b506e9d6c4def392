// What a player does about a desync: goes on, leaves, or takes over the truth; and what nobody can do to the others.
import { beforeAll, describe, expect, it } from "vitest";
import type { HealedEvent, OnDesync } from "../../src/session/evidence/evidence.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { Broken, type BrokenOptions, patch, VICTIM } from "./broken.js";
import { chains, eventsOf } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

const FRAME_FIELD = { offset: 0, mask: 1 };
/** One of the words of a state that are all mixed in every frame. */
const WORD = { offset: 9000, mask: 1 };

async function planted(of: Game, onDesync: OnDesync, options: BrokenOptions, fault = FRAME_FIELD): Promise<Broken> {
  const broken = await Broken.start(of, { ...options, all: { onDesync } });
  broken.match.sequencer.takeEvents();
  broken.victim.player.plant({ frame: broken.victim.player.stats.frame + 1, ...fault });
  return broken;
}

function healings(broken: Broken): HealedEvent[] {
  return eventsOf(broken.victim, "healed") as HealedEvent[];
}

/** The chains of all players at a frame that all have linked. */
function agree(broken: Broken): boolean {
  return broken.players.every((player) => {
    const { values } = chains(broken.players[0]!, player);
    return values[0] === values[1];
  });
}

describe("heal", () => {
  it.each([
    ["an authority", { players: 2, authority: true }],
    ["an authority with a short ring", { players: 2, authority: true, slots: 10 }],
    ["a majority", { players: 3 }],
    ["a majority of sixteen", { players: 16, loss: 0.02 }],
  ] as const)(
    "takes over the truth of %s, and all chains agree again",
    async (_, options) => {
      const broken = await planted(game, "heal", options);
      const stalls = broken.players.map(({ player }) => player.stats.stalls);
      broken.until(() => healings(broken).length > 0);
      broken.play(2000);
      const [healed] = healings(broken);
      expect(broken.report(VICTIM).healed).toBe(healed!.frame);
      expect(agree(broken)).toBe(true);
      const { stats } = broken.players[0]!.player;
      expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 30);
      expect(broken.match.sequencer.takeEvents().filter(({ type }) => type === "healed")).toHaveLength(1);
      if (!("loss" in options)) expect(broken.players.map(({ player }) => player.stats.stalls)).toEqual(stalls);
      expect(broken.players.flatMap((player) => eventsOf(player, "ended"))).toEqual([]);
    },
    60_000,
  );

  it("a player who was healed is compared like anybody: the next fault of his is found", async () => {
    const broken = await planted(game, "heal", { players: 3 });
    broken.until(() => healings(broken).length === 1);
    broken.play(1000);
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, ...FRAME_FIELD });
    broken.until(() => healings(broken).length === 2);
    expect(broken.events(VICTIM)[1]).toMatchObject({ frame: frame + 1, blamed: [VICTIM] });
    broken.play(1000);
    expect(agree(broken)).toBe(true);
  });

  it("takes a quarter of a second at most for 64 KiB that are all another, at 100 ms", async () => {
    const broken = await planted(await testGame("churn"), "heal", { authority: true, roundTripMs: 100 }, WORD);
    broken.until(() => healings(broken).length > 0);
    const [{ ms, bytes }] = healings(broken) as [HealedEvent];
    expect(bytes).toBeGreaterThan(50_000);
    expect(ms).toBeLessThan(250);
    broken.play(1000);
    expect(agree(broken)).toBe(true);
  }, 60_000);

  it("brings the present along: the picture does not jump back", async () => {
    const broken = await planted(game, "heal", { authority: true, roundTripMs: 200 });
    let newest = 0;
    broken.until(() => {
      const { frame } = broken.victim.player.stats;
      expect(frame).toBeGreaterThanOrEqual(newest);
      newest = frame;
      return healings(broken).length > 0;
    });
  });

  it("costs few bytes where little differs, and comes about whatever is lost", async () => {
    const vast = await testGame("vast");
    for (const seed of [1, 2, 3]) {
      const broken = await planted(vast, "heal", { players: 3, loss: 0.1, roundTripMs: 100, seed });
      broken.until(() => healings(broken).length > 0);
      expect(healings(broken)[0]!.bytes).toBeLessThan(4096);
      broken.play(1500);
      expect(agree(broken)).toBe(true);
    }
  }, 120_000);

  it("is not to be had where nobody knows who is right, and that is said", async () => {
    const broken = await planted(game, "heal", { players: 2 });
    broken.untilReported();
    broken.play(1000);
    for (const player of broken.players) {
      expect(eventsOf(player, "unhealed")).toMatchObject([
        { why: expect.stringMatching(/^nobody knows who is right/) },
      ]);
    }
    expect(healings(broken)).toEqual([]);
  });

  it("is given up when a machine goes wrong again and again", async () => {
    const broken = await Broken.start(game, { players: 3, all: { onDesync: "heal" } });
    for (let frame = broken.victim.player.stats.frame + 1; frame < 2000; frame += 40)
      patch(broken.victim, frame, FRAME_FIELD.offset + 40);
    broken.until(() => eventsOf(broken.victim, "unhealed").length > 0);
    expect(healings(broken)).toHaveLength(3);
    expect(broken.players.flatMap((player) => eventsOf(player, "ended"))).toEqual([]);
  });
});

describe("stop", () => {
  it("takes out who is wrong; the others play on", async () => {
    const broken = await planted(game, "stop", { players: 3 });
    broken.until(() => broken.victim.gone);
    expect(eventsOf(broken.victim, "ended")).toMatchObject([
      { reason: "desync", text: expect.stringMatching(/since/) },
    ]);
    broken.play(2000);
    for (const index of [0, 2]) {
      expect(eventsOf(broken.players[index]!, "ended")).toEqual([]);
      expect(eventsOf(broken.players[index]!, "left")).toMatchObject([{ seat: VICTIM }]);
    }
  });

  it("takes out who wants it, where nobody knows who is right", async () => {
    const broken = await planted(game, "stop", { players: 2 });
    broken.until(() => broken.players.every(({ gone }) => gone));
    for (const player of broken.players) expect(eventsOf(player, "ended")).toMatchObject([{ reason: "desync" }]);
  });
});

it("continue, the default, changes nothing", async () => {
  const broken = await planted(game, "continue", { players: 3 });
  broken.untilReported();
  broken.play(1000);
  expect(agree(broken)).toBe(false);
  expect(broken.players.every(({ player }) => player.phase === "running")).toBe(true);
});
