// samestep check: the certificate of a game, obligation by obligation: proven, refused or noticed, and where.
import { readFile } from "node:fs/promises";
import { SamestepError } from "../../error.js";
import { Malformed, readModule } from "../../proof/binary.js";
import { type Certificate, certify, type Verdict } from "../../proof/certificate.js";
import { type Finding, printable, type Rule } from "../../proof/finding.js";
import { producersOf } from "../../proof/producers.js";
import { identify } from "../../simulation/game.js";
import { readSchema, type Schema } from "../../simulation/schema.js";
import { isAuthors, type Place, SourceMap } from "../../toolchain/source-map.js";
import { printCertificate } from "../check-text.js";
import { Exit, type Io } from "../io.js";
import { whyUnread } from "../reasons.js";
import { readArgs, wrong } from "../usage.js";

const HELP = `samestep check GAME.wasm [--json]

Proves, from its bytes alone, that a game computes the same bits on every machine; or says what is
in the way, with function and offset, and with the line of source where GAME.wasm.map lies beside it.
A host that loads the game asks for the same. docs/proof.md says what each obligation means.

  --json       the certificate as one JSON object, "schema": "samestep.check/1"
  -h, --help   this text

Examples
  samestep check public/game.wasm
  samestep check public/game.wasm --json > certificate.json

Exit code: 0 proven, 1 refused, 2 wrong usage, or a file that cannot be read
`;

/** What only the command asks for, beside the rules of the proof: without a schema no host can load the module. */
const SCHEMA = { rule: "schema", claim: "Its schema says where its state, inputs and events lie." } as const;

export interface CheckedFinding extends Omit<Finding, "rule"> {
  readonly source?: Place;
}

export interface CheckedObligation {
  readonly rule: Rule | "schema";
  readonly claim: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly findings: readonly CheckedFinding[];
}

/** What a module is; as much as can be read of it. */
export interface Identity {
  readonly bytes: number;
  readonly functions?: number;
  readonly memoryPages?: number;
  readonly gameHash?: string;
  readonly schemaHash?: string;
  readonly kind?: Schema["kind"];
  readonly stateBytes?: number;
  readonly framesPerSecond?: number;
  readonly players?: Schema["players"];
  /** Tools that made it, where it says so. */
  readonly producers?: readonly string[];
}

export interface Checked {
  readonly schema: "samestep.check/1";
  readonly file: string;
  readonly ok: boolean;
  readonly game: Identity;
  readonly obligations: readonly CheckedObligation[];
}

export async function check(args: string[], io: Io): Promise<number> {
  const options = { json: { type: "boolean", default: false } } as const;
  const parsed = readArgs(args, io, { name: "check", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  const [path, ...others] = parsed.positionals;
  if (path === undefined || others.length > 0) return wrong(io, "check", "name one game module");
  const wasm = await readFile(path).catch(whyUnread);
  if (typeof wasm === "string") return wrong(io, "check", `${path}: ${wasm}`);
  const checked = await checkGame(path, wasm, await mapOf(path, io));
  if (parsed.values.json) io.out(JSON.stringify(checked, undefined, 2));
  else printCertificate(checked, io);
  return checked.ok ? Exit.ok : Exit.failed;
}

async function mapOf(path: string, io: Io): Promise<SourceMap | undefined> {
  const json = await readFile(`${path}.map`, "utf8").catch(() => undefined);
  if (json === undefined) return undefined;
  try {
    return new SourceMap(json);
  } catch {
    io.err(`samestep check: ${path}.map is no source map, so no lines of source are named`);
    return undefined;
  }
}

async function checkGame(file: string, wasm: Uint8Array, map: SourceMap | undefined): Promise<Checked> {
  const schema = schemaOf(wasm);
  const known = schema instanceof SamestepError ? undefined : schema;
  const certificate = certify(wasm, known?.kind);
  return {
    schema: "samestep.check/1",
    file,
    ok: certificate.ok && known !== undefined,
    game: await identityOf(wasm, known),
    obligations: [
      {
        ...SCHEMA,
        verdict: known === undefined ? "refused" : "proven",
        findings: schema instanceof SamestepError ? [{ message: `${schema.message}.` }] : [],
      },
      ...obligationsOf(certificate, map),
    ],
  };
}

function schemaOf(wasm: Uint8Array): Schema | SamestepError {
  try {
    return readSchema(wasm);
  } catch (error) {
    if (error instanceof SamestepError) return error;
    throw error;
  }
}

function obligationsOf({ obligations }: Certificate, map: SourceMap | undefined): CheckedObligation[] {
  return obligations.map((each) => ({ ...each, findings: each.findings.map((finding) => placed(finding, map)) }));
}

/** The finding with its line of source, the nearest one that is the author's own. */
function placed({ rule: _, ...finding }: Finding, map: SourceMap | undefined): CheckedFinding {
  const { offset, bodyOffset } = finding;
  if (map === undefined || offset === undefined) return finding;
  const source = map.locate(offset, bodyOffset ?? 0, isAuthors);
  return source === undefined ? finding : { ...finding, source: { ...source, file: printable(source.file) } };
}

async function identityOf(wasm: Uint8Array, schema: Schema | undefined): Promise<Identity> {
  const bytes = wasm.length;
  try {
    const module = readModule(wasm);
    const [memory] = module.memories;
    return {
      bytes,
      functions: module.bodies.length,
      ...(memory && { memoryPages: memory.min }),
      producers: producersOf(module),
      ...(schema && {
        ...(await identify(wasm, schema)),
        kind: schema.kind,
        stateBytes: schema.regions.state.size,
        framesPerSecond: schema.framesPerSecond,
        players: schema.players,
      }),
    };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { bytes };
  }
}
