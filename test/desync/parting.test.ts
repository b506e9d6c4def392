// Where two builds part: the first frame, never a later one, and by name where bytes no longer mean the same.
import { beforeAll, describe, expect, it } from "vitest";
import { sameWords } from "../../src/desync/comparison.js";
import { whyUnfit } from "../../src/desync/fitting.js";
import { courseOf, type Parting, parting } from "../../src/desync/parting.js";
import type { Game } from "../../src/simulation/game.js";
import { loadGame } from "../../src/simulation/game.js";
import { compileGame } from "../../src/toolchain/index.js";
import { project } from "../toolchain/project.js";
import { FIRE, type Hands, HOOK_MS, JAM, LEFT, read, recorded, skeet } from "./skeet.js";

let game: Game;
/** Seat 1 fires at frame 40, and both move all the time. */
const hands: Hands = (frame, seat) => LEFT | (frame === 40 && seat === 1 ? FIRE : 0);

beforeAll(async () => {
  game = await skeet();
}, HOOK_MS);

async function partingOf(before: Game, after: Game, played = hands): Promise<Parting | undefined> {
  const replay = read(await recorded(game, played));
  const [a, b] = await Promise.all([before, after].map((each) => each.simulation({ slots: 2 })));
  return parting({ played: replay, simulation: a! }, { played: replay, simulation: b! });
}

describe("two builds", () => {
  it("part at the first frame whose state differs, one behind the step that made it", async () => {
    const found = await partingOf(game, await skeet({ points: 3 }));
    expect(found).toMatchObject({ kind: "state", frame: 41, step: 40, comparedBy: "bytes" });
    expect(found!.fields).toEqual([{ path: "shooters[1].score", before: "1", after: "3" }]);
    expect(found!.records!.before[16 + 8]).toBe(LEFT | FIRE);
  });

  it("are told with the states around the step: the same before it, and others behind it", async () => {
    const { before, after } = (await partingOf(game, await skeet({ points: 3 })))!;
    expect(before.start).toEqual(after.start);
    expect(before.state).not.toEqual(after.state);
    const replay = read(await recorded(game, hands));
    const simulation = await game.simulation({ slots: 2 });
    simulation.reset(replay.config);
    simulation.load(before.start!);
    simulation.step(recordAt(replay, 40));
    simulation.save(0);
    expect(simulation.copy(0)).toEqual(before.state);
  });

  it("that compute the same do not part", async () => {
    const replay = read(await recorded(game, hands));
    const other = await skeet({ points: 2, step: "if (pad.buttons & 1) me.score -= 1;" });
    const [a, b] = await Promise.all([game, other].map((each) => each.simulation({ slots: 2 })));
    expect(courseOf({ played: replay, simulation: a! }, { played: replay, simulation: b! })).toEqual({
      ...{ frames: 100, trap: undefined, parting: undefined },
      ...{ comparedBy: "bytes", onlyBefore: [], onlyAfter: [] },
    });
  });

  it("that lay their states out otherwise are compared by name, and told what only one has", async () => {
    const moved = await skeet({ fields: "combo: u16; luck: u8;", step: "me.combo++;" });
    expect(await partingOf(game, moved)).toBeUndefined();
    const changed = await skeet({ fields: "combo: u16; luck: u8;", points: 5 });
    expect(await partingOf(changed, game)).toMatchObject({
      frame: 41,
      comparedBy: "fields",
      fields: [{ path: "shooters[1].score", before: "5", after: "1" }],
      onlyBefore: ["shooters[].combo", "shooters[].luck"],
      onlyAfter: [],
    });
  });

  it("that keep a number in another type are compared by its value", async () => {
    const found = await partingOf(game, await skeet({ place: "f32" }));
    expect(found).toMatchObject({ frame: 1, comparedBy: "fields" });
    expect(found!.fields[0]).toEqual({
      path: "shooters[0].x",
      before: "-0.50000 (0xffff8000)",
      after: "-1 (0xbf800000)",
    });
    expect(await partingOf(game, await skeet({ place: "f32" }), () => FIRE)).toBeUndefined();
  });

  it("part where one of them stops, at the frame whose step stops it", async () => {
    const jams = await skeet({ step: 'assert(!(pad.buttons & 4), "the gun jams");' });
    const found = await partingOf(game, jams, (frame) => (frame === 33 ? JAM : 0));
    expect(found).toMatchObject({ kind: "trap", frame: 33, step: 33, fields: [] });
    expect(found!.after.trap).toContain("the gun jams");
    expect(found!.before.trap).toBeUndefined();
  });

  it("that stop at one frame for one reason do not part, whatever line the reason stands on", async () => {
    const jams = await skeet({ step: 'assert(!(pad.buttons & 4), "the gun jams");' });
    const lower = await skeet({ step: '\n\nassert(!(pad.buttons & 4), "the gun jams");' });
    const replay = read(await recorded(game, (frame) => (frame === 33 ? JAM : 0)));
    const [a, b] = await Promise.all([jams, lower].map((each) => each.simulation({ slots: 2 })));
    const course = courseOf({ played: replay, simulation: a! }, { played: replay, simulation: b! });
    expect(course).toMatchObject({ frames: 33, parting: undefined });
    expect(course.trap).toContain("the gun jams");
  });

  it("part at frame 0 where one starts otherwise, or does not start", async () => {
    expect(await partingOf(game, await skeet({ init: "world.frame = 9;" }))).toMatchObject({
      kind: "state",
      frame: 0,
      step: undefined,
      fields: [{ path: "frame", before: "0", after: "9" }],
    });
    const refuses = await skeet({ init: 'assert(playerCount() > 2, "too few");' });
    expect(await partingOf(game, refuses)).toMatchObject({ kind: "start", frame: 0, fields: [] });
  });
});

