// The command `samestep check`, called as the shell would: what it proves, what it refuses and where, and its exit codes.
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Checked, check } from "../../src/cli/commands/check.js";
import { RULES } from "../../src/proof/finding.js";
import { loadGame } from "../../src/simulation/game.js";
import { compile, compileGame } from "../../src/toolchain/build.js";
import { assemble } from "../proof/module.js";

const FIGHTER = "build/games/fighter.wasm";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-check-"));
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const code = await check(args, {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
  });
  // Without the colours of a terminal.
  return { code, out: stripVTControlCharacters(said.out), err: said.err };
}

async function checked(path: string): Promise<Checked> {
  const { out } = await run(path, "--json");
  return JSON.parse(out) as Checked;
}

async function file(name: string, contents: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

describe("samestep check", () => {
  it("proves a game, obligation by obligation, and says which game that is", async () => {
    const { code, out, err } = await run(FIGHTER);
    const { gameHash, schemaHash } = await loadGame(await readFile(FIGHTER));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^build\/games\/fighter\.wasm {2}arena game\n/);
    expect(out).toContain(`    game ${gameHash}  schema ${schemaHash}\n`);
    expect(out).toContain("✓ proven     It imports nothing.  [import]\n");
    expect(out).toContain("\nproven: of 18 obligations 18 proven\n");
  });

  it("--json is the certificate, for a machine to keep with the build", async () => {
    const { schema, ok, game, obligations } = await checked(FIGHTER);
    const { gameHash, schemaHash, schema: known } = await loadGame(await readFile(FIGHTER));
    expect({ schema, ok }).toEqual({ schema: "samestep.check/1", ok: true });
    expect(game).toMatchObject({ gameHash, schemaHash, kind: "arena", stateBytes: known.regions.state.size });
    expect(obligations.map(({ rule }) => rule)).toEqual(["schema", ...RULES]);
    expect(new Set(obligations.map(({ verdict }) => verdict))).toEqual(new Set(["proven"]));
  });

  it("names function, byte and line of source of what it refuses, if the map lies beside the module", async () => {
    // As the compiler leaves it, NaNs can be seen.
    const { wasm, map } = await compile({ entry: "test/games/torture.ts" });
    const path = await file("torture.wasm", wasm);
    const bare = await run(path);
    expect(bare.code).toBe(1);
    expect(bare.out).toMatch(/✗ refused {4}No bits of a NaN can be seen that a machine has chosen\. {2}\[float\]\n/);
    expect(bare.out).toMatch(/\n {8}in [\w/]+, at byte 0x[0-9a-f]+\n/);
    await file("torture.wasm.map", map);
    expect((await run(path)).out).toMatch(/, at byte 0x[0-9a-f]+, test\/games\/torture\.ts:\d+:\d+\n/);
    const { findings } = (await checked(path)).obligations.find(({ rule }) => rule === "float")!;
    expect(findings.map(({ source }) => source?.file)).toContain("test/games/torture.ts");
    for (const { offset } of findings) expect(offset).toBeGreaterThan(0);
  });

  it("goes on without a map that is none, and says so", async () => {
    const path = await file("mapless.wasm", await readFile(FIGHTER));
    await file("mapless.wasm.map", "{}");
    const { code, err } = await run(path);
    expect(code).toBe(0);
    expect(err).toContain("mapless.wasm.map is no source map");
  });

  it("notices what a managed game may, and does not refuse it", async () => {
    const path = await file(
      "colony.wasm",
      (await compileGame({ entry: "test/games/colony.ts", runtime: "minimal" })).wasm,
    );
    const { code, out } = await run(path);
    expect(code).toBe(0);
    expect(out).toContain("managed game\n");
    expect(out).toContain("! noticed    No function is called through a variable.  [indirect-call]\n");
    expect(out).toContain(
      "? undecided  Its calls take at most 128 KiB of stack.  [stack]  how deep the calls go is not known\n",
    );
    expect(out).not.toContain("synctest");
  });

  it("refuses what no host could load: a module without a schema", async () => {
    const path = await file("bare.wasm", assemble());
    const { ok, game, obligations } = await checked(path);
    expect(ok).toBe(false);
    expect((await run(path)).code).toBe(1);
    expect(game).toMatchObject({ functions: 2, memoryPages: 1 });
    expect(obligations.filter(({ verdict }) => verdict !== "proven").map(({ rule }) => rule)).toEqual(["schema"]);
    expect(obligations[0]!.findings[0]!.message).toContain("build it with `samestep build`");
  });

  it("judges any bytes", async () => {
    for (const [name, bytes] of [
      ["empty.wasm", new Uint8Array(0)],
      ["text.wasm", "no module at all"],
      ["cut.wasm", (await readFile(FIGHTER)).subarray(0, 5000)],
    ] as const) {
      const { code, out, err } = await run(await file(name, bytes));
      expect({ name, code, err }).toEqual({ name, code: 1, err: "" });
      expect(out).toContain("✗ refused    It is valid WebAssembly.  [malformed]\n      The module cannot be read: ");
      expect(out).toMatch(/\nREFUSED: of 18 obligations 16 undecided, 2 refused\n$/);
    }
  });

  it("without a file, or with one that is not there, is wrong usage", async () => {
    const help = "See: samestep check --help\n";
    expect(await run()).toEqual({ code: 2, out: "", err: `samestep check: name one game module\n${help}` });
    expect(await run("a.wasm", "b.wasm")).toMatchObject({ code: 2 });
    const missing = await run(join(folder, "missing.wasm"));
    expect(missing).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("missing.wasm: there is no such file"),
    });
    expect(await run(FIGHTER, "--jsn")).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean --json?"),
    });
    expect(await run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Exit code: 0 proven") });
  });
});
