// The architecture as a test: who may import whom, who may know the time, and how a room looks from the door.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * What each room of src may import, beside itself and the files that lie in src itself. Nothing points back.
 * ARCHITECTURE.md draws it.
 */
const MAY_IMPORT: Record<string, string[]> = {
  wire: [],
  proof: [],
  simulation: ["wire", "proof"],
  session: ["wire", "simulation"],
  sequencer: ["wire", "simulation", "session"],
  replay: ["wire", "simulation", "session"],
  desync: ["wire", "proof", "simulation", "session", "replay"],
  member: ["wire", "simulation", "session", "sequencer"],
  netsim: ["wire", "simulation", "session", "sequencer", "member"],
  signing: ["wire"],
  transport: ["wire", "netsim"],
  server: ["wire", "simulation", "session", "sequencer", "replay", "desync", "netsim", "signing", "transport"],
  client: ["wire", "simulation", "session", "sequencer", "replay", "netsim", "signing", "transport"],
  toolchain: ["proof", "simulation"],
  games: ["simulation"],
  cli: [
    "wire",
    "proof",
    "simulation",
    "session",
    "sequencer",
    "replay",
    "desync",
    "netsim",
    "signing",
    "server",
    "toolchain",
    "transport",
  ],
  demo: ["wire", "simulation", "session", "replay", "netsim", "transport", "client", "games"],
};

/** Rooms where time, chance and waiting are arguments (ARCHITECTURE.md, law 1). */
const TIMELESS = ["wire", "proof", "session", "sequencer", "member", "replay", "desync", "netsim"];
const TIMELY =
  /\b(Date\b(?!View)|performance\.|setTimeout|setInterval|Math\.random|crypto\.|requestAnimationFrame|Promise\b|async\b|await\b|queueMicrotask|fetch\()/;

/** Loading a module waits, but nothing under simulation knows the time or a die. */
const CLOCKLESS = ["simulation"];
const CLOCKS = /\b(Date\.|new Date|performance\.|setTimeout|setInterval|Math\.random|crypto\.)/;

/** What runs in a browser may need this and no other package. */
const BROWSER_PACKAGES = ["@assemblyscript/loader", "samestep/core"];

/** Rooms whose limits and times face the network: there each has its reason above it, and elsewhere each that is exported. */
const FACING = ["wire", "session", "sequencer", "member", "transport", "server", "client"];
const LIMITS_FILES = ["src/wire/limits.ts", "src/server/limits.ts"];
const NAMED_LIMIT = /^const [A-Z][A-Z\d_]*_(?:MS|MAX|MIN|FRAMES|SECONDS|BYTES)\b/;
const NUMBER =
  /^(?:export )?const [A-Z][A-Z\d_]*(?:: number = .+| = -?(?:[\d.][\w.]*|[A-Z][A-Z\d_]+)(?: [-+*/]+ [\w.]+)*);/;

/** The numbers of a source file that must have their reason above them, and have none. */
function bareNumbers(path: string, text: string): string[] {
  const lines = text.split("\n");
  const named = (line: string): boolean => FACING.includes(room(path)) && NAMED_LIMIT.test(line);
  const bound = (line: string): boolean =>
    NUMBER.test(line) && (LIMITS_FILES.includes(path) || line.startsWith("export") || named(line));
  return lines.filter((line, index) => {
    if (!bound(line)) return false;
    // One reason may be that of several, which stand below each other.
    const above = lines.slice(0, index).findLast((each) => !/^(?:export )?const [A-Z]/.test(each)) ?? "";
    return !/^\s*(?:\/\/|\/?\*)/.test(above);
  });
}

const ENTRIES = [
  "src/index.ts",
  "src/client/index.ts",
  "src/server/index.ts",
  "src/netsim/index.ts",
  "src/replay/index.ts",
  "src/toolchain/index.ts",
  "src/cli/main.ts",
  "src/demo/main.ts",
];

const LINES_MAX = 400;

function filesUnder(folder: string, extension: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules") && !path.startsWith("bench/build"))
    .sort();
}

const SOURCES = filesUnder("src", /\.ts$/);
const TEXTS = new Map(SOURCES.map((path) => [path, readFileSync(path, "utf8")]));

/** The code without its comments and strings, so that a word about time is no clock. */
function code(path: string): string {
  return TEXTS.get(path)!
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/.*$/gm, "")
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}

