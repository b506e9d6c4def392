// A match from hello to good-bye on a quiet network: seats, refusals, leaving, and what a broken peer cannot do.
import { beforeAll, describe, expect, it } from "vitest";
import { PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { Sequencer } from "../../src/sequencer/sequencer.js";
import { Player } from "../../src/session/player.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { Writer } from "../../src/wire/bytes.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { type Body, blank, Decoder, encode, type MessageType, PROTOCOL } from "../../src/wire/messages.js";
import { testGame } from "../games.js";

let game: Game;
let other: Game;
beforeAll(async () => {
  [game, other] = await Promise.all([testGame("scramble"), testGame("leaky")]);
});

function config(changes: Partial<MatchConfig> = {}): MatchConfig {
  return {
    players: 2,
    framesPerSecond: 60,
    predictionWindow: 8,
    inputDelay: 2,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 1000,
    seedLow: 1,
    seedHigh: 2,
    rules: new Uint8Array(0),
    ...changes,
  };
}

async function match(
  changes: Partial<MatchConfig> = {},
  network = { ...PERFECT, delayMs: 20 },
): Promise<VirtualMatch<WasmSimulation>> {
  const settings = config(changes);
  const simulations = await Promise.all(Array.from({ length: settings.players }, () => game.simulation()));
  return new VirtualMatch({
    config: settings,
    seed: 1,
    mode: "datagram",
    players: simulations.map((simulation, index) => ({
      simulation,
      input: () => Uint8Array.of(index + 1, 0),
      up: network,
      down: network,
    })),
  });
}

function play<T extends { turn(now: number): void }>(played: T, begin: number, end: number): T {
  for (let now = begin; now < end; now++) played.turn(now);
  return played;
}

function bytesOf<K extends MessageType>(type: K, body: Body<K>): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(1200));
  encode(writer, type, body);
  return writer.bytes.slice(0, writer.at);
}

/** What a sequencer answers to one hello. */
function greet(sequencer: Sequencer, peer: number, changes: Partial<Body<"hello">> = {}): string {
  const hello = blank("hello");
  hello.protocol = PROTOCOL;
  hello.game = game.gameHash;
  hello.schema = game.schemaHash;
  hello.token = new Uint8Array(16).fill(peer);
  hello.config = { items: [config()], count: 1 };
  Object.assign(hello, changes);
  sequencer.receive(peer, bytesOf("hello", hello), 0);
  let answer = "nothing";
  sequencer.drain((_, bytes) => {
    const message = new Decoder().decode(bytes)!;
    answer = message.type === "refused" ? message.body.text : message.type;
  });
  return answer;
}

/** A player who has said hello once and heard the answer. */
function greeted(simulation: WasmSimulation, sequencer: Sequencer): Player {
  const open = sequencer.config === undefined ? { config: config() } : {};
  const player = new Player({ simulation, ...open, token: new Uint8Array(16) });
  player.tick(() => new Uint8Array(0), 0);
  player.drain((_, bytes) => sequencer.receive(1, bytes, 0));
  sequencer.drain((_, bytes) => player.receive(bytes, 1));
  return player;
}

