// The certificate of a module: every obligation a game has, and whether it is proven of these bytes, refused, or only noticed.
import { type Finding, RULES, type Rule } from "./finding.js";
import { type Profile, type Proof, prove } from "./proof.js";

/**
 * `noticed`: broken, which a managed game may. `undecided`: nothing was found, and nothing proven, since another
 * obligation is broken or noticed that this one stands on.
 */
export type Verdict = "proven" | "refused" | "noticed" | "undecided";

export interface Obligation {
  readonly rule: Rule;
  /** What is claimed, in a sentence. */
  readonly claim: string;
  readonly verdict: Verdict;
  /** Every place where it is broken. */
  readonly findings: readonly Finding[];
  /** Why it is undecided. */
  readonly reason?: string;
}

export interface Certificate extends Proof {
  readonly profile: Profile;
  /** One for each rule, in the order of RULES. */
  readonly obligations: readonly Obligation[];
}

export const CLAIMS: Readonly<Record<Rule, string>> = {
  malformed: "It is valid WebAssembly.",
  import: "It imports nothing.",
  memory: "It has one memory, of fixed size, shared with nobody.",
  threads: "It has no threads.",
  exceptions: "It throws no exceptions.",
  "garbage-collection": "It has no objects that the engine collects, and no types of its own for references.",
  opcode: "Every instruction is one that all engines have.",
  "relaxed-simd": "No instruction leaves its result to the processor.",
  float: "No bits of a NaN can be seen that a machine has chosen.",
  disputed: "No instruction stands where engines are known to disagree on it.",
  "indirect-call": "No function is called through a variable.",
  recursion: "No function calls itself, not even through others.",
  stack: "Its calls take at most 128 KiB of stack.",
  "mutable-global": "No variable outside the snapshot lasts from one step to the next.",
  "hidden-state": "It changes nothing that no snapshot can hold: tables, and which segments there are.",
  start: "No code runs when it is loaded.",
  export: "Nothing but init() and step() can change its state.",
};

/** Proves the bytes of a game, rule by rule. Never throws and never runs them. */
export function certify(bytes: Uint8Array, profile: Profile = "arena"): Certificate {
  const proof = validated(bytes, prove(bytes, profile));
  return { ...proof, profile, obligations: RULES.map((rule) => judged(rule, proof)) };
}

function judged(rule: Rule, { findings, notices, undecided }: Proof): Obligation {
  const claim = CLAIMS[rule];
  const broken = findings.filter((finding) => finding.rule === rule);
  if (broken.length > 0) return { rule, claim, verdict: "refused", findings: broken };
  const noticed = notices.filter((finding) => finding.rule === rule);
  if (noticed.length > 0) return { rule, claim, verdict: "noticed", findings: noticed };
  const reason = undecided.get(rule);
  if (reason !== undefined) return { rule, claim, verdict: "undecided", findings: [], reason };
  return { rule, claim, verdict: "proven", findings: [] };
}

/**
 * The proof takes for granted that instructions get operands of their types. Engines check that before they run anything,
 * so theirs is the last word; whatever is in the profile, all of them know.
 */
function validated(bytes: Uint8Array, proof: Proof): Proof {
  if (!proof.ok || WebAssembly.validate(bytes as BufferSource)) return proof;
  const message =
    "The module is not valid WebAssembly, or this engine is too old for it: its instructions do not fit together, or name what is not there.";
  const undecided = new Map(proof.undecided);
  for (const rule of RULES) if (rule !== "malformed") undecided.set(rule, "the module is not valid");
  return { ...proof, ok: false, findings: [{ rule: "malformed", message }], undecided };
}
