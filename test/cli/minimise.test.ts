// samestep minimise, as a shell sees it: a long match that fails becomes a short one that fails in the same way.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { minimise } from "../../src/cli/commands/minimise.js";
import { Random } from "../../src/netsim/random.js";
import type { Replay } from "../../src/replay/format.js";
import { verifyReplay } from "../../src/replay/verify.js";
import type { Game } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { FIRE, type Hands, HOOK_MS, JAM, LEFT, read, recorded, skeet } from "../desync/skeet.js";
import { testGame } from "../games.js";
import { run as called, put, temporary } from "./skeet-files.js";

let folder: string;
let game: Game;
let right: string;

beforeAll(async () => {
  folder = await temporary();
  game = await skeet();
  right = await file("right.wasm", game.wasm);
}, HOOK_MS);

const file = (name: string, bytes: Uint8Array | string) => put(folder, name, bytes);
const run = (...args: string[]) => called(minimise, ...args);

/** Both seats press whatever they like, but nobody jams before frame 150. */
function restless(seed: number, first: number): Hands {
  const dice = new Random(seed);
  const pressed = Array.from({ length: 400 }, () => dice.below(256));
  return (frame, seat) => {
    const buttons = pressed[(2 * frame + seat) % pressed.length]!;
    return frame < first ? buttons & ~JAM : buttons;
  };
}

/** Frames, and what was pressed: frame, seat and buttons. */
function contents(replay: Replay): { frames: number; pressed: number[][] } {
  const pressed: number[][] = [];
  let frame = 0;
  for (const record of replay.records()) {
    for (let seat = 0; seat < replay.config.players; seat++) {
      const buttons = record[seat * replay.cellBytes + CELL_HEADER_BYTES]!;
      if (buttons !== 0) pressed.push([frame, seat, buttons]);
    }
    frame += 1;
  }
  return { frames: replay.frames, pressed };
}

