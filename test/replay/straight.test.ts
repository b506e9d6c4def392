// Recording straight through: what a player recorded over a bad network, with all its rollbacks, comes out byte for byte again.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { recordStraight } from "../../src/replay/straight.js";
import { compareReplay, verifyReplay } from "../../src/replay/verify.js";
import { read, recorded, skeet } from "../desync/skeet.js";
import { fighter, testGame } from "../games.js";

const FIXTURES = ["01-perfect", "05-mobile-100ms-5pct", "12-browser-seat-1-80ms-2pct"];

async function fixture(name: string): Promise<{ bytes: Buffer; replay: Replay }> {
  const bytes = await readFile(`fixtures/replays/${name}.replay`);
  return { bytes, replay: (parseReplay(bytes) as { replay: Replay }).replay };
}

function framesOf(items: Iterable<{ frame: number }>): Set<number> {
  return new Set(Array.from(items, ({ frame }) => frame));
}

describe("a match played straight through", () => {
  it.each(FIXTURES)("is recorded as the player of %s recorded it", async (name) => {
    const { bytes, replay } = await fixture(name);
    const [checks, keyframes] = [framesOf(replay.checks()), framesOf(replay.keyframes())];
    const again = recordStraight({
      ...{ simulation: await (await fighter()).simulation({ slots: 1 }), config: replay.config },
      ...{ records: replay.records(), isCheck: (at) => checks.has(at), isKeyframe: (at) => keyframes.has(at) },
    });
    expect(again.kind === "recorded" && Buffer.compare(again.bytes, bytes)).toBe(0);
  });

  it("ends where the game stops, with the reason", async () => {
    const game = await testGame("leaky");
    const { config } = (await fixture(FIXTURES[0]!)).replay;
    const simulation = await game.simulation({ slots: 1 });
    const record = (button: number): Uint8Array => {
      const cells = new Uint8Array(simulation.cellBytes);
      cells.set([1, 0, 1, 0, 0, 0, 0, 0, button]);
      return cells;
    };
    const options = { simulation, config: { ...config, players: 1, rules: new Uint8Array(0) }, isCheck: () => true };
    expect(
      recordStraight({ ...options, records: [record(0), record(1), record(255)], isKeyframe: () => false }),
    ).toMatchObject({ kind: "stopped", frame: 2, why: expect.stringMatching(/^the button that breaks the game/) });
  });
});

describe("a replay held against another build than its own", () => {
  it("is compared, where verification refuses it as another build's", async () => {
    const replay = read(await recorded(await skeet(), (frame) => frame & 3));
    const [same, richer] = await Promise.all([
      skeet({ step: "if (pad.buttons & 64) me.score = 0;" }),
      skeet({ points: 3 }),
    ]);
    const [a, b] = await Promise.all([same, richer].map((game) => game.simulation({ slots: 1 })));
    expect(verifyReplay(replay, a!)).toMatchObject({ kind: "build" });
    expect(compareReplay(replay, a!)).toMatchObject({ kind: "equal", frames: 100 });
    expect(compareReplay(replay, b!)).toMatchObject({
      kind: "differs",
      difference: {
        frame: 2,
        end: 3,
        fieldsAt: 10,
        fields: [{ path: "shooters[0].score", before: "5", after: "15" }, {}],
      },
    });
  });
});
