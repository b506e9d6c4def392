// Replays: what is recorded comes back, what is damaged is said so, and what differs is named by frame, leaf and field.
import { beforeAll, describe, expect, it } from "vitest";
import { PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { crc32 } from "../../src/replay/crc32.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { PlayerRecorder } from "../../src/replay/player-recorder.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { verifyReplay } from "../../src/replay/verify.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

let game: Game;
let simulation: WasmSimulation;
/** A match of six seconds, as its first player, its second player (with a fault) and its sequencer wrote it down. */
let recorded: { clean: Uint8Array; faulty: Uint8Array; server: Uint8Array };
const FAULT = { frame: 201, offset: 0, mask: 1 };

beforeAll(async () => {
  game = await testGame("scramble");
  simulation = await game.simulation();
  recorded = await record();
});

async function record(): Promise<typeof recorded> {
  const config = {
    players: 2,
    framesPerSecond: 60,
    predictionWindow: 8,
    inputDelay: 1,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 3000,
    seedLow: 9,
    seedHigh: 0,
    rules: Uint8Array.of(1),
  };
  const { gameHash, schemaHash } = game;
  const server = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes: simulation.cellBytes });
  const random = new Random(3);
  const held = [Uint8Array.of(0, 0), Uint8Array.of(0, 0)];
  const recorders: PlayerRecorder[] = [];
  const players = await Promise.all(
    held.map(async (buttons, index) => {
      const own = await game.simulation();
      recorders[index] = new PlayerRecorder(own, { keyframeEvery: 50 });
      return {
        simulation: own,
        up: { ...PERFECT, delayMs: 40, loss: 0.05 },
        down: { ...PERFECT, delayMs: 40, loss: 0.05 },
        input: () => {
          if (random.chance(0.1)) buttons[0]! ^= 1 << random.below(5);
          return buttons;
        },
        onConfirmed: ({ player }: { player: Parameters<PlayerRecorder["confirmed"]>[0] }, end: number, chain: number) =>
          recorders[index]!.confirmed(player, end, chain),
      };
    }),
  );
  const match = new VirtualMatch({
    config,
    players,
    mode: "datagram",
    seed: 4,
    sequencer: {
      onConfirmed: (frame, inputs) => server.confirmed(frame, inputs),
      onAgreed: (frame, chain) => server.check(frame, chain),
    },
  });
  for (let now = 0; now < 7000; now++) {
    match.turn(now);
    if (now === 1500) match.players[1]!.player.plant(FAULT);
  }
  return { clean: recorders[0]!.finish()!, faulty: recorders[1]!.finish()!, server: server.finish() };
}

function read(bytes: Uint8Array): Replay {
  const parsed = parseReplay(bytes);
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}

function counted(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count += 1;
  return count;
}

describe("a replay", () => {
  it("verifies, from a player and from the server", () => {
    const verdict = verifyReplay(read(recorded.clean), simulation);
    expect(verdict).toMatchObject({ kind: "equal" });
    expect(verdict.kind === "equal" && verdict.frames).toBeGreaterThan(300);
    const server = read(recorded.server);
    expect([...server.checks()].length).toBeGreaterThan(20);
    expect(verifyReplay(server, simulation)).toMatchObject({ kind: "equal" });
  });

  it("names frame, leaf and field of a state that was another one when it was recorded", () => {
    const verdict = verifyReplay(read(recorded.faulty), simulation);
    // The state after frame 201 was the first wrong one; the next whole state on record is that of frame 250.
    expect(verdict).toMatchObject({
      kind: "differs",
      difference: {
        frame: 202,
        end: 203,
        fieldsAt: 250,
        leaf: 0,
        fields: [{ path: "frame", before: "251", after: "250" }],
      },
    });
  });

  it("is of another build, not a desync, when the game is another", async () => {
    const leaky = await (await testGame("leaky")).simulation();
    expect(verifyReplay(read(recorded.clean), leaky)).toMatchObject({ kind: "build" });
  });

  it("is small: under 12 bytes a frame with a hash of every frame", () => {
    expect(recorded.clean.length / read(recorded.clean).frames).toBeLessThan(12);
  });

  it("is unreadable when any byte is damaged, cut off or added", () => {
    const bytes = recorded.clean;
    const random = new Random(5);
    for (let i = 0; i < 2000; i++) {
      const damaged = bytes.slice();
      damaged[random.below(bytes.length)]! ^= 1 << random.below(8);
      expect(parseReplay(damaged).kind).toBe("unreadable");
    }
    for (let i = 0; i < 200; i++) {
      expect(parseReplay(bytes.subarray(0, random.below(bytes.length))).kind).toBe("unreadable");
    }
    expect(parseReplay(Uint8Array.of(...bytes, 0)).kind).toBe("unreadable");
  });

  it("of another format version says so", () => {
    const bytes = recorded.clean.slice();
    bytes[8] = 1;
    const older = "replay format 1; this version of Samestep reads 2: record the match again";
    expect(parseReplay(bytes)).toEqual({ kind: "unreadable", why: older });
    bytes[8] = 3;
    const newer = "replay format 3; this version of Samestep reads 2: a newer version reads it";
    expect(parseReplay(bytes)).toEqual({ kind: "unreadable", why: newer });
  });

  it("never makes the reader throw, even with a right checksum; what it accepts can be walked to its end", () => {
    const random = new Random(6);
    let accepted = 0;
    for (let i = 0; i < 20_000; i++) {
      const length = random.chance(0.5) ? recorded.clean.length : 10 + random.below(recorded.clean.length - 10);
      const bytes = recorded.clean.slice(0, length);
      for (let flips = random.below(6); flips > 0; flips--) bytes[10 + random.below(length - 10)] = random.u32();
      new DataView(bytes.buffer).setUint32(length - 4, crc32(bytes, length - 4), true);
      const parsed = parseReplay(bytes);
      if (parsed.kind !== "replay") continue;
      accepted += 1;
      expect(counted(parsed.replay.records())).toBe(parsed.replay.frames);
      expect(counted(parsed.replay.checks())).toBeLessThanOrEqual(parsed.replay.frames);
    }
    expect(accepted).toBeGreaterThan(1000);
  });

  it("keeps a seat absent from the frame it left", () => {
    const { gameHash, schemaHash } = game;
    const config = read(recorded.clean).config;
    const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes: simulation.cellBytes });
    const both = new Uint8Array(2 * simulation.cellBytes);
    both[0] = 1;
    both[simulation.cellBytes] = 1;
    const one = both.slice();
    one[simulation.cellBytes] = 0;
    for (let frame = 0; frame < 600; frame++) recorder.confirmed(frame, frame < 300 ? both : one);
    const presence = Array.from(read(recorder.finish()).records(), (record) => record[simulation.cellBytes]);
    expect([presence[299], presence[300], presence[599]]).toEqual([1, 0, 0]);
  });
});
