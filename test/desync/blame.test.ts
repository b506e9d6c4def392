// Blame: the first write that two builds do not have in common, the writes behind a wrong state, and the phase it fell in.
import { beforeAll, describe, expect, it } from "vitest";
import { blameBuilds, blameState } from "../../src/desync/blame/blame.js";
import { firstDifferingWrite } from "../../src/desync/blame/first-write.js";
import { linePairs } from "../../src/desync/blame/line-pairs.js";
import { phaseParting, phasesOf } from "../../src/desync/blame/phases.js";
import { type Side, sidesOf } from "../../src/desync/blame/sides.js";
import type { Write } from "../../src/desync/blame/write-log.js";
import { parting } from "../../src/desync/parting.js";
import type { Game } from "../../src/simulation/game.js";
import { type Change, FIRE, type Hands, HOOK_MS, LEFT, read, recorded, skeet } from "./skeet.js";

/** Seat 1 fires at frame 40, and both move all the time. */
const hands: Hands = (frame, seat) => LEFT | (frame === 40 && seat === 1 ? FIRE : 0);

let good: Game;

beforeAll(async () => {
  good = await skeet();
}, HOOK_MS);

async function sides(
  change: Change,
  of: Hands = hands,
): Promise<{ before: Side; after: Side; step: number | undefined }> {
  const bad = await skeet(change);
  const replay = read(await recorded(good, of));
  const [before, after] = await Promise.all([good, bad].map((each) => each.simulation({ slots: 2 })));
  const found = parting({ played: replay, simulation: before! }, { played: replay, simulation: after! })!;
  return { ...sidesOf(found, replay.config, { before: good, after: bad }), step: found.step };
}

describe("two builds", () => {
  it("are told apart by the first write whose value differs, with what each wrote", async () => {
    const { before, after, step } = await sides({ points: 3 });
    const found = blameBuilds(before, after);
    expect(step).toBe(40);
    expect(found).toMatchObject({
      kind: "write",
      here: { path: "shooters[1].score", before: "0", after: "1", phase: 2 },
      there: { path: "shooters[1].score", before: "0", after: "3", phase: 2 },
      fields: [{ path: "shooters[1].score", before: "1", after: "3" }],
    });
  });

  it("are told apart by a write that only one of them makes", async () => {
    const { before, after } = await sides({ step: "if (pad.buttons & 1) me.jams = 7;" });
    const found = blameBuilds(before, after);
    expect(found.here).toBeUndefined();
    expect(found.there).toMatchObject({ path: "shooters[1].jams", before: "0", after: "7" });
  });

  it("are compared by names where they lay their states out otherwise", async () => {
    const { before, after } = await sides({ fields: "combo: u16; luck: u8;", points: 5 });
    expect(blameBuilds(before, after)).toMatchObject({
      kind: "write",
      here: { path: "shooters[1].score", after: "1" },
      there: { path: "shooters[1].score", after: "5" },
    });
  });

  it("are told apart in init, where they differ from the start", async () => {
    const { before, after, step } = await sides({ init: "world.shooters.at(2).jams = 9;" });
    expect(step).toBeUndefined();
    const found = blameBuilds(before, after);
    expect(found.here).toBeUndefined();
    expect(found.there).toMatchObject({ path: "shooters[2].jams", after: "9", phase: undefined });
  });

  it("that trap are told apart by what they wrote before", async () => {
    const { before, after, step } = await sides({
      step: "if (pad.buttons & 1) { me.jams = 3; assert(false, 'jam'); }",
    });
    expect(step).toBe(40);
    const found = blameBuilds(before, after);
    expect(found).toMatchObject({ kind: "write", there: { path: "shooters[1].jams", after: "3" } });
  });

  it("that come to the same state have no difference", async () => {
    const { before } = await sides({ points: 3 });
    expect(blameBuilds(before, before)).toMatchObject({ kind: "none", fields: [] });
  });
});

