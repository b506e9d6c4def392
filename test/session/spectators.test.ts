// Looking on: the same match, later if so wished, and nobody who plays can tell that somebody does.
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { Outbox } from "../../src/wire/outbox.js";
import { testGame } from "../games.js";
import { chains, eventsOf, FAR, NEAR, type Party, type PartyOptions, party, play, playUntil } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

const WATCHES = { watch: true };

/** Two players, and spectators who come at these times. */
async function watched(comes: number[], more: Partial<PartyOptions> = {}): Promise<Party> {
  return party(game, { comes: [0, 0, ...comes], players: [{}, {}, ...comes.map(() => WATCHES)], ...more });
}

describe("a spectator", () => {
  it("sees the match from its beginning, or comes to it later, and computes what everybody computes", async () => {
    const match = await watched([0, 20_000]);
    play(match, 0, 24_000);
    const [first, , early, late] = match.players;
    for (const spectator of [early!, late!]) {
      expect(spectator.player.phase).toBe("running");
      expect(spectator.player.seat).toBeUndefined();
      const { end, values } = chains(first!, spectator);
      expect(end).toBeGreaterThan(1300);
      expect(values[0]).toBe(values[1]);
      expect(spectator.player.stats.rollbacks).toBe(0);
    }
  });

  it("sees it as much later as the room says", async () => {
    const match = await watched([0], { sequencer: { spectatorDelaySeconds: 2 } });
    play(match, 0, 8000);
    const [first, , spectator] = match.players;
    const behind = first!.player.stats.frame - spectator!.player.stats.frame;
    expect(behind).toBeGreaterThanOrEqual(120);
    expect(behind).toBeLessThan(140);
    const held = [first, spectator].map((player) => player!.player.inputs!.held(0));
    expect(held[0]! - held[1]!).toBeGreaterThanOrEqual(120);
  });

  it("changes not one byte that a player is sent", async () => {
    const heard = async (comes: number[]): Promise<string> => {
      const told: string[] = [];
      const match = await watched(comes, {
        network: FAR,
        tamper(direction, player, bytes, handOn) {
          if (direction === "down" && player < 2) told.push(`${player} ${Buffer.from(bytes).toString("hex")}`);
          handOn(player, bytes);
        },
      });
      play(match, 0, 10_000);
      if (comes.length > 0) expect(match.players[2]!.player.stats.frame).toBeGreaterThan(300);
      return told.join("\n");
    };
    expect(await heard([0, 2000, 5000])).toBe(await heard([]));
  });

  it.each([
    { line: "is cut", change: { cut: true }, within: 20_000 },
    { line: "is far too slow", change: { conditions: { ...NEAR, bytesPerSecond: 100 } }, within: 40_000 },
  ])(
    "whose line $line is out, is told why, and takes nobody with him, not even for a moment",
    async ({ change, within }) => {
      const match = await watched([0, 0, 0, 0], { config: { dropAfterMs: 60_000 } });
      play(match, 0, 3000);
      const [first, second, ...spectators] = match.players;
      const slow = spectators.pop()!;
      const before = { cut: false, conditions: slow.down.conditions };
      Object.assign(slow.down, change);
      let farthest = 0;
      const at = playUntil(match, 3000, 40_000, () => {
        const { frame } = first!.player.stats;
        for (const { player } of spectators) farthest = Math.max(farthest, frame - player.stats.frame);
        return match.sequencer.takeEvents().some(({ type }) => type === "unwatched");
      });
      expect(at).toBeLessThan(within);
      expect(farthest).toBeLessThanOrEqual(4);
      expect(first!.player.stats.frame - slow.player.stats.frame).toBeGreaterThan(800);
      Object.assign(slow.down, before);
      play(match, at, at + 1000);
      expect(slow.events.at(-1)).toMatchObject({
        type: "ended",
        reason: "lost",
        text: expect.stringMatching(/fell too far behind/),
      });
      expect([first, second].map((player) => player!.player.stats.stalls)).toEqual([0, 0]);
      for (const fast of spectators) {
        expect(fast.player.phase).toBe("running");
        const { values } = chains(first!, fast);
        expect(values[0]).toBe(values[1]);
      }
    },
  );

  it("sees who leaves and who comes back", async () => {
    const match = await watched([0]);
    play(match, 0, 3000);
    const [first, second, spectator] = match.players;
    second!.pausedUntil = 6000;
    play(match, 3000, 9000);
    expect(second!.player.phase).toBe("running");
    expect(eventsOf(spectator!, "left")).toMatchObject([{ seat: 1 }]);
    expect(eventsOf(spectator!, "joined")).toMatchObject([{ seat: undefined }, { seat: 1 }]);
    const { end, values } = chains(first!, spectator!);
    expect(end).toBeGreaterThan(420);
    expect(values[0]).toBe(values[1]);
  });

  it("sees somebody come and go twice, all of it within his delay", async () => {
    const match = await watched([0], { sequencer: { spectatorDelaySeconds: 8 } });
    play(match, 0, 12_000);
    const [first, second, spectator] = match.players;
    for (const at of [12_000, 15_000]) {
      second!.pausedUntil = at + 1500;
      play(match, at, at + 3000);
      expect(second!.player.phase).toBe("running");
    }
    expect(eventsOf(spectator!, "left")).toEqual([]);
    play(match, 18_000, 30_000);
    expect(eventsOf(spectator!, "left")).toHaveLength(2);
    const { end, values } = chains(first!, spectator!);
    expect(end).toBeGreaterThan(1100);
    expect(values[0]).toBe(values[1]);
  });

  it("sees the match end", async () => {
    const match = await watched([0]);
    play(match, 0, 4000);
    for (const { player } of match.players.slice(0, 2)) player.leave();
    play(match, 4000, 5000);
    expect(match.players[2]!.events.at(-1)).toMatchObject({ type: "ended", reason: "over" });
    expect(match.players[2]!.player.chain!.end).toBeGreaterThan(180);
  });

  it("looks back as far as he holds, plays on from there, and misses nothing of what goes on", async () => {
    const match = await watched([0]);
    play(match, 0, 4000);
    const [first, , spectator] = match.players;
    const { player, simulation } = spectator!;
    const rewind = player.rewind!;
    const hash = new Uint32Array(4);
    const spare = (player.stats.frame + 1) % simulation.slots;
    for (const frame of [100, 37, 61, 60, 0]) {
      expect(rewind.seek(frame)).toBe(frame);
      simulation.save(spare);
      simulation.hash(spare, hash, 0);
      const linked = { low: 0, high: 0, inputs: 0 };
      first!.player.chain!.stateHash(frame, linked);
      expect([...hash.subarray(0, 2)]).toEqual([linked.low, linked.high]);
    }
    rewind.seek(50);
    play(match, 4000, 5000);
    expect(player.stats.frame).toBeGreaterThan(105);
    expect(player.stats.frame).toBeLessThan(115);
    rewind.pause();
    const { frame } = player.stats;
    play(match, 5000, 6000);
    expect(player.stats.frame).toBe(frame);
    expect(rewind.end).toBeGreaterThan(280);
    rewind.live();
    play(match, 6000, 6100);
    expect(player.stats.frame).toBeGreaterThan(290);
    const { values } = chains(first!, spectator!);
    expect(values[0]).toBe(values[1]);
  });

  it("is told what the others are told, in the same bytes, whatever his own line is like", async () => {
    const told = new Map<string, number>();
    const lines = [10, 40, 70, 100].map((delayMs) => ({
      ...WATCHES,
      up: { ...NEAR, delayMs },
      down: { ...NEAR, delayMs },
    }));
    const match = await watched([0, 0, 0, 0], {
      players: [{}, {}, ...lines],
      tamper(direction, player, bytes, handOn) {
        if (direction === "down" && player >= 2 && bytes[0] === FRAMES) {
          const text = Buffer.from(bytes).toString("hex");
          told.set(text, (told.get(text) ?? 0) + 1);
        }
        handOn(player, bytes);
      },
    });
    play(match, 0, 5000);
    told.clear();
    play(match, 5000, 8000);
    const shared = [...told.values()].filter((times) => times === 4).length;
    expect(shared).toBeGreaterThan(0.8 * told.size);
  });

  it("costs no encoding: what eight are told is made as often as what one is told", async () => {
    const encodings = async (spectators: number): Promise<number> => {
      const match = await watched(new Array<number>(spectators).fill(0));
      play(match, 0, 5000);
      const post = vi.spyOn(Outbox.prototype, "post");
      play(match, 5000, 8000);
      const made = post.mock.calls.filter(([to, type]) => to > 2 && type === "frames").length;
      post.mockRestore();
      return made;
    };
    const [one, eight] = [await encodings(1), await encodings(8)];
    expect(one).toBeGreaterThan(100);
    expect(eight - one).toBeLessThanOrEqual(7 * (3 + 1)); // one of his own each second closes his round trip
  });
});

/** The code of `frames`. */
const FRAMES = 8;
