// Who is right when hashes differ and nobody else knows: the majority, or nobody; and what a liar can do about it.
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { Agreement } from "../../src/sequencer/verdict/agreement.js";
import type { Game } from "../../src/simulation/game.js";
import { Decoder, type Message } from "../../src/wire/messages.js";
import { testGame } from "../games.js";
import { blames, FAULT, lies, match, plant, play, randomChain, randomHashes, reports } from "./disputes.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

describe("without an authority", () => {
  it.each([3, 4])("a liar among %d marks himself alone, and the others go on agreeing", async (players) => {
    const played = await match(game, { players, tamper: lies(1, randomChain(new Random(5))) });
    const events = play(played, 0, 6000);
    expect(blames(events)).toEqual([[1]]);
    expect(reports(played, 0)).toMatchObject([{ verdict: "chain", blamed: [1], agree: players - 1, of: players }]);
    expect(played.players.every(({ player }) => player.phase === "running")).toBe(true);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 30);
    expect(stats.stalls).toBe(0);
  });

  it.each([3, 4])("a liar among %d who lies about his states as well marks himself alone", async (players) => {
    const [chain, hashes] = [randomChain(new Random(5)), randomHashes(new Random(6))];
    const played = await match(game, { players, tamper: lies(2, (message) => chain(message) || hashes(message)) });
    expect(blames(play(played, 0, 6000))).toEqual([[2]]);
    expect(reports(played, 0)).toMatchObject([{ differs: "state", blamed: [2], agree: players - 1, of: players }]);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 30);
  });

  it("a liar who has marked himself hides no desync of another", async () => {
    const played = await match(game, { players: 4, tamper: lies(3, randomChain(new Random(5))) });
    expect(blames(play(played, 0, 4500))).toEqual([[3]]);
    const { frame } = played.players[1]!.player.stats;
    played.players[1]!.player.plant({ ...FAULT, frame });
    expect(blames(play(played, 4500, 8000))).toEqual([[1]]);
    expect(reports(played, 1)[1]).toMatchObject({ frame: frame + 1, blamed: [1], agree: 2, of: 3, fields: [{}] });
  });

  it("one false value, as a damaged datagram would be, marks nobody", async () => {
    let damaged = 0;
    const damage = randomChain(new Random(5));
    const once = (message: Message): boolean => {
      const done = damaged === 0 && damage(message);
      if (done) damaged += 1;
      return done;
    };
    const played = await match(game, { players: 3, tamper: lies(1, once) });
    expect(blames(play(played, 0, 6000))).toEqual([]);
    expect(damaged).toBe(1);
    expect(played.players[0]!.player.stats.agreedEnd).toBeGreaterThan(200);
  });

  it("the minority is named, with how many agree, frame and field", async () => {
    const played = await match(game, { players: 3 });
    play(played, 0, 2000);
    plant(played, 2);
    expect(blames(play(played, 2000, 6000))).toEqual([[2]]);
    const [mine, his] = [reports(played, 0), reports(played, 2)];
    expect(his).toMatchObject([{ frame: 101, differs: "state", blamed: [2], agree: 2, of: 3, seats: [2, 0] }]);
    expect(his[0]!.fields.map(({ path }) => path)).toEqual(["frame"]);
    expect(mine[0]!.fields.map(({ path }) => path)).toEqual(["frame"]);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 30);
  });

  it("a liar who falsifies his hashes in another's dispute cannot turn the blame", async () => {
    const played = await match(game, { players: 4, tamper: lies(0, randomHashes(new Random(8))) });
    play(played, 0, 2000);
    plant(played, 2);
    expect(blames(play(played, 2000, 6000))).toEqual([[2]]);
    expect(reports(played, 1)).toMatchObject([{ frame: 101, blamed: [2], agree: 3, of: 4 }]);
  });

  it("two players who differ are reported as such, and nobody is blamed", async () => {
    const played = await match(game, { players: 2 });
    play(played, 0, 2000);
    plant(played, 1);
    expect(blames(play(played, 2000, 5000))).toEqual([[]]);
    expect(reports(played, 0)).toMatchObject([
      { frame: 101, differs: "state", blamed: [], agree: 1, of: 2, seats: [0, 1] },
    ]);
    expect(played.players.every(({ player }) => player.phase === "running")).toBe(true);
    expect(played.players[0]!.player.stats.agreedEnd).toBeLessThanOrEqual(100);
  });

  it("two against two are reported as such, and nobody is blamed", async () => {
    const played = await match(game, { players: 4 });
    play(played, 0, 2000);
    plant(played, 1, 2);
    expect(blames(play(played, 2000, 6000))).toEqual([[]]);
    expect(reports(played, 0)).toMatchObject([{ frame: 101, blamed: [], agree: 2, of: 4 }]);
  });

  it("a seat that reports nothing does not keep the others from agreeing", async () => {
    const silent = lies(1, ({ type, body }) => {
      if (type === "inputs") body.chain.count = 0;
      return type === "inputs";
    });
    const played = await match(game, { players: 3, tamper: silent });
    expect(blames(play(played, 0, 9000))).toEqual([]);
    expect(played.players[0]!.player.stats.agreedEnd).toBeGreaterThan(300);
  });
});

it("what a healed player reported before is not compared, however late it comes", () => {
  const agreement = new Agreement(2);
  const present = [true, true];
  agreement.readmit(1, 20);
  agreement.report(0, 20, 5, present);
  agreement.report(1, 20, 6, present);
  expect(agreement.dispute).toBeUndefined();
  agreement.report(0, 24, 7, present);
  agreement.report(1, 24, 8, present);
  expect(agreement.dispute).toEqual({ begin: 0, end: 24 });
});

describe("a liar who does not give himself away", () => {
  it("cannot keep the others busy by lying now and then", async () => {
    let reports = 0;
    const chain = randomChain(new Random(5));
    const sometimes = lies(1, (message) => {
      const reporting = message.type === "inputs" && message.body.chain.count > 0;
      return reporting && ++reports % 2 === 0 && chain(message);
    });
    const decoder = new Decoder();
    let answers = 0;
    const played = await match(game, {
      players: 3,
      tamper: (direction, player, bytes, handOn) => {
        if (direction === "up" && player === 0 && decoder.decode(bytes)?.type === "hashes") answers += 1;
        sometimes(direction, player, bytes, handOn);
      },
    });
    expect(blames(play(played, 0, 9000))).toEqual([]);
    const { stats } = played.players[0]!.player;
    expect(answers).toBeGreaterThan(2);
    expect(answers).toBeLessThan(stats.frame / 16); // each question is said four times, and answered as often
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 100);
  });

  it("agrees with nobody but himself by speaking of the far future, and is not waited for", async () => {
    let told = 0;
    const boasts = lies(1, ({ type, body }) => {
      if (type !== "inputs" || body.chain.count === 0) return false;
      if (++told === 10) body.chain.items[0]!.frame = (body.chain.items[0]!.frame + 20_000) & 0xfffc;
      else body.chain.count = 0;
      return true;
    });
    const played = await match(game, { players: 3, tamper: boasts });
    expect(blames(play(played, 0, 9000))).toEqual([]);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(200);
    expect(stats.agreedEnd).toBeLessThan(stats.frame);
  });
});
