// Coming into a running match: by snapshot, at a frame that makes nobody wait, and back to a seat that was kept.
import { beforeAll, describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";
import { chains, eventsOf, FAR, type Guest, NEAR, type Party, party, play, playUntil } from "./party.js";

let game: Game;
let bulk: Game;
beforeAll(async () => {
  [game, bulk] = await Promise.all([testGame("scramble"), testGame("bulk")]);
});

describe("somebody who comes later", () => {
  it("plays a seat that nobody had taken, from the same state as everybody", async () => {
    const match = await party(game, { config: { players: 3, startWith: 2 }, comes: [0, 0, 3000] });
    play(match, 0, 6000);
    const [first, second, late] = match.players;
    expect(late!.player.phase).toBe("running");
    expect(late!.player.seat).toBe(2);
    const { end, values } = chains(first!, late!);
    expect(end).toBeGreaterThan(250);
    expect(values[0]).toBe(values[1]);
    const joined = [first, second].map((player) => eventsOf(player!, "joined"));
    expect(joined[0]).toMatchObject([{ seat: 2 }]);
    expect(joined[1]).toEqual(joined[0]);
    expect(first!.player.stats.agreedEnd).toBeGreaterThan(280);
    expect([first, second].map((player) => player!.player.stats.stalls)).toEqual([0, 0]);
  });

  it("does so after the beginning is forgotten, with a player's state", async () => {
    const match = await party(game, { config: { players: 3, startWith: 2 }, comes: [0, 0, 20_000] });
    play(match, 0, 23_000);
    const [first, second, late] = match.players;
    expect(late!.player.phase).toBe("running");
    const { end, values } = chains(first!, late!);
    expect(end).toBeGreaterThan(1250);
    expect(values[0]).toBe(values[1]);
    expect([first, second].map((player) => player!.player.stats.stalls)).toEqual([0, 0]);
  });

  // In each of these something went wrong at some time: the newcomer's first inputs were lost, or those for him, or his welcome.
  const seeds = [2, 7, 22, 40, 57];
  const givers = ["a player", "the authority"].flatMap((from) => seeds.map((seed) => ({ from, seed })));
  it.each(givers)(
    "is there within two seconds, at 256 KiB, 100 ms and 5 % loss, and nobody stalls for it: from $from, seed $seed",
    async ({ from, seed }) => {
      const sequencer = from === "a player" ? {} : { authority: await bulk.simulation() };
      const settings = { players: 3, startWith: 2, predictionWindow: 12, inputDelay: 3 };
      let given = 0;
      const match = await party(bulk, {
        ...{ config: settings, comes: [0, 0, 20_000], network: FAR, seed, sequencer },
        tamper(direction, player, bytes, handOn) {
          if (direction === "up" && bytes[0] === CHUNK) given += 1;
          handOn(player, bytes);
        },
      });
      play(match, 0, 20_000);
      const [first, second, late] = match.players;
      const before = [first, second].map((player) => player!.player.stats.stalledMs);
      const at = playUntil(match, 20_000, 24_000, () => late!.player.phase === "running");
      expect(at - 20_000).toBeLessThan(2000);
      play(match, at, at + 2000);
      expect([first, second].map((player) => player!.player.stats.stalledMs)).toEqual(before);
      if (from === "a player") expect(given).toBeGreaterThan(256);
      else expect(given).toBe(0);
      const { values } = chains(first!, late!);
      expect(values[0]).toBe(values[1]);
    },
  );
});

describe("coming in with the authority's own state", () => {
  const settings = { players: 3, startWith: 2, predictionWindow: 12, inputDelay: 3 };
  const open = async (comes: number, seed: number): Promise<Party> =>
    party(bulk, {
      ...{ config: settings, comes: [0, 0, comes], network: FAR, seed },
      sequencer: { authority: await bulk.simulation() },
    });
  const stalls = ({ players }: Party): number[][] =>
    players.slice(0, 2).map(({ player: { stats } }) => [stats.stalls, stats.stalledMs, stats.longestStallMs]);
  const confirmed = ({ players }: Party): number =>
    Math.min(...players.slice(0, 2).map(({ player }) => player.stats.confirmedEnd));

  // The others' luck does not hang on him: what they wait for anyway, for each other, is the same without him.
  it.each([1, 2, 3, 4, 5, 6])(
    "makes the others wait exactly as often and as long as if nobody came: seed %d",
    async (seed) => {
      const match = await open(20_000, seed);
      let joined = Infinity;
      // By then all have played what was to be waited for, had his first inputs been needed before they could be there.
      const settled = (): boolean => {
        for (const event of match.sequencer.takeEvents()) if (event.type === "joined") joined = event.frame;
        return confirmed(match) > joined + settings.predictionWindow + settings.inputDelay;
      };
      const at = playUntil(match, 0, 24_000, settled);
      expect(match.players[2]!.player.phase).toBe("running");
      const without = play(await open(Infinity, seed), 0, at + 1);
      expect(stalls(match)).toEqual(stalls(without));
    },
  );
});

/** How many times as fast as it was played `late` plays what he missed, until he lacks less than eight frames of what is final. */
function catchUp(match: Party, late: Guest, from: number): { frames: number; times: number } {
  const first = match.players[0]!;
  const begin = (): number => late.player.chain?.begin ?? Infinity;
  const at = playUntil(match, from, from + 5000, () => late.player.stats.frame > begin());
  const { frame } = late.player.stats;
  const near = () => late.player.stats.frame > first.player.stats.confirmedEnd - 8;
  const end = playUntil(match, at + 1, at + 10_000, near);
  const frames = late.player.stats.frame - frame;
  return { frames: late.player.stats.frame - begin(), times: ((1000 / 60) * frames) / (end - at) };
}

describe("who lies far behind", () => {
  const paths = [20, 100].flatMap((delayMs) => [
    { delayMs, watch: false },
    { delayMs, watch: true },
  ]);
  const settings = { players: 4, startWith: 2, predictionWindow: 12, inputDelay: 3 };

  it.each(paths)(
    "plays all since the beginning at 20 times the pace: $delayMs ms one way, looks on: $watch",
    async ({ delayMs, watch }) => {
      const match = await party(game, {
        ...{ config: settings, comes: [0, 0, 12_000], network: { ...NEAR, delayMs } },
        players: [{}, {}, { watch, tickMs: 16 }],
      });
      play(match, 0, 12_000);
      const { frames, times } = catchUp(match, match.players[2]!, 12_000);
      expect(frames).toBeGreaterThan(600);
      expect(times).toBeGreaterThanOrEqual(20);
    },
  );

  it.each(paths)(
    "and all since a snapshot that another one was given: $delayMs ms one way, looks on: $watch",
    async ({ delayMs, watch }) => {
      const match = await party(game, {
        ...{ config: settings, comes: [0, 0, 18_000, 25_000], network: { ...NEAR, delayMs } },
        players: [{}, {}, {}, { watch, tickMs: 16 }],
      });
      play(match, 0, 25_000);
      const { frames, times } = catchUp(match, match.players[3]!, 25_000);
      expect(frames).toBeGreaterThan(350);
      expect(times).toBeGreaterThanOrEqual(20);
    },
  );

  it("is not kept from his match by a loss of one in five, nor by a slow line", async () => {
    const network = { ...FAR, loss: 0.2 };
    const slow = { ...NEAR, bytesPerSecond: 8000 };
    const match = await party(game, {
      ...{ config: settings, comes: [0, 0, 12_000, 12_000] },
      players: [{}, {}, { up: network, down: network, watch: true }, { up: slow, down: slow, watch: true }],
    });
    play(match, 0, 17_000);
    for (const late of match.players.slice(2)) {
      expect(late.player.phase).toBe("running");
      const { end, values } = chains(match.players[0]!, late);
      expect(end).toBeGreaterThan(930);
      expect(values[0]).toBe(values[1]);
    }
  });
});

describe("an absent seat", () => {
  it("lets a lone player confirm nothing that a joiner could still take part in", async () => {
    const match = await party(game, { config: { players: 2, startWith: 1, predictionWindow: 2 }, comes: [0, 2000] });
    const [lone, late] = match.players;
    let confirmed = 0;
    for (let now = 0; now < 4000; now++) {
      match.turn(now);
      const joined = match.sequencer.takeEvents().find((event) => event.type === "joined");
      if (joined?.type === "joined") expect(joined.frame).toBeGreaterThanOrEqual(confirmed);
      confirmed = lone!.player.chain?.end ?? 0;
    }
    expect(late!.player.phase).toBe("running");
    expect(lone!.player.stats.stalls).toBe(0);
    const { values } = chains(lone!, late!);
    expect(values[0]).toBe(values[1]);
  });

  it("is not taken for absent by who hears nothing while somebody joins it", async () => {
    const match = await party(game, { config: { players: 2, startWith: 1, predictionWindow: 2 }, comes: [0, 2000] });
    const [lone, late] = match.players;
    const at = playUntil(match, 0, 4000, () => late!.player.chain !== undefined);
    lone!.up.cut = true;
    lone!.down.cut = true;
    const joined = playUntil(match, at, at + 900, () => match.sequencer.inputs!.held(1) > 0);
    play(match, joined, at + 900);
    lone!.up.cut = false;
    lone!.down.cut = false;
    play(match, at + 900, at + 4000);
    expect(lone!.player.phase).toBe("running");
    const { end, values } = chains(lone!, late!);
    expect(end).toBeGreaterThan(200);
    expect(values[0]).toBe(values[1]);
  });

  it("keeps nobody waiting, at the round trip of another continent", async () => {
    const network = { ...FAR, delayMs: 150, loss: 0 };
    const match = await party(game, { config: { players: 2, startWith: 1 }, comes: [0], network });
    play(match, 0, 8000);
    expect(match.players[0]!.player.stats.stalls).toBe(0);
    expect(match.players[0]!.player.stats.frame).toBeGreaterThan(350);
  });
});

describe("a seat that was dropped", () => {
  it("is played again by who was suspended for a minute, with no doing of his", async () => {
    const match = await party(game, { comes: [0, 0], config: { players: 2 } });
    play(match, 0, 3000);
    const [awake, asleep] = match.players;
    asleep!.pausedUntil = 63_000;
    play(match, 3000, 63_000);
    expect(match.sequencer.over).toBe(false);
    const at = playUntil(
      match,
      63_000,
      66_000,
      () => asleep!.player.phase === "running" && asleep!.player.stats.frame > 3500,
    );
    expect(at - 63_000).toBeLessThan(2000);
    play(match, at, at + 2000);
    expect(asleep!.player.seat).toBe(1);
    expect(eventsOf(asleep!, "rejoining")).toHaveLength(1);
    expect(eventsOf(awake!, "joined")).toMatchObject([{ seat: 1 }]);
    const { end, values } = chains(awake!, asleep!);
    expect(end).toBeGreaterThan(3700);
    expect(values[0]).toBe(values[1]);
    expect(awake!.player.stats.agreedEnd).toBeGreaterThan(3700);
  });

  it("is kept for three minutes", async () => {
    expect(MATCH_DEFAULTS.seatKeepSeconds).toBe(180);
    const match = await party(game, { comes: [0, 0, 0], config: { players: 3 } });
    play(match, 0, 2000);
    const [, early, late] = match.players;
    early!.pausedUntil = 2000 + 175_000;
    late!.pausedUntil = 2000 + 190_000;
    play(match, 2000, 196_000);
    expect(early!.player.phase).toBe("running");
    expect(early!.player.seat).toBe(1);
    expect(late!.events.at(-1)).toMatchObject({ type: "ended", text: expect.stringContaining("kept for 180 seconds") });
  });

  it("is played again late in a match, when the history has long gone round", async () => {
    const match = await party(game, { comes: [0, 0, 0], config: { players: 3 } });
    play(match, 0, 20_000);
    const [first, second, third] = match.players;
    third!.pausedUntil = 23_000;
    play(match, 20_000, 26_000);
    expect(third!.player.phase).toBe("running");
    for (const other of [second!, third!]) {
      const { end, values } = chains(first!, other);
      expect(end).toBeGreaterThan(1350);
      expect(values[0]).toBe(values[1]);
    }
    expect([first, second].flatMap((player) => eventsOf(player!, "desync"))).toEqual([]);
  });

  it("is given to nobody without its token, nor after the time it is kept", async () => {
    const stranger = { token: new Uint8Array(16).fill(99) };
    const match = await party(game, {
      ...{ comes: [0, 0, 4000], players: [{}, {}, stranger] },
      config: { players: 2, seatKeepSeconds: 5 },
    });
    play(match, 0, 2000);
    const [, asleep, other] = match.players;
    asleep!.pausedUntil = 9500;
    play(match, 2000, 10_500);
    expect(other!.events).toMatchObject([{ type: "ended", reason: "refused", text: expect.stringContaining("full") }]);
    const ended = asleep!.events.find(({ type }) => type === "ended");
    expect(ended).toMatchObject({
      reason: "lost",
      text: expect.stringMatching(/kept for 5 seconds, and is not any longer/),
    });
  });

  it("refuses the token of before once somebody else plays it", async () => {
    const match = await party(game, { comes: [0, 0, 6000], config: { players: 2, startWith: 2, seatKeepSeconds: 1 } });
    play(match, 0, 2000);
    const [first, asleep, heir] = match.players;
    asleep!.pausedUntil = 9000;
    play(match, 2000, 11_000);
    expect(heir!.player.seat).toBe(1);
    expect(heir!.player.phase).toBe("running");
    expect(asleep!.events.at(-1)).toMatchObject({ type: "ended", reason: "lost" });
    const { values } = chains(first!, heir!);
    expect(values[0]).toBe(values[1]);
  });
});

describe("a donor", () => {
  it("who vanishes half-way is replaced by another", async () => {
    const settings = { players: 4, startWith: 3, dropAfterMs: 5000 };
    const given = [0, 0, 0, 0];
    const match = await party(bulk, {
      ...{ config: settings, comes: [0, 0, 0, 20_000], network: { ...FAR, loss: 0 } },
      tamper(direction, player, bytes, handOn) {
        if (direction === "up" && bytes[0] === CHUNK) given[player]! += 1;
        handOn(player, bytes);
      },
    });
    play(match, 0, 20_000);
    const at = playUntil(match, 20_000, 22_000, () => Math.max(...given) > 100);
    const donor = match.players[given.indexOf(Math.max(...given))]!;
    donor.gone = true;
    const late = match.players[3]!;
    playUntil(match, at, at + 10_000, () => late.player.phase === "running");
    expect(given.filter((chunks) => chunks > 100).length).toBeGreaterThan(1);
    play(match, at + 10_000, at + 12_000);
    const { values } = chains(match.players.find((player) => player !== donor)!, late);
    expect(values[0]).toBe(values[1]);
  });

  it("who gives a wrong state is found out before it is played, and another is asked", async () => {
    const settings = { players: 3, startWith: 2 };
    let spoilt = 0;
    const match = await party(bulk, {
      ...{ config: settings, comes: [0, 0, 20_000] },
      tamper(direction, player, bytes, handOn) {
        const chunk = direction === "up" && bytes[0] === CHUNK;
        if (chunk && spoilt === 0) {
          spoilt += 1;
          const turned = bytes.slice();
          turned[500]! ^= 1;
          handOn(player, turned);
        } else handOn(player, bytes);
      },
    });
    play(match, 0, 25_000);
    const [first, , late] = match.players;
    expect(spoilt).toBe(1);
    expect(eventsOf(late!, "spoilt")).toHaveLength(1);
    expect(late!.player.phase).toBe("running");
    const { values } = chains(first!, late!);
    expect(values[0]).toBe(values[1]);
  });
});

/** The code of a `chunk`. */
const CHUNK = 25;
