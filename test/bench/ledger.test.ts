// The ledger's setup on a small scale: what is pressed, what a path costs, and that control and match meet their physics.
import { beforeAll, describe, expect, it } from "vitest";
import { budgeted, noiseFigure, placementOf, type Row } from "../../bench/ledger/budgets.js";
import { CELLS, type Cell, direct, leg, type Run } from "../../bench/ledger/cells.js";
import { playMesh } from "../../bench/ledger/mesh.js";
import { Path } from "../../bench/ledger/path.js";
import { formula, noise } from "../../bench/ledger/presses.js";
import { type Placement, playStar } from "../../bench/ledger/star.js";
import { publishedFigures } from "../../bench/ledger/table.js";
import { Tally } from "../../bench/ledger/tally.js";
import { judge } from "../../bench/results.js";
import { PERFECT } from "../../src/netsim/conditions.js";
import { loadGame } from "../../src/simulation/game.js";
import type { Simulation } from "../../src/simulation/simulation.js";
import { compileGame } from "../../src/toolchain/build.js";

let simulations: Simulation[];

beforeAll(async () => {
  const game = await loadGame((await compileGame({ entry: "bench/games/words.ts", sourceMap: false })).wasm);
  simulations = await Promise.all([0, 1, 2, 3].map(() => game.simulation()));
});

/** One way it takes a little less than three steps of 16 ms. */
const THREE_STEPS = { players: 2, loss: 0, roundTripMs: 88, jitterMs: 0 } as const;

function run(change: Partial<Cell>, more: Partial<Run> = {}): Run {
  const cell = { ...CELLS[0]!, ...THREE_STEPS, ...change };
  return { cell, press: formula(4), seed: 1, simulations, steps: 300, ...more };
}