describe("the handshake", () => {
  it("seats those who bring the same game and settings, or none", () => {
    const sequencer = new Sequencer();
    expect(greet(sequencer, 1)).toBe("welcome");
    expect(greet(sequencer, 2, { config: { items: [], count: 0 } })).toBe("welcome");
    expect(greet(sequencer, 3)).toMatch(/full: all 2 seats are taken. Open another room/);
  });

  it("refuses what would desync, with words a person can act on", () => {
    const sequencer = new Sequencer();
    greet(sequencer, 1);
    expect(greet(sequencer, 2, { protocol: 9 })).toMatch(/protocol 2, you speak 9: update the server/);
    expect(greet(sequencer, 2, { game: other.gameHash })).toMatch(/plays game build .*Reload the page/);
    expect(greet(sequencer, 2, { schema: other.schemaHash })).toMatch(/lays out its state differently/);
    const settings = greet(sequencer, 2, { config: { items: [config({ inputDelay: 3 })], count: 1 } });
    expect(settings).toMatch(/inputDelay is 2 in the room and 3 in yours/);
    const seed = { items: [config({ seedLow: 99 })], count: 1 };
    expect(greet(sequencer, 2, { config: seed })).toMatch(/seedLow is 1 in the room and 99 in yours/);
    expect(greet(sequencer, 2, { config: seed, anySeed: 1 })).toBe("welcome");
  });

  it("says that a room needs settings from the first who comes", () => {
    expect(greet(new Sequencer(), 1, { config: { items: [], count: 0 } })).toMatch(/Nobody has opened this room/);
  });

  it("ends a player's match when the room's settings cannot be played, whatever they are", async () => {
    const wrong: Partial<MatchConfig>[] = [
      { rules: new Uint8Array(200) },
      { framesPerSecond: 7 },
      { inputBytes: 100 },
      { players: 1 },
    ];
    for (const changes of wrong) {
      const room = { game: game.gameHash, schema: game.schemaHash, config: config(changes) };
      const player = greeted(await game.simulation(), new Sequencer({ room }));
      expect(player.takeEvents()).toMatchObject([{ type: "ended", reason: "refused" }]);
    }
    const short = greeted(await game.simulation({ slots: 4 }), new Sequencer());
    expect(short.takeEvents()).toMatchObject([
      { type: "ended", text: expect.stringContaining("its window is 8 frames") },
    ]);
  });

  it("ends a running match that the server has forgotten, and opens no new one for it", async () => {
    const played = play(await match(), 0, 2000);
    const restarted = new Sequencer();
    const { player } = played.players[0]!;
    player.drain(() => {});
    player.reconnect();
    player.tick(() => Uint8Array.of(0), 2000);
    player.drain((_, bytes) => restarted.receive(1, bytes, 2000));
    restarted.drain((_, bytes) => player.receive(bytes, 2001));
    expect(restarted.room).toBeUndefined();
    expect(player.takeEvents()).toMatchObject([
      { type: "ended", reason: "lost", text: expect.stringContaining("restarted") },
    ]);
  });

  it("ends a refused player's match with the text", async () => {
    const sequencer = new Sequencer({ room: { game: "0".repeat(16), schema: game.schemaHash, config: config() } });
    const player = greeted(await game.simulation(), sequencer);
    expect(player.phase).toBe("ended");
    expect(player.takeEvents()).toMatchObject([{ type: "ended", reason: "refused" }]);
  });
});

