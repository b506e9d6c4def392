// Games that another compiler made: WebAssembly text by hand, and the C of docs/other-languages.md where clang is there.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import binaryen from "assemblyscript/binaryen";
import { beforeAll, describe, expect, test } from "vitest";
import { wrap } from "../../src/cli/commands/wrap.js";
import { Random } from "../../src/netsim/random.js";
import { readModule } from "../../src/proof/binary.js";
import { verifyReplay } from "../../src/replay/verify.js";
import { syncTest } from "../../src/session/timeline/sync-test.js";
import { type Game, loadGame } from "../../src/simulation/game.js";
import { eventReader } from "../../src/simulation/plain.js";
import { stateView } from "../../src/simulation/view.js";
import { type Description, describe as describeGame } from "../../src/toolchain/description.js";
import { wrapModule } from "../../src/toolchain/wrap.js";
import { custom } from "../proof/module.js";
import { playMatch } from "../simulation/match.js";
import { randomRollbacks } from "../simulation/rollbacks.js";

const FOLDER = mkdtempSync(join(tmpdir(), "samestep-wrap-"));

/** Two players push a stone; a global counts the pushes, and a float rolls. */
const STONE = `(module
  (memory (export "memory") 1)
  (global (export "stone") i32 (i32.const 6144))
  (global $pushes (mut i32) (i32.const 3))
  (global $roll (mut f32) (f32.const 0.5))
  (func $push (param $cell i32)
    (if (i32.eqz (i32.load8_u (local.get $cell))) (then (return)))
    (if (i32.eqz (i32.load8_u offset=8 (local.get $cell))) (then (return)))
    (global.set $pushes (i32.add (global.get $pushes) (i32.load8_u offset=8 (local.get $cell))))
    (i32.store16 (i32.add (i32.const 2052) (i32.load (i32.const 2048))) (i32.const 2))
    (i32.store16 (i32.add (i32.const 2054) (i32.load (i32.const 2048))) (i32.const 4))
    (i32.store (i32.add (i32.const 2056) (i32.load (i32.const 2048))) (global.get $pushes))
    (i32.store (i32.const 2048) (i32.add (i32.load (i32.const 2048)) (i32.const 8))))
  (func (export "init")
    (i32.store (i32.const 6148) (i32.load (i32.const 1028))))
  (func (export "step")
    (i32.store (i32.const 6144) (i32.add (i32.load (i32.const 6144)) (i32.const 1)))
    (call $push (i32.const 1088))
    (call $push (i32.const 1100))
    (global.set $roll (f32.sqrt (f32.sub (f32.convert_i32_u (global.get $pushes)) (global.get $roll))))
    (f32.store (i32.const 6152) (global.get $roll))))`;

const STONE_SCHEMA: Description = {
  framesPerSecond: 50,
  players: { min: 1, max: 2 },
  input: "Hand",
  root: "Stone",
  regions: { config: 1024, inputs: 1088, events: 2048, trap: 1200, phase: 1220, globals: 1280, state: "stone" },
  classes: {
    Hand: { kind: "input", fields: { push: "u8" } },
    Stone: { kind: "state", fields: { frame: "u32", seed: "u32", roll: "f32" } },
    Push: { kind: "event", fields: { pushes: "u32" } },
  },
};

