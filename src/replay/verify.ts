// Verification: plays a replay's inputs once, straight through, and holds every hash and keyframe against the file's.

import { ChainLink } from "../session/evidence/chain-link.js";
import { hexHash } from "../session/evidence/hash-chain.js";
import { LEAF_BYTES } from "../simulation/core.js";
import type { WasmSimulation } from "../simulation/game.js";
import { differences, type FieldDifference } from "../simulation/schema.js";
import { configDifference } from "../wire/match-config.js";
import type { Check, Keyframe, Replay } from "./format.js";

/**
 * "build": the replay was made by another game build, which is no desync. "forged": the result in it is not that of this
 * match; who signed it is another question, which src/signing answers.
 */
export type Verdict =
  | { kind: "equal"; frames: number; checks: number }
  | { kind: "differs"; difference: Difference }
  | { kind: "build"; why: string }
  | { kind: "forged"; why: string }
  | { kind: "unreadable"; why: string };

export interface Difference {
  /** The first differing state lies in [frame, end); one frame long where every frame was checked. */
  frame: number;
  end: number;
  /** The keyframe at which fields could be compared: the first at or after the difference. */
  fieldsAt: number | undefined;
  leaf: number | undefined;
  /** `before` is the replay's value, `after` what this machine computes. */
  fields: FieldDifference[];
  trap: string | undefined;
  /** The phase of the step behind which the states part, where that was asked for; then the fields are those there. */
  phase?: PhaseSeen;
}

/** By either build's number; undefined is what a step does before its first phase. */
export interface PhaseSeen {
  before: number | undefined;
  after: number | undefined;
  /** How many the step has; 0 where the game marks none. */
  phases: number;
}

/** Frames between two pauses of a verification: some ms of the slowest games, no cost to the fastest. */
const PAUSE_EVERY_FRAMES = 32;

/** Plays the whole replay on a simulation of the build it was recorded with; any ring will do. */
export function verifyReplay(replay: Replay, simulation: WasmSimulation): Verdict {
  return finished(verification(replay, simulation));
}

function finished(run: Generator<number, Verdict>): Verdict {
  for (;;) {
    const next = run.next();
    if (next.done) return next.value;
  }
}

/** The same with pauses, for who has other things to do meanwhile: each tells how many frames are behind it. */
export function* verification(replay: Replay, simulation: WasmSimulation): Generator<number, Verdict> {
  const build = sameBuild(replay, simulation);
  if (build !== undefined) return { kind: "build", why: build };
  const other = ofAnotherMatch(replay);
  if (other !== undefined) return { kind: "forged", why: other };
  return yield* new Run(replay, simulation).all();
}

/**
 * What the inputs of a replay come to under another build, held against what is recorded. That build must take the same
 * inputs and players, and lay out its state in the same way, or no field that is named means anything.
 */
export function compareReplay(replay: Replay, simulation: WasmSimulation): Verdict {
  return finished(new Run(replay, simulation).all());
}

function sameBuild(replay: Replay, simulation: WasmSimulation): string | undefined {
  if (replay.gameHash !== simulation.gameHash) {
    return `recorded with game build ${replay.gameHash}, this is ${simulation.gameHash}: give the build it was recorded with (--game)`;
  }
  if (replay.schemaHash !== simulation.schemaHash || replay.cellBytes !== simulation.cellBytes) {
    return "the game's schema is not the one it was recorded with";
  }
  const { players } = simulation.schema;
  if (replay.config.players < players.min || replay.config.players > players.max) {
    return `recorded with ${replay.config.players} players; this game has ${players.min} to ${players.max}`;
  }
  return undefined;
}

/** What the signed result says of another match than the file; undefined when they fit. */
function ofAnotherMatch({ result, gameHash, schemaHash, config, frames }: Replay): string | undefined {
  if (result === undefined) return undefined;
  const { statement } = result;
  if (statement.game !== gameHash) return `its result is of game build ${statement.game}, and the match of ${gameHash}`;
  if (statement.schema !== schemaHash)
    return `its result is of the schema ${statement.schema}, and the match of ${schemaHash}`;
  const difference = configDifference(statement.config, config);
  if (difference !== undefined) return `its result is of a match with other settings (${difference.split(" ")[0]})`;
  if (statement.frames !== frames) return `its result is of ${statement.frames} frames, and it has ${frames}`;
  return undefined;
}

class Run {
  readonly #replay: Replay;
  readonly #simulation: WasmSimulation;
  readonly #link: ChainLink;
  readonly #records: Iterator<Uint8Array, undefined>;
  readonly #checks: Iterator<Check, undefined>;
  readonly #keyframes: Iterator<Keyframe, undefined>;
  #check: Check | undefined;
  #keyframe: Keyframe | undefined;
  #compared = 0;
  #malformed = false;
  #keyState: Uint8Array;
  /** States before this frame, and the inputs that led to them, are the recorded ones. */
  #goodUntil = 0;

