// Traps that other games fell into, each by its name: what happened there cannot happen here, or is named when it does.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { withSocd } from "../src/client/devices.js";
import { PERFECT } from "../src/netsim/conditions.js";
import { parseReplay } from "../src/replay/format.js";
import { PlayerRecorder } from "../src/replay/player-recorder.js";
import { verifyReplay } from "../src/replay/verify.js";
import { syncTest } from "../src/session/timeline/sync-test.js";
import { type Game, loadGame } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../src/simulation/simulation.js";
import { stateView } from "../src/simulation/view.js";
import { compileGame } from "../src/toolchain/index.js";
import { testGame } from "./games.js";
import { lies } from "./sequencer/disputes.js";
import { chains, eventsOf, NEAR, type Party, party, play } from "./session/party.js";
import { buildSource, failureOf, project } from "./toolchain/project.js";

let scramble: Game;
beforeAll(async () => {
  scramble = await testGame("scramble");
}, 60_000);

/** Both have played on for seconds, and agree about every frame. */
function expectAgreement(match: Party): void {
  const { end, values } = chains(match.players[0]!, match.players[1]!);
  expect(end).toBeGreaterThan(100);
  expect(values[0]).toBe(values[1]);
  for (const guest of match.players) expect(eventsOf(guest, "desync")).toEqual([]);
}

const HEAD = `import { arena, playerCount, Random, seedHigh, seedLow } from "samestep/assembly/sdk";
  @input class Pad { buttons: u8; }
  @state class World { random: Random; dice: u32; }
  const world = arena<World>();
  export function init(): void { world.random.seed(seedLow(), seedHigh()); }
  export function step(): void { world.dice = world.random.below(6); }`;

describe("a picture that draws from the game's own random (FM2K, RimWorld)", () => {
  it("finds no function to draw with: a game that exports one is refused", async () => {
    const message = await failureOf(
      buildSource(`${HEAD} export function shake(): u32 { return world.random.below(9); }`),
    );
    expect(message).toContain("shake()");
    expect(message).toContain("Only init() and step() may change the state");
  });

  it("cannot advance it by hand, while the match goes on as it would have", async () => {
    const match = await party(scramble, { comes: [0, 0] });
    play(match, 0, 2000);
    const { memory, schema } = match.players[0]!.simulation;
    const view = stateView(schema, schema.root, memory, schema.regions.state.address) as { random: { lo: number } };
    for (let now = 2000; now < 4000; now++) {
      match.turn(now);
      expect(() => (view.random.lo += 1)).toThrow(TypeError);
    }
    expectAgreement(match);
  });
});

describe("observers whose looking changed what was played (StarCraft: Brood War)", () => {
  it("see the match, and the players' states are those of a match without them", async () => {
    const played = async (watchers: number): Promise<number> => {
      const watching = Array.from({ length: watchers }, () => ({ watch: true, dice: 7 }));
      const match = await party(scramble, {
        comes: [0, 0, ...watching.map(() => 1000)],
        players: [{}, {}, ...watching],
      });
      play(match, 0, 5000);
      expectAgreement(match);
      return match.players[0]!.player.chain!.valueAt(200);
    };
    expect(await played(2)).toBe(await played(0));
  });
});

describe("a snapshot without the globals (WASM-4)", () => {
  it("is refused where the snapshot is an arena, by the variable's name", async () => {
    const source = HEAD.replace("world.dice =", "rolls++; world.dice = rolls +").concat("let rolls: u32 = 0;");
    expect(await failureOf(buildSource(source))).toContain("'game/rolls' is a variable outside the state");
  });

  it("has them where the snapshot is the whole memory", async () => {
    const source = HEAD.replace("world.dice =", "rolls++; world.dice = rolls +").concat("let rolls: u32 = 0;");
    const entry = join(await project({ "game.ts": source }), "game.ts");
    const game = await loadGame((await compileGame({ entry, runtime: "minimal" })).wasm);
    expect(await rolledBack(game)).toEqual([]);
  });
});