function star(change: Partial<Cell>, placement: Placement, more: Partial<Run> = {}): Tally {
  return playStar({ ...run(change, more), placement });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("the setup", () => {
  it("presses the published words: step * 31 + seat * 7 + 1, and seven that are made of it", () => {
    expect(hex(formula(4)(1, 2))).toBe("46000000");
    const wide = hex(formula(32)(1, 2));
    expect(wide.slice(0, 32)).toBe("46000000" + "469f0000" + "093e0100" + "58dd0100");
    expect(wide.length).toBe(64);
  });

  it("has ten cells, and per frame what was published per second", () => {
    expect(CELLS.map(({ inputBytes }) => inputBytes)).toEqual([4, 32, 4, 32, 4, 32, 4, 32, 4, 32]);
    // 4 843 bytes a second, for 16 seconds, over 990 confirmed frames.
    expect(publishedFigures(CELLS[0]!).bytesPerFrame).toBeCloseTo(78.3, 1);
    expect(publishedFigures(CELLS[9]!).messagesPerFrame).toBeCloseTo(7.34, 2);
  });

  it("makes of two legs one path: the same delay, and the same share of losses", () => {
    for (const cell of CELLS) {
      const whole = direct(cell);
      const half = leg(cell);
      expect(2 * half.delayMs + 2 * half.jitterMs).toBeCloseTo(whole.delayMs + whole.jitterMs);
      expect(1 - (1 - half.loss) ** 2).toBeCloseTo(cell.loss);
    }
  });

  it("counts what is sent, lost or not", () => {
    let arrived = 0;
    const path = new Path(1, 0, { ...PERFECT, loss: 1 }, () => {
      arrived += 1;
    });
    path.send(new Uint8Array(7), 0);
    path.deliver(1);
    expect([path.bytes, path.messages, arrived]).toEqual([7, 1, 0]);
  });
});

describe("a tally", () => {
  it("reads quantiles off its rollbacks, lag from the confirmed frame on, and means of all players", () => {
    const tally = new Tally();
    for (let i = 0; i < 98; i++) tally.step(1, 2, 3);
    tally.step(0, 5, 3);
    tally.step(2, 7, 3);
    Object.assign(tally, { runs: 1, players: 2, confirmed: 50, bytes: 1000 });
    const figures = tally.figures();
    expect([figures.depth50, figures.depth99, figures.depthMost]).toEqual([2, 5, 7]);
    expect(figures.resimulatedPerFrame).toBe((98 * 2 + 5 + 7) / 50);
    expect([figures.lag, figures.bytesPerFrame, figures.confirmed, tally.idle]).toEqual([4, 20, 25, 1]);
  });

  it("adds up to the same figures as one run", () => {
    const once = playMesh(run({}));
    const twice = new Tally();
    twice.add(once);
    twice.add(once);
    expect(twice.figures()).toEqual({ ...once.figures(), runs: 2 });
  });
});

describe("the mesh control", () => {
  it("resimulates the frames that a path is longer than the delay, and no more", () => {
    const { depth50, depthMost, resimulatedPerFrame, confirmed } = playMesh(run({})).figures();
    expect([depth50, depthMost]).toEqual([2, 2]);
    expect(resimulatedPerFrame).toBeCloseTo(2, 1);
    expect(confirmed).toBe(298);
  });

  it("resimulates nothing when a path is no longer than the delay", () => {
    const tally = playMesh(run({ roundTripMs: 10 }));
    expect([tally.resimulated, tally.stalls, tally.confirmed]).toEqual([0, 0, 2 * 300]);
  });

  it("plays the window when nothing arrives, and stalls", () => {
    const tally = playMesh(run({ loss: 1 }));
    // One neutral frame is known from the beginning, seven are speculative.
    expect([tally.confirmed, tally.frames, tally.stalls]).toEqual([2, 2 * 8, 2 * 292]);
  });

  it("sends a message to everybody in every step", () => {
    expect(playMesh(run({ players: 4 })).messages).toBe(4 * 3 * 300);
  });

  it("catches up after a stall, so that losses cost hardly a frame", () => {
    const { stallsPerMinute, confirmed } = playMesh(run(CELLS[8]!)).figures();
    expect(stallsPerMinute).toBeGreaterThan(100);
    // The last frames are still under way. Without catching up it is 263.
    expect(confirmed).toBeGreaterThan(285);
  });
});

describe("ours", () => {
  it("resimulates what the mesh does, with the sequencer in a page and midway", () => {
    const page = star({}, "page").figures();
    const midway = star({ players: 4 }, "midway").figures();
    for (const { depth50, depthMost, resimulatedPerFrame } of [page, midway]) {
      expect([depth50, depthMost]).toEqual([2, 2]);
      expect(resimulatedPerFrame).toBeGreaterThan(1.9);
      expect(resimulatedPerFrame).toBeLessThanOrEqual(2.1);
    }
  });

  it("counts nothing for the player who reaches the sequencer in memory", () => {
    const page = star({ roundTripMs: 10 }, "page").figures();
    const server = star({ roundTripMs: 10 }, "midway").figures();
    // For each frame one datagram each way, for one player of two.
    expect(page.messagesPerFrame).toBeGreaterThan(1);
    expect(page.messagesPerFrame).toBeLessThan(1.15);
    expect(server.messagesPerFrame).toBeGreaterThan(2);
  });

  it("is twice as far from everybody on a server with full legs", () => {
    const midway = star({ players: 4 }, "midway").figures();
    const far = star({ players: 4 }, "far").figures();
    expect(far.lag - midway.lag).toBeGreaterThan(2);
  });

  it("plays the same run from the same seed, and another from another", () => {
    const lossy = { loss: 0.1, jitterMs: 20, inputBytes: 32 } as const;
    const figures = (seed: number) => star(lossy, "page", { seed, press: noise(32, seed) }).figures();
    expect(figures(5)).toEqual(figures(5));
    expect(figures(5)).not.toEqual(figures(6));
  });

  it("is not measured at all when hash chains part", () => {
    const faulty = simulations[1]!;
    const step = faulty.step.bind(faulty);
    faulty.step = (record) => {
      const result = step(record);
      faulty.flip(0, 1);
      return result;
    };
    try {
      expect(() => star({}, "page")).toThrow("hash chains part");
    } finally {
      faulty.step = step;
    }
  });
});

describe("the budgets", () => {
  /** A cell as the bench plays it, on few seeds: of two players three, for whom a stall is a seldom thing. */
  function row(cell: Cell): Row {
    const [ours, mesh] = [new Tally(), new Tally()];
    for (let seed = 1; seed <= (cell.players === 2 ? 3 : 1); seed++) {
      const once = { cell, press: formula(cell.inputBytes), seed, simulations };
      ours.add(playStar({ ...once, placement: placementOf(cell) }));
      mesh.add(playMesh(once));
    }
    return { cell, ours: ours.figures(), mesh: mesh.figures(), theirs: publishedFigures(cell) };
  }

  it("hold on the first seeds of every cell", () => {
    const results = budgeted(CELLS.map(row)).map((figure) => judge("ledger", figure));
    expect(results.length).toBe(CELLS.length + 3);
    expect(results.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
  });

  it("count plain inputs as often as the control sends them", () => {
    const { plain, messages } = playMesh(run({ roundTripMs: 0 }));
    // Everything is acknowledged in the next step: a message has the input that is new, and the one before.
    expect(plain / 4 / messages).toBeGreaterThan(0.95);
    expect(plain / 4 / messages).toBeLessThan(2.05);
    const { cell, ours, mesh } = { ...row(CELLS[0]!) };
    expect(noiseFigure({ cell, ours, mesh }).ratio).toBeCloseTo(ours.bytesPerFrame / mesh.plainPerFrame);
  });
});
