// A desync in a real match: both sides make the same report, which names frame, field, kind of fault and what led there.
import { beforeAll, describe, expect, it } from "vitest";
import { hexHash } from "../../src/session/evidence/hash-chain.js";
import { fromBase64 } from "../../src/session/evidence/report.js";
import { digestOf } from "../../src/session/evidence/rerun.js";
import type { Game } from "../../src/simulation/game.js";
import { AUTHORITY } from "../../src/wire/limits.js";
import { testGame } from "../games.js";
import { Broken, patch, scribble, shared, tamper, VICTIM } from "./broken.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

/** A byte of the first runner. */
const PLACE = 40;

/** Other buttons in every frame, so that no step comes out right with the inputs of another one. */
function restless(): () => Uint8Array {
  let count = 0;
  return () => Uint8Array.of((count++ * 7) & 15, 0);
}

describe("both sides make the same report", () => {
  it("of a state that was written outside of the step: host", async () => {
    const broken = await Broken.start(game, { all: { input: restless() } });
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, offset: PLACE, mask: 4 });
    broken.untilReported();
    const report = broken.report(0);
    expect(report).toMatchObject({ schema: "samestep.desync/1", own: 0, frame: frame + 1, verdict: "host" });
    expect(report.why).toMatch(/seat 1 had something else/);
    expect(report.fields.length).toBe(1);
    expect(broken.report(1).own).toBe(1);
    expect(shared(broken.report(1))).toEqual(shared(report));
    const [mine, his] = [broken.events(0)[0]!.fields[0]!, broken.events(1)[0]!.fields[0]!];
    expect([mine.before, mine.after]).toEqual(report.fields[0]!.values);
    expect([his.after, his.before]).toEqual(report.fields[0]!.values);
  });

  it("of a module that computes something else, again and again: simulation", async () => {
    const broken = await Broken.start(game, { all: { input: restless() } });
    const frame = broken.victim.player.stats.frame + 1;
    patch(broken.victim, frame, PLACE);
    broken.untilReported();
    expect(broken.report(0)).toMatchObject({ frame: frame + 1, verdict: "simulation", differs: "state" });
    expect(shared(broken.report(1))).toEqual(shared(broken.report(0)));
    for (const { hash, rerun } of broken.report(0).sides) expect(rerun).toEqual({ clean: hash, again: [hash, hash] });
  });

  it("of two programs that are not the same: build", async () => {
    const broken = await Broken.start(game, { all: { host: { engine: "v8 1", platform: "here" } } });
    Object.defineProperty(broken.victim.simulation, "coreHash", { value: "00000000deadbeef" });
    const frame = broken.victim.player.stats.frame + 1;
    patch(broken.victim, frame, PLACE);
    broken.untilReported();
    const [report, other] = [broken.report(0), broken.report(1)];
    expect(report).toMatchObject({ frame: frame + 1, verdict: "build" });
    expect(report.why).toMatch(/core [0-9a-f]{16} and 00000000deadbeef/);
    expect(report.sides[1].identity).toMatchObject({ engine: "v8 1", platform: "here", core: "00000000deadbeef" });
    expect(shared(other)).toEqual(shared(report));
  });

  it("of inputs that were altered behind the decoder: protocol", async () => {
    const broken = await Broken.start(game);
    const frame = broken.victim.player.inputs!.held(0) + 20;
    tamper(broken.victim, 0, frame);
    broken.untilReported();
    const report = broken.report(0);
    expect(report).toMatchObject({ frame, verdict: "protocol", differs: "inputs" });
    expect(report.sides[0].record).not.toBe(report.sides[1].record);
    expect(shared(broken.report(1))).toEqual(shared(report));
  });

  it("of a variable that no snapshot covers: restore", async () => {
    const leaky = await testGame("leaky");
    const broken = await Broken.start(leaky);
    broken.untilReported();
    const report = broken.report(0);
    expect(report.verdict).toBe("restore");
    expect(report.fields.map(({ path }) => path)).toEqual(["steps"]);
    expect(shared(broken.report(1))).toEqual(shared(report));
  }, 60_000);

  it("with the sequencer's own simulation as one of the sides", async () => {
    const broken = await Broken.start(game, { authority: true });
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, offset: PLACE, mask: 4 });
    broken.untilReported();
    const report = broken.report(VICTIM);
    expect(report).toMatchObject({ own: 0, frame: frame + 1, verdict: "host", blamed: [VICTIM] });
    expect(report.sides.map(({ party }) => party)).toEqual([VICTIM, AUTHORITY]);
    expect(report.fields.length).toBe(1);
    // Who is no party to it says whose matter it is.
    expect(broken.report(0)).toMatchObject({ frame: frame + 1, verdict: "unknown", note: "between others" });
    expect(broken.report(0).own).toBeUndefined();
  });
});