/** Paths of the fields that a rollback of eight frames does not bring back. */
async function rolledBack(game: Game): Promise<string[]> {
  const report = syncTest({
    simulation: await game.simulation(),
    config: { players: Math.max(1, game.schema.players.min), seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) },
    frames: 120,
    input: (frame, seat, into) => {
      into[0] = (frame * (seat + 3)) & 127;
      return 1;
    },
  });
  expect(report.frames).toBe(120);
  return [...new Set(report.differences.flatMap(({ fields }) => fields.map(({ path }) => path)))];
}

describe("a cached value that outlives what it was made of (OpenTTD)", () => {
  it("is named by its field, in the first frames of a synctest", async () => {
    expect(await rolledBack(await testGame("leaky"))).toEqual(["steps"]);
  });
});

describe("inputs cleaned on another side of the recorder (FM2K 0.2.47)", () => {
  it("are recorded as they were played: opposite directions never reach the match", async () => {
    const [LEFT, RIGHT] = [1, 2];
    const device = withSocd(
      { read: () => LEFT | RIGHT | 16, close: () => {} },
      { left: LEFT, right: RIGHT, up: 4, down: 8 },
    );
    const input = (): Uint8Array => Uint8Array.of(device.read());
    const pressed = new Set<number>();
    const onConfirmed = (frame: number, record: Uint8Array): void => {
      if (frame > 10) pressed.add(record[CELL_HEADER_BYTES]!);
    };
    const match = await party(scramble, { comes: [0, 0], players: [{ input }, {}], sequencer: { onConfirmed } });
    play(match, 0, 4000);
    expectAgreement(match);
    expect([...pressed]).toEqual([16]);
  });
});

describe("an intro that runs at the screen's frame rate (Street Fighter V's and IV's mods)", () => {
  it("ends nowhere else on a slow screen: frame zero is frame zero for a page that came late and ticks seldom", async () => {
    const match = await party(scramble, {
      comes: [0, 3000],
      players: [{ tickMs: 4 }, { tickMs: 33, tickJitterMs: 20 }],
    });
    play(match, 0, 8000);
    expectAgreement(match);
  });
});

describe("a hash over more than the simulation (SF4E 1.0.0)", () => {
  it("is none here: what lies in the cells of events, traps and phases raises no alarm", async () => {
    const match = await party(scramble, { comes: [0, 0], network: { ...NEAR, jitterMs: 10, loss: 0.02 } });
    const { memory, schema } = match.players[0]!.simulation;
    for (let now = 0; now < 6000; now++) {
      match.turn(now);
      const { events, trap, phase } = schema.regions;
      for (const { address, size } of [events, trap, phase]) {
        // All but the length of the events, which the host reads.
        for (let at = size === events.size ? 4 : 0; at < size; at++) memory.setUint8(address + at, now * 31 + at);
      }
    }
    expect(match.players[0]!.player.stats.rollbacks).toBeGreaterThan(5);
    expectAgreement(match);
  });
});

describe("containers whose order is another one after loading, and objects that name each other (Factorio's mods)", () => {
  it("come back as they were", async () => {
    const source = `import { arena, inputOf } from "samestep/assembly/sdk";
      @input class Pad { buttons: u8; }
      @state class View { sum: u32; order: u32; }
      const view = arena<View>();
      class Friend { next: Friend | null = null; constructor(public id: u32) {} }
      let ring: Friend | null = null;
      let seen: Map<u32, u32> = new Map();
      export function init(): void {
        const first = new Friend(1);
        let last = first;
        for (let id: u32 = 2; id < 6; id++) { const friend = new Friend(id); last.next = friend; last = friend; }
        last.next = first;
        ring = first;
      }
      export function step(): void {
        const pressed = <u32>inputOf<Pad>(0).buttons;
        for (let i: u32 = 0; i < pressed % 5; i++) ring = ring!.next;
        if (seen.has(pressed)) seen.delete(pressed); else seen.set(pressed, ring!.id);
        const keys = seen.keys();
        view.order = 0;
        for (let i = 0; i < keys.length; i++) view.order = view.order * 31 + keys[i];
        view.sum += ring!.id;
      }`;
    const entry = join(await project({ "game.ts": source }), "game.ts");
    const game = await loadGame((await compileGame({ entry, runtime: "minimal" })).wasm);
    expect(await rolledBack(game)).toEqual([]);
  });
});

