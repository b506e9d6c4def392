// Every match in every engine: who played what, who computed something else, and in which field of which state.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, type FieldDifference } from "../../src/simulation/schema.js";
import { type Answer, answerOf, type Parting, partings } from "./compare.js";
import { type Engine, isPresent } from "./engine.js";
import { type Match, place } from "./matches.js";
import type { Flip, Plan } from "./plan.js";

export interface Row {
  readonly id: string;
  readonly name: string;
  /** "alone": nobody else played what it did. "failed": it was there, and did not play all that it should have. */
  readonly outcome: "equal" | "differs" | "alone" | "failed" | "not run";
  /** Why it failed, or how to install it. */
  readonly why: string | undefined;
  readonly version: string | undefined;
  readonly seconds: number;
  /** Matches that it played. Shortened ones have fewer frames than were recorded. */
  readonly matches: readonly { readonly name: string; readonly frames: number; readonly recorded: number }[];
  /** States whose hash another engine computed too. */
  readonly hashesCompared: number;
}

export interface Difference extends Omit<Parting, "engine" | "reference"> {
  readonly engine: string;
  readonly match: string;
  /** `before` is what most engines computed, `after` what this one did. Empty where it gives no state twice. */
  readonly fields: readonly FieldDifference[];
}

export interface Matrix {
  readonly rows: readonly Row[];
  readonly differences: readonly Difference[];
}

export interface MatrixOptions {
  readonly matches: readonly Match[];
  readonly engines: readonly Engine[];
  /** Faults, each in one engine, which the matrix has to find. */
  readonly plants?: readonly { readonly engine: string; readonly match: string; readonly flip: Flip }[];
}

export async function playMatrix(options: MatrixOptions): Promise<Matrix> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-matrix-"));
  try {
    return await new Run(options, folder, await place(folder, options.matches)).all();
  } finally {
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** What one engine did; undefined where it is not here. */
interface Played {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly seconds: number;
  readonly version: string;
  readonly why: string | undefined;
}

class Run {
  readonly #options: MatrixOptions;
  readonly #folder: string;
  readonly #plans: readonly Plan[];

  constructor(options: MatrixOptions, folder: string, plans: readonly Plan[]) {
    this.#options = options;
    this.#folder = folder;
    this.#plans = plans;
  }

  async all(): Promise<Matrix> {
    const { engines, matches } = this.#options;
    const played = new Map<Engine, Played | undefined>();
    // One after the other: two at once would take as long on two cores, and no engine's time would be its own.
    for (const engine of engines) played.set(engine, isPresent(engine) ? await this.#playIn(engine) : undefined);
    const found: Difference[] = [];
    const compared = new Map<string, number>();
    for (const { name } of matches) {
      const answers = answersTo(name, played);
      count(answers, compared);
      for (const parting of partings(answers)) found.push(await this.#explain(name, parting));
    }
    const rows = engines.map((engine) => this.#rowOf(engine, played.get(engine), found, compared.get(engine.id) ?? 0));
    return { rows, differences: found };
  }

  async #playIn(engine: Engine): Promise<Played> {
    const plans = this.#plansFor(engine);
    const begin = performance.now();
    const lines = await engine.play(this.#folder, plans).catch((error: Error) => error);
    const seconds = (performance.now() - begin) / 1000;
    const version = await engine.version();
    if (lines instanceof Error) return { answers: new Map(), seconds, version, why: briefly(lines.message) };
    const answers = new Map(plans.map(({ name }, i) => [name, answerOf(lines[i] ?? "")]));
    const why = plans.map((plan) => incompleteness(plan, answers.get(plan.name)!)).find((each) => each !== undefined);
    return { answers, seconds, version, why };
  }

  #plansFor(engine: Engine): Plan[] {
    const plants = this.#options.plants?.filter(({ engine: id }) => id === engine.id);
    return this.#plans
      .map((plan) => ({ ...plan, frames: engine.framesOf?.(plan) ?? plan.frames }))
      .filter(({ frames }) => frames > 0)
      .map((plan) => ({ ...plan, flip: plants?.find(({ match }) => match === plan.name)?.flip }));
  }

  /** Both sides play once more, up to the state in question. */
  async #explain(match: string, { engine, frame, reference, agreeing }: Parting): Promise<Difference> {
    const { schema } = this.#options.matches.find(({ name }) => name === match)!;
    const states: (Uint8Array | undefined)[] = [];
    for (const id of [reference, engine]) states.push(await this.#stateOf(id, match, frame));
    const [theirs, its] = states;
    const fields = theirs === undefined || its === undefined ? [] : differences(schema, theirs, its);
    const { name } = this.#options.engines.find(({ id }) => id === engine)!;
    return { engine: name, match, frame, agreeing, fields };
  }

  /** Undefined where the engine does not give it: a report is worth more than its last line. */
  async #stateOf(id: string, match: string, frame: number): Promise<Uint8Array | undefined> {
    const engine = this.#options.engines.find((each) => each.id === id)!;
    const plan = this.#plansFor(engine).find((each) => each.name === match)!;
    const lines = await engine.play(this.#folder, [{ ...plan, stateAt: frame }]).catch(() => undefined);
    const bytes = Buffer.from(lines?.[0] ?? "", "hex");
    return bytes.length < plan.regions.state.size ? undefined : bytes.subarray(0, plan.regions.state.size);
  }

  #rowOf(engine: Engine, played: Played | undefined, found: readonly Difference[], hashesCompared: number): Row {
    const { id, name, install } = engine;
    if (played === undefined) {
      const nothing = { version: undefined, seconds: 0, matches: [], hashesCompared };
      return { id, name, outcome: "not run", why: install, ...nothing };
    }
    const { version, seconds, why, answers } = played;
    const differs = found.some((difference) => difference.engine === name);
    const compared = hashesCompared > 0 ? "equal" : "alone";
    const outcome = why !== undefined ? "failed" : differs ? "differs" : compared;
    const matches = this.#plans.flatMap(({ name: match, frames: recorded }) => {
      const hashes = answers.get(match)?.hashes.length ?? 0;
      return hashes > 0 ? [{ name: match, frames: hashes - 1, recorded }] : [];
    });
    return { id, name, outcome, why, version, seconds, matches, hashesCompared };
  }
}

function answersTo(match: string, played: ReadonlyMap<Engine, Played | undefined>): Map<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const [{ id }, engine] of played) {
    const answer = engine?.answers.get(match);
    if (answer !== undefined) answers.set(id, answer);
  }
  return answers;
}

/** Of each engine's hashes, those that somebody else has too. */
function count(answers: ReadonlyMap<string, Answer>, compared: Map<string, number>): void {
  for (const [id, { hashes }] of answers) {
    const others = [...answers].filter(([other]) => other !== id).map(([, other]) => other.hashes.length);
    compared.set(id, (compared.get(id) ?? 0) + Math.min(hashes.length, Math.max(0, ...others)));
  }
}

/** A state before the first frame, and one after each. */
function incompleteness({ name, frames }: Plan, { hashes, stopped }: Answer): string | undefined {
  if (hashes.length === frames + 1 && stopped === undefined) return undefined;
  return `${name}: it gave ${hashes.length} of ${frames + 1} hashes${stopped ? `: ${briefly(stopped)}` : ""}`;
}

function briefly(text: string): string {
  const [first, ...others] = text.split("\n");
  const line = [first, others.find((other) => /error/i.test(other))].filter((each) => each !== undefined).join(" ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