describe("two builds of a managed game", () => {
  async function managed(text: string, gain: number): Promise<Game> {
    const folder = await project({
      "game.ts": `
import { arena, inputOf } from "samestep/assembly/sdk";
@input class Pad { a: u8; b: u8; }
@state class View { total: u32; }
const view = arena<View>();
const NAME = "${text}";
const all: i32[] = [];
export function init(): void { all.push(NAME.length); }
export function step(): void { all.push(inputOf<Pad>(0).a * ${gain}); view.total = all.length + all[all.length - 1]; }
`,
    });
    return loadGame((await compileGame({ entry: `${folder}/game.ts`, runtime: "minimal" })).wasm);
  }

  it("are compared by all of their memory, or by name where a text has moved it", async () => {
    const one = await managed("ants", 1);
    const played = read(await recorded(one, (frame) => (frame === 20 ? 5 : 0), { players: 1 }));
    const against = async (other: Game): Promise<Parting | undefined> => {
      const [a, b] = await Promise.all([one, other].map((each) => each.simulation({ slots: 2 })));
      return parting({ played, simulation: a! }, { played, simulation: b! });
    };
    expect(await against(one)).toBeUndefined();
    expect(await against(await managed("ants", 2))).toMatchObject({ frame: 21, comparedBy: "bytes" });
    // Elsewhere in memory, and in the same place with other bytes.
    for (const text of ["a whole colony of ants", "bees"]) {
      const renamed = await against(await managed(text, 2));
      expect(renamed, text).toMatchObject({ frame: 21, comparedBy: "fields" });
      expect(renamed!.fields, text).toHaveLength(1);
      expect(renamed!.fields[0]!.path, text).toContain("total");
    }
  });
});

describe("two states", () => {
  it("are equal when every byte is, however long they are and wherever they lie", () => {
    for (const length of [0, 1, 3, 4, 7, 64, 67]) {
      for (const shift of [0, 1, 4]) {
        const a = new Uint8Array(length + shift).subarray(shift).fill(7);
        const b = new Uint8Array(length).fill(7);
        expect(sameWords(a, b)).toBe(true);
        expect(sameWords(a, new Uint8Array(length + 1).fill(7))).toBe(false);
        for (let at = 0; at < length; at++) {
          b[at] = 8;
          expect(sameWords(a, b), `byte ${at} of ${length}`).toBe(false);
          b[at] = 7;
        }
      }
    }
  });
});

describe("a match", () => {
  it("is not played by a build that would read its inputs otherwise", async () => {
    const replay = read(await recorded(game, hands));
    const why = async (change: Parameters<typeof skeet>[0]) =>
      whyUnfit(replay, (await skeet(change)).schema, game.schema);
    expect(await why({})).toBeUndefined();
    expect(await why({ pad: "aim: u8; buttons: u8;" })).toMatch(
      /@input class is another: 'aim' stands where 'buttons' stood/,
    );
    expect(await why({ pad: "buttons: u8; aim: u8; charge: u8;" })).toMatch(/'charge' is new/);
    expect(await why({ pad: "buttons: u16; aim: u8;" })).toMatch(/'buttons' is another kind of number/);
    expect(await why({ pad: "buttons: u64; aim: u64;" })).toMatch(/up to 8 bytes, and one of this build 16/);
    expect(await why({ pad: "buttons: u8; aim: i8;" })).toMatch(/'aim' is another kind of number/);
    expect(await why({ players: "3" })).toMatch(/the match has 2 players, and this build takes 3 to 4/);
  });
});

function recordAt(replay: ReturnType<typeof read>, at: number): Uint8Array {
  let frame = 0;
  for (const record of replay.records()) if (frame++ === at) return record.slice();
  throw new Error(`no frame ${at}`);
}