describe("samestep minimise", () => {
  it("leaves of two builds that part the one press that parts them, as a replay that verify finds different", async () => {
    const wrong = await skeet({ points: 2 });
    const match = await file("parts.replay", await recorded(game, restless(1, 0), { frames: 180 }));
    const out = join(folder, "small.replay");
    const against = await file("wrong.wasm", wrong.wasm);
    const { code, text } = await run(match, "--game", right, "--against", against, "--out", out);
    expect(code).toBe(0);
    expect(text).toMatch(/as recorded +180 frames +\d+ pressed +\d+ turns\n/);
    expect(text).toMatch(/fails at frame 1: shooters\[.\]\.score {2}game 1 {2}against 2/);
    const small = read(await readFile(out));
    expect(contents(small)).toEqual({ frames: 2, pressed: [[0, expect.any(Number), FIRE]] });
    expect(verifyReplay(small, await wrong.simulation({ slots: 1 }))).toMatchObject({
      kind: "differs",
      difference: { frame: 1, end: 2, fields: [{ before: "1", after: "2" }] },
    });
  });

  it("keeps the frames and presses that a failure is made of, and takes out the others", async () => {
    // Three jams by one player, with shots between them as many as there may be: only then does the gun break.
    const step = 'if (pad.buttons & 4) me.jams++; assert(me.jams < 3, "the gun is broken");';
    const breaks = await skeet({ step });
    const build = await file("breaks.wasm", breaks.wasm);
    const match = await file("breaks.replay", await recorded(breaks, restless(2, 150), { frames: 180 }));
    const out = join(folder, "broken.replay");
    const { code, text } = await run(match, "--game", build, "--trap", "--out", out);
    expect(code).toBe(0);
    expect(text).toMatch(/fails at frame 2: the game stops: the gun is broken/);
    const small = read(await readFile(out));
    const { frames, pressed } = contents(small);
    const seat = pressed[0]![1];
    expect({ frames, pressed }).toEqual({ frames: 3, pressed: [0, 1, 2].map((frame) => [frame, seat, JAM]) });
    expect(verifyReplay(small, await breaks.simulation({ slots: 1 }))).toMatchObject({
      kind: "differs",
      difference: { frame: 2, trap: expect.stringContaining("the gun is broken") },
    });
  });

  it("keeps time that the failure needs: a mistake of frame 90 stays there", async () => {
    const wrong = await skeet({ step: "if (i == 0 && world.frame == 90 && pad.buttons & 2) me.jams = 9;" });
    const match = await file("late.replay", await recorded(game, () => LEFT | FIRE, { frames: 180 }));
    const out = join(folder, "late-small.replay");
    const against = await file("late.wasm", wrong.wasm);
    expect((await run(match, "--game", right, "--against", against, "--out", out)).code).toBe(0);
    expect(contents(read(await readFile(out)))).toEqual({ frames: 91, pressed: [[89, 0, LEFT]] });
  });

  it("shrinks what only a rollback shows, and writes what a player who rolled back would have", async () => {
    const leaky = await testGame("leaky");
    const build = await file("leaky.wasm", leaky.wasm);
    const match = await file("leaky.replay", await recorded(leaky, (frame) => frame & 3, { frames: 60, players: 1 }));
    const out = join(folder, "leaky-small.replay");
    const { code, text } = await run(match, "--game", build, "--out", out);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/steps {2}played once 1 {2}rolled back 2/) });
    const small = read(await readFile(out));
    expect(contents(small)).toEqual({ frames: 2, pressed: [] });
    expect(verifyReplay(small, await leaky.simulation({ slots: 1 }))).toMatchObject({
      kind: "differs",
      difference: { frame: 1, fields: [{ path: "steps", before: "2", after: "1" }] },
    });
  });

  it("stays with the mistake it began with, where another one would be shorter", async () => {
    // The jams at frame 50 are harmless; brought to the beginning, they would be wrong in another field, and sooner.
    const step =
      "if (world.frame < 3 && pad.buttons & 4) me.jams = 5; if (world.frame > 3 && pad.buttons & 1) me.score += 7;";
    const wrong = await file("two.wasm", (await skeet({ step })).wasm);
    const hands: Hands = (frame, seat) =>
      (seat === 0 && frame === 100 ? FIRE : 0) | (frame >= 50 && frame < 60 ? JAM : 0);
    const match = await file("two.replay", await recorded(game, hands, { frames: 180 }));
    const out = join(folder, "two-small.replay");
    expect((await run(match, "--game", right, "--against", wrong, "--out", out)).code).toBe(0);
    expect(contents(read(await readFile(out)))).toEqual({ frames: 5, pressed: [[3, 0, FIRE]] });
  });

  it("names the command that shows it where states are laid out otherwise, since verify cannot", async () => {
    const wider = await file("wider.wasm", (await skeet({ fields: "combo: u16;", points: 2 })).wasm);
    const match = await file("wider.replay", await recorded(game, restless(3, 0), { frames: 60 }));
    const out = join(folder, "wider-small.replay");
    const { code, text } = await run(match, "--game", right, "--against", wider, "--out", out);
    expect(code).toBe(0);
    expect(text).toContain(`shown by samestep replay ${out} --against ${wider}`);
    expect(verifyReplay(read(await readFile(out)), await game.simulation({ slots: 1 }))).toMatchObject({
      kind: "equal",
    });
  });

  it("comes to the same bytes every time, and stops at its budget", async () => {
    const wrong = await file("again.wasm", (await skeet({ points: 2 })).wasm);
    const match = await file("again.replay", await recorded(game, restless(4, 0), { frames: 120 }));
    const written = async (name: string, ...more: string[]) => {
      const out = join(folder, name);
      const { text } = await run(match, "--game", right, "--against", wrong, "--out", out, "--json", ...more);
      return { bytes: await readFile(out), told: JSON.parse(text) };
    };
    const [a, b] = [await written("a.replay"), await written("b.replay")];
    expect(a.bytes).toEqual(b.bytes);
    expect(a.told).toMatchObject({ schema: "samestep.minimise/1", stopped: false, shownBy: "verify" });
    expect(a.told.rounds[0]).toMatchObject({ what: "as recorded", frames: 120 });
    const short = await written("short.replay", "--budget", "10");
    expect(short.told).toMatchObject({ stopped: true, shownBy: "verify" });
    expect(short.told.played).toBeLessThan(20);
  });

  it("exits 1 where nothing fails, 2 on wrong usage, 3 where it cannot be played, 4 where it cannot be written", async () => {
    const match = await file("fine.replay", await recorded(game, restless(5, 0), { frames: 40 }));
    const out = ["--out", join(folder, "none.replay")];
    const cases: [string[], number, RegExp][] = [
      [[match, "--game", right, ...out], 1, /neither stops nor comes to another state/],
      [[match, "--game", right, "--trap", ...out], 1, /does not stop in this match/],
      [[match, "--game", right, "--against", right, ...out], 1, /the same states in every frame/],
      [[match], 2, /Name --out/],
      [[match, "--trap", "--against", right, ...out], 2, /either --against or --trap/],
      [[match, "--trap", "--out", join(right, "no-folder.replay")], 4, /cannot be written/],
      [[match, "--out", join(folder, "small.wasm")], 2, /Name --out FILE\.replay/],
      [[match, "--budget", "0", ...out], 2, /--budget is a whole number/],
      [[match, "--game", join(folder, "no.wasm"), ...out], 3, /cannot read the game/],
      [[right, ...out], 3, /not a Samestep replay/],
    ];
    for (const [args, code, said] of cases) {
      const answer = await run(...args);
      expect({ args, ...answer }).toMatchObject({ code, errors: expect.stringMatching(said) });
    }
  });
});