function assembled(source: string): Uint8Array {
  const module = binaryen.parseText(source);
  try {
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

test("a description says nothing that is not known, and puts its state nowhere else", () => {
  const wasm = assembled(STONE);
  const wrapped = (description: object) => () => wrapModule({ wasm, description: description as Description });
  const { regions, classes } = STONE_SCHEMA;
  expect(wrapped({ ...STONE_SCHEMA, comands: true })).toThrow(
    "the schema's 'comands' is unknown: there are framesPerS",
  );
  expect(wrapped({ ...STONE_SCHEMA, regions: { ...regions, stat: 1 } })).toThrow("'regions.stat' is unknown");
  expect(wrapped({ ...STONE_SCHEMA, classes: { ...classes, Hand: { ...classes.Hand, type: "input" } } })).toThrow(
    "'classes.Hand.type' is unknown: there are kind, fields",
  );
  expect(wrapped({ ...STONE_SCHEMA, regions: { ...regions, state: 1092 } })).toThrow(
    "regions.state overlaps regions.inputs",
  );
});

test("a module whose init and step are somebody else's is refused for that", () => {
  const module =
    assembled(`(module (import "env" "init" (func $i)) (import "env" "step" (func $s)) (memory (export "memory") 1)
    (global $g (mut i32) (i32.const 1)) (export "init" (func $i)) (export "step" (func $s)))`);
  const description = { ...STONE_SCHEMA, regions: { ...STONE_SCHEMA.regions, state: 6144 } };
  expect(() => wrapModule({ wasm: module, description })).toThrow(/REFUSED The game imports 'env.init'/);
});

test("a name section that cannot be read is kept as it is: engines ignore it too", () => {
  const broken = custom("name", [1, 0xff, 0xff, 0xff, 0xff, 0x0f, 9]);
  const wasm = new Uint8Array([...assembled(STONE), ...broken]);
  expect(wrapModule({ wasm, description: STONE_SCHEMA }).notices).toBe("");
});

test("a stack that is full is told apart from a trap: another machine may have a larger one", async () => {
  const deep = STONE.replace("(call $push (i32.const 1088))", "(call $deep)").replace(
    '(func (export "init")',
    '(func $deep (call $deep)) (func (export "init")',
  );
  const game = await loadGame(wrapModule({ wasm: assembled(deep), description: STONE_SCHEMA }).wasm);
  const simulation = await game.simulation();
  simulation.reset({ players: 1, seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) });
  expect(simulation.step()).toBe("trapped");
  expect(simulation.trap).toMatch(/^this machine's stack is full \(.*\), so another machine may have gone on/);
});

test("a module that grows its memory by nothing is told that it cannot, and keeps its host", async () => {
  const greedy = STONE.replace(
    "(call $push (i32.const 1088))",
    "(call $push (i32.const 1088)) (drop (memory.grow (i32.const 0)))",
  );
  const game = await loadGame(wrapModule({ wasm: assembled(greedy), description: STONE_SCHEMA }).wasm);
  const simulation = await game.simulation();
  simulation.reset({ players: 1, seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) });
  simulation.step();
  expect(simulation.memory.getUint32(6144, true)).toBe(1);
});

/** All that a host does with a game. */
function playsAsAnyGame(game: () => Game): void {
  test("400 random rollbacks leave the same memory", async () => {
    const [a, b] = await Promise.all([game().simulation(), game().simulation()]);
    expect(randomRollbacks(a, b, { frames: 400, players: 2, seed: 77 })).toEqual([]);
  });

  test("a match over a bad line is in sync, and its replays verify", async () => {
    const { agreedEnd, rollbacks, desyncs, replays } = await playMatch(game(), 5);
    expect(desyncs).toEqual([]);
    expect(agreedEnd).toBeGreaterThan(250);
    expect(rollbacks).toBeGreaterThan(20);
    const verifier = await game().simulation({ slots: 1 });
    for (const replay of replays) expect(verifyReplay(replay, verifier)).toMatchObject({ kind: "equal" });
  });

  test("SyncTest finds nothing", async () => {
    const config = { players: 2, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) };
    const simulation = await game().simulation();
    const input = (frame: number, seat: number, into: Uint8Array) => into.fill((frame >> seat) & 1, 0, 1).length && 1;
    expect(syncTest({ simulation, config, frames: 200, input })).toMatchObject({ differences: [], trap: undefined });
  });
}

describe("WebAssembly text", () => {
  let game: Game;
  beforeAll(async () => {
    game = await loadGame(wrapModule({ wasm: assembled(STONE), description: STONE_SCHEMA }).wasm);
  }, 60_000);

  test("has its events, its fields and its memory of one size", async () => {
    expect(readModule(game.wasm).memories[0]).toMatchObject({ min: 1, max: 1 });
    const simulation = await game.simulation();
    simulation.reset({ players: 2, seedLow: 41, seedHigh: 0, rules: new Uint8Array(0) });
    const record = new Uint8Array(2 * simulation.cellBytes);
    record.set([1, 0, 1, 0, 0, 0, 0, 0, 5]);
    expect(simulation.step(record)).toBe("stepped");
    expect(eventReader(game.schema)(simulation.events, simulation.eventsEnd)).toEqual([{ type: "Push", pushes: 8 }]);
    expect(stateView(game.schema, "Stone", simulation.memory, 0)).toMatchObject({ frame: 1, seed: 41 });
  });

  playsAsAnyGame(() => game);
});

const CLANG = clang();

