// A sequencer that plays along: whoever differs is wrong, who comes in gets its state, and it knows how the match ended.
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import type { Game } from "../../src/simulation/game.js";
import { AUTHORITY } from "../../src/wire/limits.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { statement, writeStatement } from "../../src/wire/result.js";
import { testGame } from "../games.js";
import { blames, FAULT, match, NETWORK, plant, play, reports, SEATED_MS } from "./disputes.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** What a server would say of a match. */
function stated(config: MatchConfig): Uint8Array {
  const [match, inputs] = [new Uint8Array(16), new Uint8Array(32)];
  return writeStatement({ ...statement.blank(), version: 1, match, config, inputs, frames: 77 });
}

describe("with an authority", () => {
  it.each([
    [2, [1]],
    [2, [0, 1]],
    [3, [0, 2]],
  ])("of %d players those who differ from it, %j, are named, however many they are", async (players, faulty) => {
    const played = await match(game, { players, authority: true });
    play(played, 0, 2000);
    plant(played, ...faulty);
    expect(blames(play(played, 2000, 6000))).toEqual([faulty]);
    const [report] = reports(played, faulty[0]!);
    expect(report).toMatchObject({ frame: 101, blamed: faulty, of: players + 1, seats: [faulty[0], AUTHORITY] });
    expect(report!.fields).toEqual([{ path: "frame", before: "100", after: "101" }]);
  });

  it("agreement goes on with those who are right", async () => {
    const played = await match(game, { players: 2, authority: true });
    play(played, 0, 2000);
    plant(played, 1);
    play(played, 2000, 6000);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 30);
  });

  it("who was named and comes back with a right state is compared again", async () => {
    const played = await match(game, { players: 2, authority: true });
    play(played, 0, 2000);
    plant(played, 1);
    expect(blames(play(played, 2000, 4000))).toEqual([[1]]);
    played.players[1]!.pausedUntil = 8000; // dropped meanwhile; his seat is kept
    expect(blames(play(played, 4000, 14_000))).toEqual([]);
    const { stats, phase } = played.players[1]!.player;
    expect(phase).toBe("running");
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 40);
    played.players[1]!.player.plant({ ...FAULT, frame: stats.frame });
    expect(blames(play(played, 14_000, 17_000))).toEqual([[1]]);
  });

  it("one that comes late catches up, a few frames a turn, and then is the measure", async () => {
    const played = await match(game, { players: 2 });
    play(played, 0, 6000);
    const { referee, inputs } = played.sequencer;
    referee.appoint(await game.simulation({ slots: 4 }));
    expect(referee.simulate()).toBe(4);
    play(played, 6000, 8000);
    expect(referee.frame).toBeGreaterThan(inputs!.confirmedEnd - 4);
    const { frame } = played.players[0]!.player.stats;
    played.players[0]!.player.plant({ ...FAULT, frame });
    expect(blames(play(played, 8000, 10_000))).toEqual([[0]]);
  });

  it("one that is too slow says so, and the players are compared with each other", async () => {
    const played = await match(game, { players: 3, authority: true });
    played.sequencer.referee.simulate = () => 0;
    play(played, 0, 20_000);
    Reflect.deleteProperty(played.sequencer.referee, "simulate");
    const events = play(played, 20_000, 20_100);
    expect(events).toContainEqual({ type: "unattended", why: expect.stringMatching(/too slow for the game: frame 0/) });
    const { frame } = played.players[2]!.player.stats;
    plant(played, 2);
    played.players[2]!.player.plant({ ...FAULT, frame });
    expect(blames(play(played, 20_100, 24_000))).toEqual([[2]]);
  });

  it("one of another game is refused, and the match goes on without", async () => {
    const other = await testGame("slow");
    const played = await match(game, { players: 2, sequencer: { authority: await other.simulation() } });
    const events = play(played, 0, 3000);
    expect(events.filter(({ type }) => type === "unattended").length).toBe(1);
    expect(played.players[0]!.player.stats.agreedEnd).toBeGreaterThan(60);
  });
});

describe("the outcome", () => {
  it.each([1, 2, 3])("has one last frame for each seat, the same for all, whatever is lost (seed %d)", async (seed) => {
    const truth: Uint8Array[] = [];
    const onConfirmed = (_: number, record: Uint8Array) => truth.push(record.slice());
    const played = await match(game, { players: 3, authority: true, sequencer: { onConfirmed } });
    for (const { up, down } of played.players) {
      up.conditions = { ...NETWORK, loss: 0.2 };
      down.conditions = { ...NETWORK, loss: 0.2 };
    }
    const random = new Random(seed);
    const leavesAt = played.players.map(() => 3000 + random.below(2000));
    for (let now = SEATED_MS; now < 9000; now++) {
      for (const [index, at] of leavesAt.entries()) if (now === at) played.players[index]!.player.leave();
      played.turn(now);
    }
    const { outcome } = played.sequencer.referee;
    expect(outcome!.frames).toBe(truth.length);
    for (const { seat, frame } of outcome!.left) {
      const cell = seat * game.schema.regions.inputs.stride;
      expect(truth.map((record) => record[cell])).toEqual(truth.map((_, at) => (at < frame ? 1 : 0)));
      for (const { events } of played.players) {
        for (const event of events) if (event.type === "left" && event.seat === seat) expect(event.frame).toBe(frame);
      }
    }
    expect(outcome!.left.length).toBe(3);
    const straight = await game.simulation();
    straight.reset(played.sequencer.config!);
    for (const record of truth) straight.step(record);
    straight.save(0);
    const hash = new Uint32Array(2);
    straight.hash(0, hash, 0);
    expect(BigInt(`0x${outcome!.state}`)).toBe((BigInt(hash[1]!) << 32n) | BigInt(hash[0]!));
  });

  it("is told to whoever finished, once the last has, and whatever is lost", async () => {
    const played = await match(game, { players: 3, authority: true, sequencer: { announces: true } });
    for (const { up, down } of played.players) {
      up.conditions = { ...NETWORK, loss: 0.3 };
      down.conditions = { ...NETWORK, loss: 0.3 };
    }
    const { referee } = played.sequencer;
    let now = SEATED_MS;
    for (const { player } of played.players) {
      for (const end = now + 2000; now < end; now++) played.turn(now);
      expect(referee.outcome).toBeUndefined();
      player.finish();
    }
    for (; referee.outcome === undefined; now++) played.turn(now);
    expect(played.players.map(({ player }) => player.phase)).toEqual(["finishing", "finishing", "finishing"]);
    const said = stated(played.sequencer.config!);
    referee.announce({ statement: said, signature: new Uint8Array(64) });
    play(played, now, now + 2000);
    for (const { events } of played.players) {
      const [result, ended] = events.slice(-2);
      expect(result).toMatchObject({ type: "result", result: { frames: 77 }, signed: { statement: said } });
      expect(ended).toMatchObject({ type: "ended", reason: "over" });
    }
  });

  it("is not waited for for ever", async () => {
    const played = await match(game, { players: 2, authority: true, sequencer: { announces: true } });
    play(played, 0, 2000);
    played.players[0]!.player.finish();
    play(played, 2000, 11_900);
    expect(played.players[0]!.player.phase).toBe("finishing");
    play(played, 11_900, 12_200);
    expect(played.players[0]!.events.at(-1)).toMatchObject({ type: "ended", reason: "left" });
    expect(played.players[1]!.player.phase).toBe("running");
  });
});
