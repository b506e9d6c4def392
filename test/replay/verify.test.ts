// Verification where files lie or games stop: what is not known is not claimed.
import { beforeAll, describe, expect, it } from "vitest";
import { crc32 } from "../../src/replay/crc32.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { differingLeaf, verification, verifyReplay } from "../../src/replay/verify.js";
import { ChainLink } from "../../src/session/evidence/chain-link.js";
import { LEAF_BYTES } from "../../src/simulation/core.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

/** The button at which this game's assertion fails. */
const BREAKS = 255;
const FRAMES = 100;

let game: Game;

beforeAll(async () => {
  game = await testGame("leaky");
});

interface Story {
  /** The frame at which the breaking button was pressed, and at which the file says so. */
  pressedAt?: number;
  toldAt?: number;
  /** The frame whose hash the file has wrong. */
  wrongAt?: number;
}

/** One player's match as the file tells it, with a keyframe every ten frames. */
async function recording({ pressedAt, toldAt, wrongAt }: Story): Promise<Uint8Array> {
  const simulation = await fresh();
  const { gameHash, schemaHash, schema } = game;
  const cellBytes = schema.regions.inputs.stride;
  const rest = { framesPerSecond: 60, predictionWindow: 8, inputDelay: 1, ...MATCH_DEFAULTS, dropAfterMs: 3000 };
  const seed = { seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) };
  const config = { players: 1, inputBytes: cellBytes - CELL_HEADER_BYTES, ...rest, ...seed };
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes });
  const link = new ChainLink(simulation, cellBytes);
  const record = new Uint8Array(cellBytes).fill(PRESENCE_HERE, 0, 1).fill(1, 2, 3);
  simulation.reset(config);
  for (let frame = 0; frame < FRAMES; frame++) {
    record[CELL_HEADER_BYTES] = frame === pressedAt ? BREAKS : 0;
    simulation.save(0);
    if (frame % 10 === 0) recorder.keyframe(frame, simulation.copy(0), simulation.core);
    link.add(0, record);
    recorder.check(frame + 1, frame === wrongAt ? link.value ^ 1 : link.value);
    const stepped = simulation.step(record);
    if (frame === toldAt) record[CELL_HEADER_BYTES] = BREAKS;
    recorder.confirmed(frame, record);
    if (stepped === "trapped") break;
  }
  return recorder.finish();
}

async function fresh(): Promise<WasmSimulation> {
  return game.simulation({ slots: 1 });
}

function read(bytes: Uint8Array): Replay {
  const parsed = parseReplay(bytes);
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}

describe("a verification", () => {
  it("names the frame at which the game stops, and why", async () => {
    const replay = read(await recording({ pressedAt: 57 }));
    expect(verifyReplay(replay, await fresh())).toMatchObject({
      kind: "differs",
      difference: { frame: 57, end: 58, trap: expect.stringContaining("the button that breaks the game") },
    });
  });

  it("claims no fields when the game stops between the difference and the next keyframe", async () => {
    const replay = read(await recording({ wrongAt: 53, toldAt: 57 }));
    expect(verifyReplay(replay, await fresh())).toMatchObject({
      kind: "differs",
      difference: { frame: 53, end: 54, fieldsAt: undefined, leaf: undefined, fields: [] },
    });
  });

  it("calls a replay with a keyframe that is no delta unreadable, and nothing after it a difference", async () => {
    const bytes = await recording({});
    const second = [...read(bytes).keyframes()][1]!.delta;
    const at = second.byteOffset - bytes.byteOffset;
    const broken = bytes.slice();
    broken.fill(0, at, at + second.length);
    const replay = read(sealed(broken));
    expect(verifyReplay(replay, await fresh())).toEqual({ kind: "unreadable", why: "a keyframe makes no sense" });
  });

  it("pauses now and then, and comes to the same verdict", async () => {
    const replay = read(await recording({}));
    const run = verification(replay, await fresh());
    const pauses: number[] = [];
    let next = run.next();
    for (; !next.done; next = run.next()) pauses.push(next.value);
    expect(pauses).toEqual([0, 32, 64, 96]);
    expect(next.value).toEqual(verifyReplay(replay, await fresh()));
    expect(next.value).toEqual({ kind: "equal", frames: FRAMES, checks: FRAMES + 10 });
  });

  it("finds the leaf of the first byte that differs, in states of any length", () => {
    for (const length of [1, 3, 4, 4095, 4096, 4097, 3 * LEAF_BYTES + 2]) {
      const state = new Uint8Array(length).fill(7);
      expect(differingLeaf(state, state.slice())).toBeUndefined();
      for (const at of [0, length >> 1, length - 1]) {
        const other = state.slice();
        other[at]! ^= 128;
        other[length - 1]! ^= 1;
        expect(differingLeaf(state, other)).toBe(Math.floor(at / LEAF_BYTES));
      }
    }
  });
});

/** The file with a fitting checksum. */
function sealed(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(bytes.length - 4, crc32(bytes, bytes.length - 4), true);
  return bytes;
}
