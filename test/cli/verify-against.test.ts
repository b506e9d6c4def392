// samestep verify --against: a second build must come to the same states, or is told where it does not.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Threads, verify } from "../../src/cli/commands/verify.js";
import { loadGame } from "../../src/simulation/game.js";
import { recorded, skeet } from "../desync/skeet.js";
import { buildSource } from "../toolchain/project.js";
import { run, type SkeetFiles, skeetFiles, temporary } from "./skeet-files.js";

const AT_ONCE: Threads = { aloneMs: -1, worker: new URL("../../build/lib/cli/verify/worker.js", import.meta.url) };

let folder: string;
let files: SkeetFiles;
let parts: string;

beforeAll(async () => {
  folder = await temporary();
  files = await skeetFiles(folder);
  parts = `✗ ${files.equal}  first difference in build ${files.richer.gameHash}: frame 41, shooters[1].score expected 1, got 3`;
});

async function built(change: Parameters<typeof skeet>[0]): Promise<string> {
  const path = join(folder, "other.wasm");
  await writeFile(path, (await skeet(change)).wasm);
  return path;
}

describe("samestep verify --against", () => {
  it("names the first frame and field in which a second build is another; expected is what was recorded", async () => {
    const found = await run(verify, files.equal, "--against", files.richerWasm);
    expect(found).toMatchObject({ code: 1, text: parts });
    const json = await run(verify, files.equal, "--against", files.richerWasm, "--json");
    expect(JSON.parse(json.text)).toMatchObject({
      ok: false,
      replays: [
        { result: "differs", against: files.richer.gameHash, difference: { frame: 41, end: 42, fieldsAt: 41 } },
      ],
    });
  });

  it("takes the build that recorded it for the expected one, whichever option names it", async () => {
    const args = ["--game", files.richerWasm, "--against", files.wasm];
    expect(await run(verify, files.equal, ...args)).toMatchObject({ code: 1, text: parts });
  });

  it("is content with a build that comes to the same", async () => {
    const same = await built({ step: "if (pad.buttons & 64) me.score = 0;" });
    const { code, text } = await run(verify, files.equal, "--against", same);
    expect([code, text]).toEqual([0, expect.stringMatching(/✓ .* {2}the same in build [0-9a-f]{16}$/)]);
  });

  it("tells of a second build that stops, or cannot play the match at all", async () => {
    const stops = await run(verify, files.equal, "--against", await built({ step: 'assert(me.score == 0, "hit");' }));
    expect([stops.code, stops.text]).toEqual([1, expect.stringMatching(/: frame 40: the game stops there: hit \(/)]);
    const unfit = await run(verify, files.equal, "--against", await built({ players: "3" }));
    expect(unfit).toMatchObject({
      code: 3,
      text: expect.stringMatching(/not verified: build \w+ cannot play it: the match has 2 players/),
    });
  });

  it("compares no second build with a replay that differs under its own", async () => {
    const { code, text } = await run(verify, files.differs, "--against", files.richerWasm);
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/^✗ .* {2}first difference: frame 41, .* expected 3, got 1$/),
    ]);
  });

  it("says the same on several threads", async () => {
    const args = [files.equal, files.differs, "--against", files.richerWasm, "--jobs", "2"];
    const [one, two] = [await run(verify, ...args), await run((all, io) => verify(all, io, AT_ONCE), ...args)];
    expect(two).toEqual(one);
  });

  it("is told what is missing", async () => {
    const none = await run(verify, files.equal, "--against", join(folder, "none.wasm"));
    expect(none).toMatchObject({ code: 2, errors: expect.stringMatching(/cannot read the game .*none\.wasm/) });
    const alone = await run(verify, files.equal, "--phases");
    expect(alone).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--phases needs a second build .*--against/),
    });
  });
});

describe("samestep verify --phases", () => {
  /** A step of three phases; the second doubles what the first has made, and the third takes it back. */
  const staged = (change: { first?: string; second?: string } = {}) => `
    import { arena, inputOf, phase } from "samestep/assembly/sdk";
    @input export class Pad { buttons: u8; aim: u8; }
    @state export class World { frame: u32; made: i32; doubled: i32; }
    export const world = arena<World>();
    export function init(): void {}
    export function step(): void {
      world.frame++;
      phase(1);
      world.made = ${change.first ?? "inputOf<Pad>(0).buttons"};
      phase(2);
      world.doubled = ${change.second ?? "world.made * 2"};
      phase(3);
      world.made = 0;
    }`;

  async function unmarked(times: number) {
    const { wasm } = await buildSource(`
      import { arena, inputOf } from "samestep/assembly/sdk";
      @input export class Pad { buttons: u8; aim: u8; }
      @state export class World { pressed: u32; }
      export const world = arena<World>();
      export function init(): void {}
      export function step(): void { world.pressed += ${times} * inputOf<Pad>(0).buttons; }`);
    const path = join(folder, `times-${times}.wasm`);
    await writeFile(path, wasm);
    return { path, game: await loadGame(wasm) };
  }

  async function phased(change: Parameters<typeof staged>[0]): Promise<string> {
    const [game, other] = await Promise.all([staged(), staged(change)].map(buildSource));
    const replay = join(folder, "staged.replay");
    await writeFile(replay, await recorded(await loadGame(game!.wasm), (frame) => (frame === 40 ? 5 : 0)));
    for (const [name, { wasm }] of Object.entries({ staged: game!, changed: other! }))
      await writeFile(join(folder, `${name}.wasm`), wasm);
    return (await run(verify, replay, "--against", join(folder, "changed.wasm"), "--phases")).text;
  }

  it("names the phase after which the states part, and the field there, though the frame ends with another", async () => {
    expect(await phased({ second: "world.made * 2 + i32(world.made == 5)" })).toMatch(
      /: frame 41, phase 2, doubled expected 10, got 11$/,
    );
    expect(await phased({ first: "min<i32>(inputOf<Pad>(0).buttons, 4)" })).toMatch(
      /: frame 41, phase 1, made expected 5, got 4$/,
    );
  });

  it("says that a step marks none", async () => {
    const [plain, changed] = await Promise.all([unmarked(2), unmarked(3)]);
    const replay = join(folder, "unmarked.replay");
    await writeFile(replay, await recorded(plain.game, () => 1));
    const args = ["--game", plain.path, "--against", changed.path, "--phases"];
    expect((await run(verify, replay, ...args)).text).toMatch(
      /frame 1, whose step marks no phases, pressed expected 2, got 3$/,
    );
  });

  it("puts the same into the object of --json", async () => {
    await phased({ second: "world.made * 3" });
    const args = [join(folder, "staged.replay"), "--against", join(folder, "changed.wasm"), "--phases", "--json"];
    expect(JSON.parse((await run(verify, ...args)).text).replays[0].difference).toMatchObject({
      frame: 41,
      phase: { before: 2, after: 2, phases: 3 },
      fields: [{ path: "doubled", before: "10", after: "15" }],
    });
  });
});