describe("a state", () => {
  async function frame40(): Promise<{ side: Side; theirs: Uint8Array; at: (path: "score" | "x" | "jams") => number }> {
    const { before } = await sides({ points: 3 });
    const { state } = phasesOf(before).at(-1)!;
    const shooter = good.schema.classes.Shooter!;
    const first = good.schema.classes.World!.fields.find(({ name }) => name === "shooters")!.offset;
    const at = (name: string): number =>
      first + shooter.size + shooter.fields.find((each) => each.name === name)!.offset;
    return { side: before, theirs: state.slice(), at };
  }

  it("that differs where the step writes is blamed on the last write to it, and all of them are listed", async () => {
    const { side, theirs, at } = await frame40();
    theirs[at("score")] = 200;
    const found = blameState(side, theirs);
    expect(found).toMatchObject({
      kind: "write",
      write: { path: "shooters[1].score", before: "0", after: "1", phase: 2 },
    });
    expect(found.fields).toMatchObject([{ path: "shooters[1].score", before: "1", after: "200" }]);
    expect(found.fields[0]!.writes).toHaveLength(1);
  });

  it("that differs where no store of the step touches it was written outside of it", async () => {
    const { side, theirs, at } = await frame40();
    theirs[at("jams")] = 1;
    const found = blameState(side, theirs);
    expect(found).toMatchObject({
      kind: "outside",
      write: undefined,
      fields: [{ path: "shooters[1].jams", writes: [] }],
    });
  });

  it("tells fixed point as a decimal with its raw bits", async () => {
    const { side, theirs, at } = await frame40();
    theirs[at("x")]! ^= 1;
    const [field] = blameState(side, theirs).fields;
    expect(field!.before).toMatch(/^-20\.50000 \(0xffeb8000\)$/);
    expect(field!.after).toMatch(/^-20\.49998 \(0xffeb8001\)$/);
    expect(field!.writes).toMatchObject([{ before: "-20.00000 (0xffec0000)", phase: 1 }]);
  });

  it("that is the same has nothing to blame", async () => {
    const { side, theirs } = await frame40();
    expect(blameState(side, theirs)).toEqual({ kind: "none", fields: [], write: undefined });
  });
});

describe("the phases of a frame", () => {
  it("end with the states that the writes between them made", async () => {
    const { before } = await sides({ points: 3 });
    const ends = phasesOf(before);
    expect(ends.map(({ phase }) => phase)).toEqual([undefined, 1, 2]);
    const frame = (state: Uint8Array) => new DataView(state.buffer).getUint32(0, true);
    expect(ends.map(({ state }) => frame(state))).toEqual([41, 41, 41]);
    expect(ends[0]!.state).not.toEqual(ends[1]!.state);
  });

  it("name the one in which two builds part, with the fields at its end", async () => {
    const both = await sides({ points: 3 });
    expect(phaseParting(both)).toMatchObject({
      before: 2,
      after: 2,
      phases: 2,
      fields: [{ path: "shooters[1].score" }],
    });
    expect(phaseParting({ before: both.before, after: both.before })).toBeUndefined();
  });

  it("name the one in which only one of them stops", async () => {
    const both = await sides({ step: "assert(!(pad.buttons & 1), 'jam');" });
    expect(phaseParting(both)).toMatchObject({ before: 2, after: 2, fields: [] });
  });
});

const write = (address: number, before: number[], after: number[], site = 0): Write => ({
  site,
  address,
  before: Uint8Array.from(before),
  after: Uint8Array.from(after),
});
const anywhere = { here: (address: number) => address, there: (address: number) => address };

describe("the first differing write", () => {
  it("is not one that only stands in another order", () => {
    const [a, b, c] = [write(8, [0], [1]), write(12, [0], [1]), write(16, [0], [2])];
    const other = write(16, [0], [3]);
    expect(firstDifferingWrite([a, b, c], [b, a, other], anywhere)).toMatchObject({
      here: { write: c },
      there: { write: other },
    });
    expect(firstDifferingWrite([a, b], [b, a], anywhere)).toBeUndefined();
  });

  it("is not one that leaves everything as it was", () => {
    const [a, idle] = [write(8, [0], [1]), write(12, [5], [5])];
    expect(firstDifferingWrite([a], [idle, a], anywhere)).toBeUndefined();
  });

  it("is the earlier of two, in whichever log it stands", () => {
    const [a, b, late] = [write(8, [0], [1]), write(12, [0], [1]), write(16, [0], [1])];
    expect(firstDifferingWrite([a, b, late], [a, late, write(20, [0], [1])], anywhere)).toMatchObject({
      here: { write: b },
      there: undefined,
    });
  });

  it("finds one byte of a large write", () => {
    const large = write(8, [0, 0, 0, 0], [1, 1, 1, 1]);
    const parts = [write(8, [0, 0], [1, 1]), write(10, [0, 0], [1, 2])];
    expect(firstDifferingWrite([large], parts, anywhere)).toMatchObject({
      here: { write: large, address: 11 },
      there: { write: parts[1], address: 11 },
    });
  });

  it("is none of those that the builds do not have in common", () => {
    const here = { ...anywhere, here: (address: number) => (address === 8 ? undefined : address) };
    expect(firstDifferingWrite([write(8, [0], [1])], [], here)).toBeUndefined();
  });
});

describe("the lines of two versions", () => {
  it("are paired where they are the same, and in order where as many were changed", () => {
    expect(linePairs(["a", "b", "c", "d"], ["a", "x", "c", "d"])).toEqual([0, 1, 2, 3]);
    expect(linePairs(["a", "b", "c"], ["a", "new", "other", "b", "c"])).toEqual([0, undefined, undefined, 1, 2]);
    expect(linePairs(["a", "b", "c", "d"], ["a", "d"])).toEqual([0, 3]);
    expect(linePairs(["a", "b", "b", "c"], ["z", "b", "b", "y", "x"])).toEqual([0, 1, 2, undefined, undefined]);
    expect(linePairs([], ["a"])).toEqual([undefined]);
  });
});
