// The timeline: rolls back to the first difference and no further, and never when the prediction was right.
import { beforeAll, describe, expect, it } from "vitest";
import { HashChain } from "../../src/session/evidence/hash-chain.js";
import { FinalInputs, type Prediction } from "../../src/session/inputs/final-inputs.js";
import { Timeline } from "../../src/session/timeline/timeline.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { testGame } from "../games.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

class Rig {
  readonly inputs: FinalInputs;
  readonly timeline: Timeline;
  readonly chain: HashChain;
  readonly simulation: WasmSimulation;
  constructor(simulation: WasmSimulation, predictionWindow: number, prediction: Prediction = "repeat") {
    this.simulation = simulation;
    simulation.reset({ players: 2, seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) });
    this.inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0, prediction });
    this.chain = new HashChain(simulation, this.inputs);
    this.timeline = new Timeline({
      simulation,
      inputs: this.inputs,
      predictionWindow,
      own: 0,
      onSettled: (frame) => this.chain.link(frame),
    });
  }
  press(seat: number, buttons: number): void {
    const frame = this.inputs.held(seat);
    this.inputs.push(seat, Uint8Array.of(buttons, 0), 0, 2);
    this.timeline.confirm(seat, frame, frame + 1);
  }
  play(frames: number, own = 0): string {
    let result = "stepped";
    for (let i = 0; i < frames && result === "stepped"; i++) {
      if (this.inputs.held(0) <= this.timeline.frame) this.press(0, own);
      result = this.timeline.advance();
    }
    return result;
  }
}

/** The live state, by way of a slot that nobody needs any more. */
function stateOf({ simulation }: Rig): Uint8Array {
  simulation.save(0);
  return simulation.copy(0);
}

async function rig(predictionWindow: number): Promise<Rig> {
  return new Rig(await game.simulation(), predictionWindow);
}

describe("the timeline", () => {
  it("stalls when the window is used up: window w plays w frames beyond the others' confirmed end", async () => {
    for (const window of [0, 1, 8, 15]) {
      const r = await rig(window);
      expect(r.play(40)).toBe("stalled");
      expect(r.timeline.frame).toBe(window);
      r.press(1, 0);
      expect(r.play(1)).toBe("stepped");
      expect(r.timeline.frame).toBe(window + 1);
    }
  });

  it("does not roll back for a late input that equals its prediction", async () => {
    const r = await rig(8);
    r.press(1, 5); // frame 0 is known: from here on, 5 is predicted
    r.play(6);
    for (let i = 0; i < 5; i++) r.press(1, 5);
    r.timeline.settle();
    expect(r.timeline.rollbacks).toBe(0);
    expect(r.timeline.settledEnd).toBe(6);
  });

  it("resimulates from the first difference, once, however many inputs came", async () => {
    const r = await rig(8);
    r.press(1, 0);
    r.play(8);
    for (const buttons of [0, 0, 1, 1, 2]) r.press(1, buttons); // frame 3 is the first that was guessed wrong
    r.timeline.settle();
    expect(r.timeline.rollbacks).toBe(1);
    expect(r.timeline.lastDepth).toBe(5);
    expect(r.timeline.frame).toBe(8);
  });

  it("ends in the state of a straight-line run, and its hash chain says so", async () => {
    const late = await rig(8);
    const straight = await rig(8);
    const pressed = Array.from({ length: 120 }, (_, i) => (i * 7) % 23);
    for (const [i, buttons] of pressed.entries()) {
      straight.press(1, buttons);
      straight.play(1, i % 5);
      if (i >= 6) late.press(1, pressed[i - 6]!);
      late.play(1, i % 5);
    }
    for (const buttons of pressed.slice(-6)) late.press(1, buttons);
    late.timeline.settle();
    expect(late.timeline.rollbacks).toBeGreaterThan(50);
    expect(late.chain.end).toBe(straight.chain.end);
    expect(late.chain.value).toBe(straight.chain.value);
  });

  it("tells of no state that may still change", async () => {
    const r = await rig(8);
    r.press(1, 0);
    r.play(8);
    expect(r.chain.end).toBe(1);
    r.press(1, 0);
    r.timeline.settle();
    expect(r.chain.end).toBe(2);
    r.press(1, 3); // a wrong guess
    r.press(1, 3);
    expect(r.chain.end).toBe(2);
    r.timeline.settle();
    expect(r.chain.end).toBe(4);
  });

  it("plays on without a seat that left, from the very frame on", async () => {
    const r = await rig(8);
    r.press(1, 1);
    r.play(6, 0);
    r.inputs.leave(1, 3);
    r.press(1, 1);
    r.press(1, 1);
    r.timeline.confirm(1, 3, Infinity);
    r.timeline.settle();
    expect(r.timeline.lastDepth).toBe(3);
    expect(r.inputs.confirmedEnd).toBe(6);
    expect(r.play(50, 0)).toBe("stepped");
  });
});