describe("a match", () => {
  it("starts everybody at the same instant, and confirms every frame at 60 a second", async () => {
    const played = play(await match(), 0, 4000);
    const frames = played.players.map(({ player }) => player.stats.frame);
    expect(Math.abs(frames[0]! - frames[1]!)).toBeLessThanOrEqual(1);
    expect(frames[0]).toBeGreaterThan(170);
    const { stats } = played.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(stats.frame - 16);
    expect(stats.stalls).toBe(0);
    expect(stats.roundTripMs).toBeCloseTo(40, -1);
  });

  it("goes on without a seat that leaves, from one frame for everybody", async () => {
    const played = play(await match({ players: 3 }), 0, 2000);
    played.players[2]!.player.leave();
    play(played, 2000, 3000);
    const left = [0, 1].map((index) => played.players[index]!.events.find((event) => event.type === "left"));
    expect(left[0]).toMatchObject({ type: "left", dropped: false });
    expect(left[1]).toEqual(left[0]);
    const [a, b] = played.players.map(({ player }) => player);
    expect(a!.stats.frame).toBeGreaterThan(120);
    expect(a!.chain!.end).toBeGreaterThan((left[0] as { frame: number }).frame + 20);
    expect(a!.stats.agreedEnd).toBeGreaterThan((left[0] as { frame: number }).frame);
    expect(b!.phase).toBe("running");
  });

  it("drops who is silent for too long, not before", async () => {
    const played = play(await match({ dropAfterMs: 1000 }), 0, 2000);
    played.players[1]!.gone = true;
    play(played, 2000, 2900);
    expect(played.players[0]!.events.some((event) => event.type === "left")).toBe(false);
    expect(played.players[0]!.player.stats.frame).toBeLessThan(2900 / 16);
    play(played, 2900, 3800);
    expect(played.players[0]!.events).toContainEqual(expect.objectContaining({ type: "left", seat: 1, dropped: true }));
    expect(played.players[0]!.player.stats.stalls).toBe(1);
  });

  it("drops nobody because the sequencer slept", async () => {
    const played = play(await match({ dropAfterMs: 1000 }), 0, 2000);
    played.asleepUntil = 4500;
    play(played, 2000, 6000);
    expect(played.players.every(({ player }) => player.phase === "running")).toBe(true);
    expect(played.players[0]!.player.stats.frame).toBeGreaterThan(90 + 60);
  });

  it("does not run fast after a pause of one player", async () => {
    const played = play(await match({ dropAfterMs: 5000 }), 0, 3000);
    played.players[1]!.pausedUntil = 5000;
    play(played, 3000, 5000);
    const before = played.players[0]!.player.stats.frame;
    play(played, 5000, 6000);
    const gained = played.players[0]!.player.stats.frame - before;
    expect(gained).toBeGreaterThan(50);
    expect(gained).toBeLessThan(60 + 8 + 4); // a second, the window, and the input delay
  });

  it("keeps the seat of a player who comes back on another carrier", async () => {
    const played = play(await match(), 0, 2000);
    played.sequencer.disconnect(played.players[0]!.peer);
    played.players[0]!.reconnect();
    play(played, 2000, 3000);
    expect(played.players.map(({ player }) => player.phase)).toEqual(["running", "running"]);
    expect(played.players[0]!.player.stats.frame).toBeGreaterThan(120);
    expect(played.sequencer.seatOf(101)).toBe(0);
  });

  it("has the same rollback depth on both sides of an uneven path", async () => {
    const played = await match({}, { ...PERFECT, delayMs: 10 });
    for (const player of played.players) player.down.conditions = { ...PERFECT, delayMs: 90 };
    play(played, 0, 6000);
    const depths = played.players.map(({ player }) => player.stats.frame - player.stats.confirmedEnd);
    expect(Math.abs(depths[0]! - depths[1]!)).toBeLessThanOrEqual(1);
  });
});

describe("from the first second on", () => {
  it.each([
    [50, 50],
    [100, 5],
    [5, 100],
  ])("players %d and %d ms away roll back equally deep", async (far, near) => {
    const played = await match({ predictionWindow: 12 });
    for (const [i, delayMs] of [far, near].entries()) {
      const { up, down } = played.players[i]!;
      up.conditions = { ...PERFECT, delayMs, jitterMs: 4 };
      down.conditions = { ...PERFECT, delayMs, jitterMs: 4 };
    }
    let now = 0;
    for (; played.players.some(({ player }) => player.stats.frame < 10); now++) played.turn(now);
    for (const end = now + 4000; now < end; now++) {
      played.turn(now);
      const [a, b] = played.players.map(({ player }) => player.stats);
      // Each is as far ahead of the other's inputs as the other is of his: one frame of rounding, one of jitter.
      const depths = [a!.frame - a!.confirmedEnd, b!.frame - b!.confirmedEnd];
      expect(Math.abs(depths[0]! - depths[1]!)).toBeLessThanOrEqual(2);
    }
    expect(played.players[0]!.player.stats.stalls).toBe(0);
  });
});