function importsOf(path: string): string[] {
  const text = TEXTS.get(path)!;
  const still = text.matchAll(/^(?:import|export)\b(?:[^;"]*?\bfrom)?\s+"([^"]+)";/gm);
  const dynamic = text.matchAll(/\bawait import\("([^"]+)"\)/g);
  return [...still, ...dynamic].map(([, specifier]) => specifier!);
}

/** The source file that a relative specifier means. */
function resolve(from: string, specifier: string): string {
  return normalize(join(dirname(from), specifier)).replace(/\.js$/, ".ts");
}

function room(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? parts[1]! : "";
}

function reachable(entries: string[]): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path) || !TEXTS.has(path)) return;
    found.add(path);
    for (const specifier of importsOf(path)) if (specifier.startsWith(".")) visit(resolve(path, specifier));
  };
  for (const entry of entries) visit(entry);
  return found;
}

describe("src", () => {
  it("imports only downwards", () => {
    const wrong: string[] = [];
    for (const path of SOURCES) {
      for (const specifier of importsOf(path).filter((name) => name.startsWith("."))) {
        const target = resolve(path, specifier);
        if (!TEXTS.has(target)) wrong.push(`${path} imports ${specifier}, which is no file`);
        const [from, to] = [room(path), room(target)];
        if (from === to || to === "" || from === "") continue;
        if (MAY_IMPORT[from] === undefined) wrong.push(`${path}: tidy does not know the room ${from}`);
        else if (!MAY_IMPORT[from].includes(to)) wrong.push(`${path} imports ${target}: ${from} may not know ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("knows no clock, timer, promise or die below transport", () => {
    const wrong: string[] = [];
    for (const path of SOURCES) {
      const law = TIMELESS.includes(room(path)) ? TIMELY : CLOCKLESS.includes(room(path)) ? CLOCKS : undefined;
      const found = law?.exec(code(path))?.[0];
      if (found !== undefined) wrong.push(`${path} says ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  it("gives the reason of every exported number, and of every limit and time that faces the network", () => {
    const bare = SOURCES.flatMap((path) => bareNumbers(path, TEXTS.get(path)!).map((line) => `${path}: ${line}`));
    expect(bare).toEqual([]);
  });

  it.each([
    "export const PLAIN = 8;",
    "export const MOST: number = 2 ** 21 - 1;",
    "export const SHARE: number = BYTES / 4;",
    "const CHUNK_BYTES = 1_024;",
    "const WAIT_MS: number = 2 * TICK_MS;",
    "export const LEAST = -1;",
    "export const CODE = 0x1f;",
  ])("would see that it is missing: %s", (line) => {
    expect(bareNumbers("src/session/x.ts", `\n${line}\n`)).toEqual([line]);
    expect(bareNumbers("src/session/x.ts", `/** Why. */\n${line}`)).toEqual([]);
    expect(bareNumbers("src/wire/limits.ts", `\n${line.replace("export ", "")}`).length).toBe(1);
  });

  it("needs nothing in a browser but the loader", () => {
    const wrong: string[] = [];
    for (const path of reachable(["src/client/index.ts", "src/demo/main.ts"])) {
      for (const specifier of importsOf(path).filter((name) => !name.startsWith("."))) {
        if (!BROWSER_PACKAGES.includes(specifier)) wrong.push(`${path} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("holds no file that nobody reaches", () => {
    const reached = reachable(ENTRIES);
    expect(SOURCES.filter((path) => !reached.has(path) && !path.endsWith(".d.ts"))).toEqual([]);
  });
});

const ROOMS = [
  ...SOURCES,
  ...filesUnder("assembly", /\.ts$/),
  ...filesUnder("test", /\.ts$/),
  ...filesUnder("bench", /\.ts$/),
];

describe("every file", () => {
  it("opens with one sentence about what it is for", () => {
    const wrong = ROOMS.filter((path) => {
      const lines = readFileSync(path, "utf8").split("\n");
      const first = lines[0]!.startsWith("#!") || lines[0]!.startsWith("/// <reference") ? lines[1]! : lines[0]!;
      return !/^\/\/ \S.{10,}[.:…]$/.test(first);
    });
    expect(wrong).toEqual([]);
  });

  it(`has at most ${LINES_MAX} lines`, () => {
    const long = ROOMS.filter((path) => readFileSync(path, "utf8").split("\n").length > LINES_MAX + 1);
    expect(long).toEqual([]);
  });

  it("promises nothing for later", () => {
    const marks = new RegExp(
      ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].map((word) => `\\b${word}\\b`).join("|"),
    );
    expect(ROOMS.filter((path) => marks.test(readFileSync(path, "utf8")))).toEqual([]);
  });
});