// Without optimisation every function moves the stack pointer; with it, this game's never do.
describe.skipIf(CLANG === undefined).each(["-O2", "-O0"])(
  "C, as docs/other-languages.md says, %s (needs clang and lld)",
  (level) => {
    let game: Game;
    let said = "";
    beforeAll(async () => {
      const [c, json, sh] = ["c", "json", "sh"].map((language) => block("docs/other-languages.md", language));
      writeFileSync(join(FOLDER, "pong.c"), c!);
      writeFileSync(join(FOLDER, "pong.json"), json!);
      const [compile] = sh!.split("\nsamestep ");
      expect(compile).toContain(" -O2 ");
      execFileSync("sh", ["-e", "-c", compile!.replace("-O2", level)], { cwd: FOLDER });
      const files = ["pong-module.wasm", "--schema", "pong.json", "--out", "pong.wasm"];
      expect(sh).toContain(`samestep wrap ${files.join(" ")}`);
      const paths = files.map((file) => (file.startsWith("--") ? file : join(FOLDER, file)));
      const tell = (text: string) => {
        said += text;
      };
      expect(await wrap(paths, { out: tell, err: tell })).toBe(0);
      game = await loadGame(readFileSync(join(FOLDER, "pong.wasm")));
    }, 60_000);

    test("the command says what it wrote, and writes the types", () => {
      expect(said).toMatch(/pong\.wasm {2}\d+\.\d kB$/);
      expect(readFileSync(join(FOLDER, "pong.d.ts"), "utf8")).toContain("readonly ballX: number;");
    });

    test.runIf(level === "-O0")(
      "the stack pointer, which C keeps outside of its memory, is brought into it",
      async () => {
        expect(readModule(game.wasm).globals).toContain(true);
        const simulation = await game.simulation();
        simulation.reset({ players: 2, seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) });
        const { address } = game.schema.regions.globals!;
        expect(simulation.memory.getUint32(address, true)).toBeGreaterThan(4096);
      },
    );

    test("its state is found where C put it", async () => {
      const simulation = await game.simulation();
      simulation.reset({ players: 2, seedLow: 41, seedHigh: 0, rules: new Uint8Array(0) });
      const record = new Uint8Array(2 * simulation.cellBytes);
      record.set([1, 0, 2, 0, 0, 0, 0, 0, 0, 3]);
      for (let frame = 0; frame < 7; frame++) simulation.step(record);
      const view = stateView(game.schema, "World", simulation.memory, 0) as { paddle: Iterable<number>; ballX: number };
      expect([...view.paddle]).toEqual([21, 0]);
      expect(Math.abs(view.ballX)).toBe(14);
    });

    playsAsAnyGame(() => game);
  },
);

/** The command's name when a C compiler for WebAssembly is installed: CI need not have one. */
function clang(): string | undefined {
  try {
    execFileSync("clang", ["--target=wasm32", "-print-prog-name=wasm-ld"], { stdio: "pipe" });
    execFileSync("wasm-ld", ["--version"], { stdio: "pipe" });
    return "clang";
  } catch {
    return undefined;
  }
}

function block(file: string, language: string): string {
  return readFileSync(file, "utf8").split(`\n\`\`\`${language}\n`)[1]!.split("\n```")[0]!;
}

test("fields lie where C puts them: each at a multiple of its size, a struct's at one of its largest", () => {
  const classes = {
    Pair: { kind: "state", fields: { small: "u8", large: "u64" } },
    Root: { kind: "state", fields: { a: "bool", b: "fixed", c: ["u16", 3], d: ["Pair", 2], e: "i8" } },
    Pad: { kind: "input", fields: { a: "u8", b: "u16", c: "u8" } },
  } as const;
  const regions = { config: 16, inputs: 64, events: 2048, trap: 160, phase: 192, state: 8192 };
  const description: Description = { input: "Pad", root: "Root", regions, players: { min: 1, max: 4 }, classes };
  const schema = describeGame(description, 65536, () => 0);
  const offsets = (name: string) => schema.classes[name]!.fields.map(({ offset }) => offset);
  expect(offsets("Pair")).toEqual([0, 8]);
  expect(schema.classes.Pair).toMatchObject({ size: 16, bytes: 16 });
  expect(offsets("Root")).toEqual([0, 4, 8, 16, 48].map((offset) => 8192 + offset));
  expect(schema.classes.Pad).toMatchObject({ size: 6, bytes: 5 });
  expect(schema.regions.inputs).toEqual({ address: 64, players: 4, stride: 16, bytesMax: 8 });
  expect(schema.classes.Root!.fields[1]).toMatchObject({ type: "i32", scale: 65536 });
});

function parsed(json: string): Description | undefined {
  try {
    return JSON.parse(json) as Description;
  } catch {
    return undefined;
  }
}

