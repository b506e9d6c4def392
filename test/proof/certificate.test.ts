// The certificate: what it calls proven was decided, what it could not decide it says, and no bytes throw it off.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { type Certificate, CLAIMS, certify, type Verdict } from "../../src/proof/certificate.js";
import { RULES } from "../../src/proof/finding.js";
import { producersOf } from "../../src/proof/producers.js";
import { CORPUS } from "./corpus.js";
import { assemble, custom, list, type Parts, text } from "./module.js";

const rulesBy = ({ obligations }: Certificate, verdict: Verdict) =>
  obligations.filter((each) => each.verdict === verdict).map(({ rule }) => rule);

const of = (parts: Parts, profile: "arena" | "managed" = "arena") => certify(assemble(parts), profile);

describe("a certificate", () => {
  test("has every obligation once, in the order of the rules", () => {
    const certificate = of({});
    expect(certificate.obligations.map(({ rule }) => rule)).toEqual(RULES);
    expect(rulesBy(certificate, "proven")).toEqual(RULES);
  });

  test("refuses the one that is broken, and proves the rest", () => {
    const certificate = of({ start: 0 });
    expect(rulesBy(certificate, "refused")).toEqual(["start"]);
    expect(rulesBy(certificate, "undecided")).toEqual([]);
  });

  test("of a module that cannot be read decides nothing", () => {
    const certificate = certify(assemble().subarray(0, 40));
    expect(rulesBy(certificate, "refused")).toEqual(["malformed"]);
    expect(rulesBy(certificate, "proven")).toEqual([]);
  });

  test("of a function that cannot be read decides nothing that its rest could break", () => {
    const certificate = of({ step: [0xff] });
    expect(rulesBy(certificate, "refused")).toEqual(["opcode"]);
    expect(rulesBy(certificate, "proven")).toEqual(["malformed", "import", "start", "export"]);
    expect(certificate.obligations.find(({ rule }) => rule === "float")!.reason).toBe(
      "function 1 cannot be read to its end",
    );
  });

  test("knows no bound of the stack where functions call themselves, or through variables", () => {
    expect(rulesBy(of({ step: [0x10, 1] }, "managed"), "noticed")).toEqual(["recursion"]);
    expect(rulesBy(of({ step: [0x10, 1] }, "managed"), "undecided")).toEqual(["stack"]);
    const through = { tables: [[0x70, 0, 1]], step: [0x41, 0, 0x11, 0, 0] };
    expect(rulesBy(of(through, "managed"), "undecided")).toEqual(["stack"]);
    expect(of(through, "managed").ok).toBe(true);
  });

  test("of a game that allocates leaves open what runs at load: that is the allocator's, and goes with it", () => {
    const { bytes } = CORPUS.find(({ name }) => name === "allocator.wat")!;
    expect(rulesBy(certify(bytes), "undecided")).toEqual(["start"]);
  });

  test("of a game that draws from Math.random() leaves open its variables, which go with the seed", () => {
    const { bytes } = CORPUS.find(({ name }) => name === "variable-of-random.wat")!;
    expect(rulesBy(certify(bytes), "undecided")).toEqual(["mutable-global"]);
  });

  test("refuses what only an engine's validation finds, and then proves nothing", () => {
    const certificate = of({ step: [0x6a] });
    expect(rulesBy(certificate, "refused")).toEqual(["malformed"]);
    expect(rulesBy(certificate, "proven")).toEqual([]);
  });

  test("a hundred faults of one rule hide no other", () => {
    const store = [0x41, 0, 0x43, 0, 0, 0, 0, 0x43, 0, 0, 0, 0, 0x95, 0x38, 2, 0];
    const certificate = of({ step: Array.from({ length: 200 }, () => store).flat(), start: 0 });
    expect(rulesBy(certificate, "refused")).toEqual(["float", "start"]);
  });
});

test.each(RULES)("docs/proof.md has the obligation %s, as the certificate words it", async (rule) => {
  expect(await readFile("docs/proof.md", "utf8")).toContain(`| \`${rule}\` | ${CLAIMS[rule]} |`);
});

describe("the tools that made a module", () => {
  const tool = (name: string, version: string) => [...text(name), ...text(version)];
  const fields = list([
    [...text("language"), ...list([tool("C11", "")])],
    [...text("processed-by"), ...list([tool("clang", "16.0.6"), tool("\u001b[31m", "1")])],
  ]);

  test("are told as it tells them, fit for a terminal", () => {
    const module = readModule(assemble({ custom: [custom("producers", fields)] }));
    expect(producersOf(module)).toEqual(["clang 16.0.6", "?[31m 1"]);
  });

  test("are told as far as they can be read", () => {
    const module = readModule(assemble({ custom: [custom("producers", fields.slice(0, -8))] }));
    expect(producersOf(module)).toEqual(["clang 16.0.6"]);
    expect(producersOf(readModule(assemble()))).toEqual([]);
  });
});

test("4 000 mutations of the corpus and a game neither throw nor are proven where no engine takes them", async () => {
  let seed = 0x0c4ec4;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const originals = [...CORPUS.map(({ bytes }) => bytes), await readFile("build/games/fighter.wasm")];
  for (let round = 0; round < 4000; round++) {
    const original = originals[round % originals.length]!;
    const bytes = Uint8Array.from(random(5) === 0 ? original.subarray(0, random(original.length)) : original);
    for (let i = 1 + random(4); i > 0 && bytes.length > 0; i--) {
      const at = random(bytes.length);
      bytes[at] = [random(256), 0xff, 0x80, 0, bytes[at]! ^ (1 << random(8))][random(5)]!;
    }
    const profile = round % 3 === 0 ? "managed" : "arena";
    const { ok, obligations } = certify(bytes, profile);
    const told = `round ${round} of seed 0c4ec4`;
    expect(obligations, told).toHaveLength(RULES.length);
    if (ok) expect(WebAssembly.validate(bytes as BufferSource), told).toBe(true);
    else
      expect(
        obligations.some(({ verdict }) => verdict === "refused"),
        told,
      ).toBe(true);
  }
});
