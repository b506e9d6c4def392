// Whole matches over carriers of one to three sockets, in virtual time: outages, losses, and a snapshot beside the inputs.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Sequencer } from "../../src/sequencer/sequencer.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { type Member, World } from "./world.js";

/** One way. */
const NEAR = { delayMs: 40 };

let game: Game;
let bulk: Game;
let simulations: WasmSimulation[];
let machines: WasmSimulation[];
let world: World;

beforeAll(async () => {
  [game, bulk] = await Promise.all([testGame("scramble"), testGame("bulk")]);
  simulations = await Promise.all([0, 1].map(() => game.simulation()));
  machines = await Promise.all([0, 1, 2].map(() => bulk.simulation()));
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  world.end();
  vi.useRealTimers();
});

const pass = (ms: number): unknown => vi.advanceTimersByTime(ms);

/** Two players, both over such a network, some seconds into their match. */
function two(network: object, stripes: { least?: number; most?: number } = {}, seed = 1): [Member, Member] {
  world = new World(seed);
  const [first, second] = simulations.map((simulation) => world.enter(simulation, { game, network, stripes }));
  pass(5000);
  return [first!, second!];
}

describe("an outage of three seconds", () => {
  it.each([1, 3])(
    "is over for a match of %d sockets within half a second, at whatever moment the path is back",
    (sockets) => {
      const [mine, other] = two(NEAR, { least: sockets });
      const times: number[] = [];
      for (let phase = 0; phase < 20; phase++) {
        expect(mine.carrier.stripes).toBe(sockets);
        mine.breakPath();
        pass(3000 + 13 * phase);
        const before = [mine, other].map(({ player }) => player.stats.confirmedEnd);
        mine.mendPath();
        const mendedAt = performance.now();
        while ([mine, other].some(({ player }, i) => player.stats.confirmedEnd === before[i])) pass(1);
        times.push(performance.now() - mendedAt);
        pass(2500);
      }
      expect(Math.max(...times)).toBeLessThan(500);
      expect(mine.opened).toBe(1);
    },
  );
});

describe("a snapshot of 256 KiB", () => {
  it("has a socket of its own: inputs never wait behind it, and nobody stalls", () => {
    world = new World();
    const options = {
      ...{ game: bulk, config: { players: 3, startWith: 2 }, stripes: { least: 3 } },
      network: { ...NEAR, bytesPerSecond: 1024 * 1024 },
    };
    const playing = machines.slice(0, 2).map((machine) => world.enter(machine, options));
    pass(20_000);
    const before = bulkOf(playing);
    expect(playing.map(({ carrier }) => carrier.stripes)).toEqual([3, 3]);
    const late = world.enter(machines[2]!, options);
    pass(2000);
    expect(late.player.phase).toBe("running");
    expect(playing.map(({ player }) => player.stats.stalls)).toEqual([0, 0]);
    // Chunks of a KiB: up from who gives it, by the last of his sockets, and down to who comes.
    const sent = bulkOf(playing).map((bulks, giver) => bulks.map((count, wire) => count - before[giver]![wire]!));
    const [giver] = sent.filter((bulks) => bulks[2]! > 0);
    expect(giver![2]).toBeGreaterThanOrEqual(256);
    expect(sent.flat().filter((count) => count > 0).length).toBe(1);
    expect(late.wires.reduce((sum, { down }) => sum + down.bulk, 0)).toBeGreaterThanOrEqual(256);
    for (const { up, down } of playing.flatMap(({ wires }) => wires)) {
      for (const way of [up, down]) {
        expect(way.behind).toBe(0);
        expect(way.frames).toBeGreaterThan(300);
      }
    }
    // Who comes has one socket at first, and his second and third while the snapshot is under way: nothing waits long.
    expect(late.wires.length).toBe(3);
    for (const { down } of late.wires) expect(down.longestMs).toBeLessThan(NEAR.delayMs + 10);
  });
});

/** Of each player, by his sockets. */
function bulkOf(members: readonly Member[]): number[][] {
  return members.map(({ wires }) => wires.map(({ up }) => up.bulk));
}

describe("a snapshot over 4 Mbit/s", () => {
  it.each([1, 3])("is asked for about once, and nobody is closed for sending too much: %d sockets", (least) => {
    world = new World();
    const options = {
      ...{ game: bulk, config: { players: 3, startWith: 2 }, stripes: { least } },
      network: { ...NEAR, bytesPerSecond: 512 * 1024 },
    };
    const party = machines.slice(0, 2).map((machine) => world.enter(machine, options));
    pass(20_000);
    party.push(world.enter(machines[2]!, options));
    pass(4000);
    expect(party.map(({ player }) => player.phase)).toEqual(["running", "running", "running"]);
    expect(world.log).not.toContain("left");
    const given = bulkOf(party)
      .flat()
      .reduce((a, b) => a + b);
    expect(given).toBeGreaterThanOrEqual(256);
    expect(given).toBeLessThan(400);
  });
});

describe("a way of 80 ms", () => {
  const path = { delayMs: 35, jitterMs: 10 };
  const seeds = [1, 2, 3];

  it.each([0.01, 0.02].flatMap((loss) => seeds.map((seed) => [loss, seed] as const)))(
    "with a loss of %d gets three sockets, for each player: seed %d",
    (loss, seed) => {
      const members = two({ ...path, loss }, {}, seed);
      pass(20_000);
      expect(members.map(({ carrier }) => carrier.stripes)).toEqual([3, 3]);
    },
  );

  it("has each frame carried by as many datagrams as it has sockets, up and down", () => {
    const down = vi.spyOn(Sequencer.prototype, "carries");
    const members = [two(path, { least: 3 }), two(path)].flat();
    expect(members.map(({ player }) => player.stats.redundancy)).toEqual([3, 3, 2, 2]);
    expect(new Set(down.mock.calls.map(([, stripes]) => stripes))).toEqual(new Set([1, 2, 3]));
    expect(down.mock.calls.slice(-2).map(([, stripes]) => stripes)).toEqual([1, 1]);
    down.mockRestore();
  });

  it("without loss keeps its one socket", () => {
    const members = two(path);
    pass(60_000);
    expect(members.map(({ carrier, wires }) => [carrier.holdUps, wires.length])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});