describe("a report", () => {
  it("has what it takes to play the bad step again, anywhere", async () => {
    const broken = await Broken.start(game);
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, offset: PLACE, mask: 4 });
    broken.untilReported();
    const report = broken.report(VICTIM);
    const simulation = await game.simulation({ slots: 1 });
    simulation.reset(broken.victim.player.config!);
    simulation.load(fromBase64(report.start!)!);
    const record = new Uint8Array(2 * simulation.cellBytes);
    for (const { seat, inputs, presence } of report.inputs) {
      const input = Buffer.from(inputs.at(-1)!, "hex");
      const cell = seat * simulation.cellBytes;
      record[cell] = "ahr".indexOf(presence.at(-1)!);
      record[cell + 2] = input.length;
      record.set(input, cell + 8);
    }
    simulation.step(record);
    const [low, high] = digestOf(simulation, simulation.present());
    expect(hexHash({ low, high })).toBe(report.sides[0].hash);
    const leaf = report.leaves[0]!;
    expect(Buffer.from(simulation.present()).toString("base64")).toBe(leaf.bytes[0]);
  });

  it("tells of every input whether it was known, guessed rightly or guessed wrongly when it was first played", async () => {
    const broken = await Broken.start(game, { roundTripMs: 100 });
    const played = new Map<number, Uint8Array>();
    const { simulation, player } = broken.victim;
    const step = simulation.step.bind(simulation);
    simulation.step = (record) => {
      const { frame } = player.running!.timeline;
      if (record === undefined && !played.has(frame))
        played.set(frame, new Uint8Array(simulation.inputs.slice().buffer));
      return step(record);
    };
    broken.play(1500);
    const frame = player.stats.frame + 1;
    player.plant({ frame, offset: PLACE, mask: 4 });
    broken.untilReported();
    const report = broken.report(VICTIM);
    const [one, other] = report.inputs;
    expect(other!.marks[1]).toBe("c".repeat(60)); // his own are final when sampled
    let guessed = 0;
    for (let i = 0; i < 60; i++) {
      const cell = played.get(one!.begin + i)!.subarray(0, simulation.cellBytes);
      const first = Buffer.from(cell.subarray(8, 8 + cell[2]!)).toString("hex");
      expect(one!.marks[1]![i] === "m").toBe(first !== one!.inputs[i]);
      if (one!.marks[1]![i] === "p") guessed += 1;
    }
    expect(guessed).toBeGreaterThan(20);
    expect(one!.marks[1]).toContain("m");
    const rollbacks = report.sides[1].rollbacks;
    expect(rollbacks.length).toBeGreaterThan(0);
    expect(rollbacks.every(({ from, to }) => from < to && to - from <= 8)).toBe(true);
  });

  it("is made of a ring that is shorter than the way there: the state is played again from a keyframe", async () => {
    const broken = await Broken.start(game, { roundTripMs: 200, slots: 10 });
    const frame = broken.victim.player.stats.frame + 1;
    patch(broken.victim, frame, PLACE);
    broken.untilReported();
    expect(broken.report(0)).toMatchObject({ frame: frame + 1, verdict: "simulation" });
    expect(broken.report(0).fields.length).toBe(1);
    expect(shared(broken.report(1))).toEqual(shared(broken.report(0)));
  });

  it("says so when what was there is gone: a state that does not come out again", async () => {
    const broken = await Broken.start(game, { roundTripMs: 200, slots: 10 });
    const frame = broken.victim.player.stats.frame + 1;
    scribble(broken.victim, frame, PLACE);
    broken.untilReported();
    expect(broken.report(0)).toMatchObject({ frame: frame + 1, verdict: "host", fields: [] });
    expect(broken.report(0).note).toBe("seat 1 no longer holds the state of this frame");
    expect(shared(broken.report(1))).toEqual(shared(broken.report(0)));
  });

  it("leaves no trace in the match", async () => {
    const broken = await Broken.start(game, { players: 3, loss: 0.05 });
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, offset: PLACE, mask: 4 });
    broken.untilReported();
    broken.play(1000);
    const { player, simulation } = broken.players[0]!;
    const { chain, inputs } = player;
    const straight = await game.simulation({ slots: 1 });
    straight.reset(player.config!);
    const end = chain!.end - 1;
    for (let at = 0; at < end; at++) straight.step(inputs!.record(at));
    expect(simulation.copy(end % simulation.slots)).toEqual(straight.present());
  });
});