describe("somebody who", () => {
  it("talks but does not play is dropped like somebody silent", async () => {
    const played = play(await match({ dropAfterMs: 1000 }), 0, 2000);
    played.players[1]!.gone = true;
    const probe = bytesOf("probe", { sequence: 1, samples: 9, roundTrip: 0 });
    for (let now = 2000; now < 4000; now++) {
      if (now % 100 === 0) played.sequencer.receive(played.players[1]!.peer, probe, now);
      played.turn(now);
    }
    expect(played.players[0]!.events).toContainEqual(expect.objectContaining({ type: "left", seat: 1, dropped: true }));
  });

  it("comes back to the lobby after a long silence has a seat again", async () => {
    const played = play(await match({ players: 3, dropAfterMs: 500 }), 0, 20);
    const [first, second, third] = played.players;
    third!.pausedUntil = 4000;
    second!.up.cut = true;
    play(played, 20, 2500);
    second!.up.cut = false;
    play(played, 2500, 6500);
    expect(played.sequencer.started).toBe(true);
    expect([first, second, third].map((player) => player!.player.phase)).toEqual(["running", "running", "running"]);
  });

  it("looks on and goes before the start takes no seat along, nor makes another one", () => {
    const sequencer = new Sequencer();
    expect(greet(sequencer, 1)).toBe("welcome");
    expect(greet(sequencer, 3, { watch: 1 })).toBe("welcome");
    sequencer.disconnect(3);
    expect(sequencer.match!.seats.map((seat) => seat?.peer)).toEqual([1, undefined]);
  });

  it("takes a second seat over the same connection is not heard", () => {
    const sequencer = new Sequencer();
    expect(greet(sequencer, 1)).toBe("welcome");
    expect(greet(sequencer, 1, { token: new Uint8Array(16).fill(9) })).toBe("nothing");
    expect(greet(sequencer, 2)).toBe("welcome");
  });

  it("wants a match to start with more players than it has seats for cannot open a room", () => {
    const settings = { items: [config({ startWith: 3 })], count: 1 };
    expect(greet(new Sequencer(), 1, { config: settings })).toMatch(
      /2 seats cannot start when 3 are taken: make startWith 2 or less/,
    );
  });

  it("brings the longest inputs that a game can have opens a room like anybody", () => {
    const settings = { items: [config({ inputBytes: 4096, players: 8 })], count: 1 };
    expect(greet(new Sequencer(), 1, { config: settings })).toBe("welcome");
  });
});

describe("a broken peer", () => {
  it("cannot crash a running match with a hundred thousand wild datagrams, nor change one input", async () => {
    const played = play(await match(), 0, 2000);
    const random = new Random(7);
    const caught: Uint8Array[] = [];
    const { up } = played.players[1]!;
    const send = up.send.bind(up);
    up.send = (bytes, now) => {
      caught.push(bytes.slice());
      send(bytes, now);
    };
    play(played, 2000, 2200);
    const { sequencer } = played;
    for (let i = 0; i < 100_000; i++) {
      const bytes = random.pick(caught).slice();
      // The header only: mutated input bits of a frame that is not final yet would be his own good right.
      for (let flips = 1 + random.below(3); flips > 0; flips--) bytes[random.below(bytes.length)] = random.u32();
      sequencer.receive(
        random.chance(0.5) ? 77 : played.players[1]!.peer,
        bytes.subarray(0, random.below(bytes.length)),
        2200,
      );
      played.players[0]!.player.receive(bytes, 2200);
    }
    sequencer.drain(() => {});
    const { malformed, strangers } = sequencer.counts;
    expect(malformed + strangers).toBeGreaterThan(50_000);
    const held = sequencer.inputs!.held(1);
    for (let frame = 10; frame < held; frame++) {
      expect(sequencer.inputs!.recordOf(1, frame)[sequencer.inputs!.cellBytes + CELL_HEADER_BYTES]).toBe(2);
    }
    // Whatever became of him, the other one plays on, as soon as his silence has been suffered.
    play(played, 2200, 4200);
    const { stats, phase } = played.players[0]!.player;
    const before = stats.confirmedEnd;
    play(played, 4200, 6200);
    expect(phase).toBe("running");
    expect(played.players[0]!.player.stats.confirmedEnd - before).toBeGreaterThanOrEqual(118);
  });

  it("cannot change an input that is final: the first one wins, the second is counted", async () => {
    const played = play(await match(), 0, 2000);
    const { sequencer } = played;
    const held = sequencer.inputs!.held(1);
    const body = blank("inputs");
    body.seat = 1;
    body.first = held - 1;
    body.count = 1;
    body.sequence = 60_000;
    // 1 1 1, thirteen bits of length 2, then the bytes 7 and 7
    const bits = Uint8Array.of(0b0001_0111, 0, 7, 7);
    body.bits = { bytes: bits, begin: 0, end: 4 };
    sequencer.receive(played.players[1]!.peer, bytesOf("inputs", body), 2000);
    expect(sequencer.counts.equivocations).toBe(1);
    const record = sequencer.inputs!.recordOf(1, held - 1);
    expect(record[sequencer.inputs!.cellBytes + CELL_HEADER_BYTES]).toBe(2);
  });
});