describe("one player's burst that fills the line of all (Factorio)", () => {
  it("costs the others a frame at most", async () => {
    const scroll = await testGame("scroll");
    const quiet = new Uint8Array(0);
    let asked = 0;
    const burst = (): Uint8Array => (++asked === 60 ? new Uint8Array(4096).fill(7) : quiet);
    const inputs = [burst, () => quiet, () => quiet];
    const match = await party(scroll, {
      comes: [0, 0, 0],
      config: { players: 3, predictionWindow: 0, inputDelay: 3, framesPerSecond: 20 },
      players: inputs.map((input) => ({ input })),
    });
    play(match, 0, 8000);
    const [, one, other] = match.players.map(({ player }) => player.stats);
    expect(asked).toBeGreaterThan(60);
    expect(Math.max(one!.stalls, other!.stalls)).toBeLessThanOrEqual(1);
    expect(Math.max(one!.longestStallMs, other!.longestStallMs)).toBeLessThanOrEqual(1000 / 20);
    expectAgreement(match);
  });
});

describe("a replay thrown away at the first difference (OpenRA)", () => {
  it("goes on to the end of the match, and verifies: the right player's is the truth of all of it", async () => {
    const simulations = await Promise.all([0, 1].map(() => scramble.simulation()));
    const recorders = simulations.map((simulation) => new PlayerRecorder(simulation));
    const match = await party(scramble, {
      comes: [0, 0],
      players: simulations.map((simulation, index) => ({
        simulation,
        onConfirmed: ({ player }, end, chain) => recorders[index]!.confirmed(player, end, chain),
      })),
    });
    for (let now = 0; now < 6000; now++) {
      match.turn(now);
      if (now === 2000) match.players[1]!.player.plant({ frame: 120, offset: 0, mask: 1 });
    }
    expect(eventsOf(match.players[0]!, "desync")).toHaveLength(1);
    const verdicts = recorders.map((recorder) => {
      const parsed = parseReplay(recorder.finish()!);
      if (parsed.kind !== "replay") throw new Error(parsed.why);
      expect(parsed.replay.frames).toBeGreaterThan(250);
      return parsed.replay;
    });
    const judge = await scramble.simulation();
    expect(verifyReplay(verdicts[0]!, judge).kind).toBe("equal");
    expect(verifyReplay(verdicts[1]!, judge).kind).toBe("differs");
  });
});

describe("clocks of which one leads, so that one player rolls back and the other never (Street Fighter V)", () => {
  it("settle where both play equally far ahead, whoever's path is longer and whoever began behind", async () => {
    const far = { ...PERFECT, delayMs: 90, jitterMs: 3 };
    const match = await party(scramble, {
      comes: [0, 0],
      config: { predictionWindow: 12 },
      players: [
        { up: far, down: { ...PERFECT, delayMs: 10 }, offsetMs: 5000 },
        { up: NEAR, down: NEAR, skewPpm: 500 },
      ],
    });
    play(match, 0, 4000);
    const sums = [0, 0];
    for (let now = 4000; now < 10_000; now++) {
      match.turn(now);
      for (const [i, { player }] of match.players.entries()) sums[i]! += player.stats.frame - player.stats.confirmedEnd;
    }
    expect(Math.abs(sums[0]! - sums[1]!) / 6000).toBeLessThanOrEqual(1);
    expectAgreement(match);
  });
});

describe("a client that ends or judges a match alone (relays that believe one voice)", () => {
  it("can say what it likes of its hashes: two who differ are told so, nobody is blamed, and both play on", async () => {
    const tamper = lies(1, ({ type, body }) => {
      if (type !== "inputs" || body.chain.count === 0) return false;
      for (let i = 0; i < body.chain.count; i++) body.chain.items[i]!.value ^= 0x5a5a;
      return true;
    });
    const match = await party(scramble, { comes: [0, 0], tamper });
    play(match, 0, 4000);
    const before = match.players[0]!.player.stats.frame;
    play(match, 4000, 6000);
    expect(match.players[0]!.player.stats.frame).toBeGreaterThan(before + 100);
    for (const guest of match.players) expect(eventsOf(guest, "ended")).toEqual([]);
    const told = match.players.flatMap((guest) => eventsOf(guest, "desync"));
    expect(told.length).toBeGreaterThan(0);
    for (const desync of told) expect(desync).toMatchObject({ blamed: [] });
  });
});