describe("what wrap refuses", () => {
  const code = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
    return "nothing";
  };
  const wrapped = (source: string, description: unknown, pages?: number) =>
    code(() =>
      wrapModule({ wasm: assembled(source), description: description as Description, ...(pages && { pages }) }),
    );

  test.each([
    [
      "an address that is not exported",
      { ...STONE_SCHEMA.regions, state: "rock" },
      "BAD_USAGE: the module exports no address 'rock'; it exports stone",
    ],
    [
      "a region that is left out",
      { ...STONE_SCHEMA.regions, trap: undefined },
      "BAD_USAGE: the schema gives no address to regions.trap",
    ],
    [
      "a globals region that is too small",
      { ...STONE_SCHEMA.regions, globalsBytes: 7 },
      "take 8 bytes, and its globals region has 7: make it larger",
    ],
    ["no globals region", { ...STONE_SCHEMA.regions, globals: undefined }, "its globals region has 0: make it larger"],
    [
      "regions that overlap",
      { ...STONE_SCHEMA.regions, phase: 1088 },
      "BAD_GAME: this module is no game: the regions phase and inputs overlap",
    ],
    ["inputs between words", { ...STONE_SCHEMA.regions, inputs: 1090 }, "regions.inputs does not lie on whole words"],
  ])("%s", (_, regions, message) => {
    expect(wrapped(STONE, { ...STONE_SCHEMA, regions })).toContain(message);
  });

  test("an unknown type, a class without end, an input that is no class", () => {
    const classes = (fields: object) => ({
      ...STONE_SCHEMA,
      classes: { ...STONE_SCHEMA.classes, Hand: { kind: "input", fields } },
    });
    expect(wrapped(STONE, classes({ push: "int" }))).toContain("'Hand.push' is of type 'int', which is unknown");
    expect(wrapped(STONE, classes({ push: "Hand" }))).toContain("the class 'Hand' contains itself");
    expect(wrapped(STONE, { ...STONE_SCHEMA, input: "Paw" })).toContain("'Paw', is none of its classes");
    expect(wrapped(STONE, {})).toContain("no regions or no classes");
  });

  test("a module that imports, that changes a table, that is a game already, or that gets too few pages", () => {
    const importing = STONE.replace("(module", '(module (import "env" "now" (func (result i32)))');
    expect(wrapped(importing, STONE_SCHEMA)).toContain("BUILD_FAILED: REFUSED The game imports 'env.now'");
    const game = wrapModule({ wasm: assembled(STONE), description: STONE_SCHEMA }).wasm;
    expect(code(() => wrapModule({ wasm: game, description: STONE_SCHEMA }))).toContain("is a Samestep game already");
    expect(wrapped(STONE.replace('memory") 1', 'memory") 3'), STONE_SCHEMA, 2)).toContain("asks for 3 pages of memory");
    expect(code(() => wrapModule({ wasm: new Uint8Array([1, 2]), description: STONE_SCHEMA }))).toContain(
      "BUILD_FAILED",
    );
  });

  test("2 000 random changes of the description are wrapped or refused, and never crash", () => {
    const module = assembled(STONE);
    const json = JSON.stringify(STONE_SCHEMA);
    const random = new Random(42);
    const parts = ["-1", "1e99", "null", "{}", "[]", '"x"', "true", "0", "65536", ","];
    for (let round = 0; round < 2000; round++) {
      const at = random.below(json.length);
      const changed = json.slice(0, at) + parts[random.below(parts.length)] + json.slice(at + random.below(6));
      const description = parsed(changed);
      if (description === undefined) continue;
      const said = code(() => wrapModule({ wasm: module, description }));
      expect(said, `round ${round} of seed 42: ${changed}`).toMatch(/^(nothing|BAD_USAGE|BAD_GAME|BUILD_FAILED)/);
    }
  });

  test("as a command: wrong usage is 2, a refused module 1", async () => {
    const path = (name: string, contents: string | Uint8Array) => {
      writeFileSync(join(FOLDER, name), contents);
      return join(FOLDER, name);
    };
    const module = path("stone.wasm", assembled(STONE));
    const schema = path("stone.json", JSON.stringify(STONE_SCHEMA));
    const out = join(FOLDER, "out.wasm");
    let err = "";
    const run = (...args: string[]) =>
      wrap(args, {
        out: () => {},
        err: (text) => {
          err += text;
        },
      });
    expect(await run(module, "--schema", schema)).toBe(2);
    expect(await run(module, "--out", out)).toBe(2);
    expect(await run(join(FOLDER, "none.wasm"), "--schema", schema, "--out", out)).toBe(2);
    expect(await run(module, "--schema", module, "--out", out)).toBe(2);
    expect(await run(module, "--schema", schema, "--out", out, "--pages", "many")).toBe(2);
    expect(await run(path("empty.wasm", assembled("(module)")), "--schema", schema, "--out", out)).toBe(1);
    expect(err).toContain("no memory of its own");
    expect(await run(module, "--schema", schema, "--out", out)).toBe(0);
  });
});