  constructor(replay: Replay, simulation: WasmSimulation) {
    this.#replay = replay;
    this.#simulation = simulation;
    this.#link = new ChainLink(simulation, replay.config.players * replay.cellBytes);
    this.#records = replay.records();
    this.#checks = replay.checks();
    this.#keyframes = replay.keyframes();
    this.#check = this.#checks.next().value;
    this.#keyframe = this.#keyframes.next().value;
    this.#keyState = new Uint8Array(simulation.stateBytes);
  }

  *all(): Generator<number, Verdict> {
    const { frames, config } = this.#replay;
    const simulation = this.#simulation;
    simulation.reset(config);
    for (let frame = 0; frame < frames; frame++) {
      if (frame % PAUSE_EVERY_FRAMES === 0) yield frame;
      const record = this.#records.next().value!;
      simulation.save(0);
      const parts = this.#compareKeyframe(frame);
      if (parts !== undefined) return this.#differs(frame + 1, frame, parts);
      this.#link.add(0, record);
      if (!this.#compareChain(frame + 1)) return this.#localise(frame, record);
      if (simulation.step(record) === "trapped") return trapped(frame, simulation.trap);
    }
    if (this.#malformed) return { kind: "unreadable", why: "a keyframe makes no sense" };
    const { result } = this.#replay;
    if (this.#compared === 0 && result === undefined) return { kind: "unreadable", why: "it holds no hash to compare" };
    const state = this.#stateHash();
    if (result !== undefined && result.statement.state !== state)
      return { kind: "forged", why: `its result ends in state ${result.statement.state}, and the match in ${state}` };
    return { kind: "equal", frames, checks: this.#compared };
  }

  /** Of the present state. */
  #stateHash(): string {
    const parts = new Uint32Array(2);
    this.#simulation.save(0);
    this.#simulation.hash(0, parts, 0);
    return hexHash({ low: parts[0]!, high: parts[1]! });
  }

  /** True when the chain agrees at `end`, or nothing was recorded there. */
  #compareChain(end: number): boolean {
    if (this.#check?.frame !== end) return true;
    if (this.#check.chain !== this.#link.value) return false;
    this.#check = this.#checks.next().value;
    this.#compared += 1;
    this.#goodUntil = end;
    return true;
  }

  /** Where the states differ, when there is a keyframe at this frame and it does not hold this state. */
  #compareKeyframe(frame: number): Parts | undefined {
    const keyframe = this.#keyframe;
    if (keyframe?.frame !== frame) return undefined;
    this.#keyframe = this.#keyframes.next().value;
    return this.#against(keyframe);
  }

  #against(keyframe: Keyframe): Parts | undefined {
    const { core, schema } = this.#simulation;
    const recorded = core.deltaDecode(this.#keyState, keyframe.delta);
    if (recorded === undefined) {
      this.#malformed = true; // it says nothing about the match, and the keyframes after it build on it
      this.#keyframe = undefined;
      return undefined;
    }
    this.#compared += 1;
    this.#keyState = recorded;
    const now = core.slot(0);
    const leaf = differingLeaf(recorded, now);
    return leaf === undefined ? undefined : { leaf, fields: differences(schema, recorded, now) };
  }

  // The chain parted in [goodUntil, frame]. The next keyframe shows in which fields.
  #localise(frame: number, record: Uint8Array): Verdict {
    const simulation = this.#simulation;
    const next = this.#keyframe;
    if (next === undefined) return this.#differs(frame + 1, undefined, undefined);
    for (let at = frame; at < next.frame; at++) {
      if (simulation.step(record) === "trapped") return this.#differs(frame + 1, undefined, undefined);
      simulation.save(0);
      record = this.#records.next().value!;
    }
    const parts = this.#against(next);
    return this.#differs(frame + 1, parts && next.frame, parts);
  }

  #differs(end: number, fieldsAt: number | undefined, parts: Parts | undefined): Verdict {
    const difference: Difference = {
      frame: this.#goodUntil,
      end,
      fieldsAt,
      leaf: parts?.leaf,
      fields: parts?.fields ?? [],
      trap: undefined,
    };
    return { kind: "differs", difference };
  }
}

interface Parts {
  leaf: number;
  fields: FieldDifference[];
}

function trapped(frame: number, trap: string | undefined): Verdict {
  const unknown = { fieldsAt: undefined, leaf: undefined, fields: [] };
  return { kind: "differs", difference: { frame, end: frame + 1, ...unknown, trap } };
}

/** The first leaf in which two states differ: word by word, since states may be large and are mostly equal. */
export function differingLeaf(recorded: Uint8Array, now: Uint8Array): number | undefined {
  const words = recorded.length >> 2;
  const a = new Uint32Array(recorded.buffer, recorded.byteOffset, words);
  const b = new Uint32Array(now.buffer, now.byteOffset, words);
  let word = 0;
  while (word < words && a[word] === b[word]) word++;
  for (let at = 4 * word; at < recorded.length; at++) {
    if (recorded[at] !== now[at]) return Math.floor(at / LEAF_BYTES);
  }
  return undefined;
}
