// The modules of fixtures/modules: each is one way to desync, and says in its first lines what it must be refused for.
//
//   ;; refused: RULE part of the message      one line for each finding, no more and no less
//   ;; noticed: RULE part of the message      likewise, of what a managed game may
//   ;; profile: managed                       otherwise it is an arena game
//   ;; shown: HOW: what is seen               how its effect is shown when it runs: shows.ts
//   ;; not shown: why it cannot be
//
// What text cannot say is a `.hex` file: bytes, with comments of the same kind.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import wabt from "wabt";
import { RULES, type Rule } from "../../src/proof/finding.js";
import type { Profile } from "../../src/proof/proof.js";
import { REPOSITORY } from "../toolchain/project.js";

export interface Reason {
  readonly rule: Rule;
  readonly message: string;
}

export interface Hostile {
  /** Its file, without the folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly profile: Profile;
  readonly refused: readonly Reason[];
  readonly noticed: readonly Reason[];
  /** How its effect is shown, and what is seen; or why it is not. */
  readonly shown: { readonly how: string; readonly what: string } | undefined;
  readonly notShown: string | undefined;
}

const FOLDER = join(REPOSITORY, "fixtures/modules");
/** Whatever the text can say: the proof is to refuse it, not the assembler. */
const FEATURES = {
  exceptions: true,
  threads: true,
  tail_call: true,
  multi_memory: true,
  memory64: true,
  relaxed_simd: true,
};

const { parseWat } = await wabt();

export const CORPUS: readonly Hostile[] = readdirSync(FOLDER)
  .filter((name) => /\.(wat|hex)$/.test(name))
  .sort()
  .map(read);

/** A module from its text. Not validated: some are there to be invalid. */
export function assembleText(name: string, text: string): Uint8Array {
  const module = parseWat(name, text, FEATURES);
  try {
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

function read(name: string): Hostile {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const said = (key: string) => [...text.matchAll(new RegExp(`^;; ${key}: (.*)$`, "gm"))].map(([, what]) => what!);
  const [shown] = said("shown");
  return {
    name,
    bytes: name.endsWith(".wat") ? assembleText(name, text) : bytesOf(text),
    profile: said("profile")[0] === "managed" ? "managed" : "arena",
    refused: said("refused").map((each) => reasonOf(name, each)),
    noticed: said("noticed").map((each) => reasonOf(name, each)),
    shown: shown === undefined ? undefined : { how: shown.split(":")[0]!, what: shown.slice(shown.indexOf(":") + 2) },
    notShown: said("not shown")[0],
  };
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/;;.*$/gm, "").replace(/\s+/g, "");
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function reasonOf(name: string, line: string): Reason {
  const [word] = line.split(" ");
  const rule = RULES.find((each) => each === word);
  if (rule === undefined) throw new Error(`${name}: '${word}' is no rule: one of ${RULES.join(", ")}`);
  return { rule, message: line.slice(rule.length + 1) };
}