describe("commands", () => {
  it("are predicted as none, so an empty input never surprises and a repeated one does", async () => {
    const r = new Rig(await game.simulation(), 8, "none");
    const command = (...bytes: number[]): void => {
      const frame = r.inputs.held(1);
      r.inputs.push(1, Uint8Array.from(bytes), 0, bytes.length);
      r.timeline.confirm(1, frame, frame + 1);
    };
    r.play(1);
    command(5, 0);
    r.timeline.settle();
    expect(r.timeline.rollbacks).toBe(1);
    r.play(4);
    command();
    command();
    r.timeline.settle();
    expect(r.timeline.rollbacks).toBe(1);
    command(5, 0);
    r.timeline.settle();
    expect(r.timeline.rollbacks).toBe(2);
    expect(r.timeline.lastDepth).toBe(2);
  });
});

describe("a sparse timeline", () => {
  async function play(sparse: boolean, window: number, late: number): Promise<Rig> {
    const r = new Rig(await game.simulation({ sparse }), window);
    for (let i = 0; i < 200; i++) {
      // Long runs of the same input, so that some predictions are right, and bursts that were held up.
      if (i % 11 !== 10) while (r.inputs.held(1) <= i - late) r.press(1, (r.inputs.held(1) / 9) & 7);
      r.play(1, i % 5);
    }
    while (r.inputs.held(1) < r.timeline.frame) r.press(1, 3);
    r.timeline.settle();
    return r;
  }

  it("keeps two snapshots and hashes what a dense one hashes, in rollback and in lockstep", async () => {
    for (const [window, late] of [
      [8, 5],
      [8, 1],
      [15, 12],
      [0, 0],
    ] as const) {
      const dense = await play(false, window, late);
      const sparse = await play(true, window, late);
      expect(sparse.simulation.slots).toBe(2);
      expect(sparse.timeline.frame).toBe(dense.timeline.frame);
      const frames = Math.min(dense.chain.end, sparse.chain.end);
      expect(frames).toBeGreaterThan(180);
      expect(sparse.chain.valueAt(frames)).toBe(dense.chain.valueAt(frames));
      expect(stateOf(sparse)).toEqual(stateOf(dense));
    }
  });

  it("saves once for each confirmed frame, however deep it rolls back", async () => {
    const simulation = await game.simulation({ sparse: true });
    const saved: number[] = [];
    const save = simulation.save.bind(simulation);
    simulation.save = (slot) => {
      saved.push(slot);
      save(slot);
    };
    const r = new Rig(simulation, 8);
    for (let i = 0; i < 100; i++) {
      if (i >= 8) r.press(1, i & 1); // every guess is wrong
      r.play(1);
    }
    expect(r.timeline.lastDepth).toBe(8);
    expect(saved.length).toBe(1 + r.inputs.confirmedEnd);
  });

  it("does not roll back for every right guess", async () => {
    const r = new Rig(await game.simulation({ sparse: true }), 8);
    for (let i = 0; i < 100; i++) {
      if (i >= 4) r.press(1, 0);
      r.play(1);
    }
    expect(r.timeline.rollbacks).toBeLessThanOrEqual(25);
    expect(r.chain.end).toBeGreaterThan(90);
  });

  it("comes back from a trap in a predicted frame to the state before it", async () => {
    const leaky = await testGame("leaky");
    const r = new Rig(await leaky.simulation({ sparse: true }), 8);
    r.press(1, 1);
    r.play(3, 1);
    r.press(0, 255);
    expect(r.timeline.advance()).toBe("stalled");
    expect(r.timeline.frame).toBe(3);
    expect(stateOf(r)[0]).toBe(3); // the game counts its frames in its first field
  });
});

describe("a trap", () => {
  it("in a predicted frame is no error: the frame is played when its inputs turn out well", async () => {
    const leaky = await testGame("leaky");
    const r = new Rig(await leaky.simulation(), 8);
    r.press(0, 255);
    expect(r.timeline.advance()).toBe("stalled"); // seat 1 is not confirmed yet, so nobody may conclude anything
    expect(r.timeline.frame).toBe(0);
    expect(r.timeline.trapped).toBe(false);
  });

  it("in a confirmed frame is reported with its message and place", async () => {
    const leaky = await testGame("leaky");
    const r = new Rig(await leaky.simulation(), 8);
    r.press(0, 255);
    r.press(1, 0);
    expect(r.timeline.advance()).toBe("trapped");
    expect(r.simulation.trap).toMatch(/the button that breaks the game \(.*leaky\.ts:27:/);
  });
});
