// Verification: plays a replay's inputs once, straight through, and holds every hash and keyframe against the file's.

import { ChainLink } from "../session/chain-link.js";
import { LEAF_BYTES } from "../simulation/core.js";
import type { WasmSimulation } from "../simulation/game.js";
import { differences, type FieldDifference } from "../simulation/schema.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import type { Keyframe, Replay } from "./format.js";

/** "build": the replay was made by another game build, which is no desync. */
export type Verdict =
  | { kind: "equal"; frames: number; checks: number }
  | { kind: "differs"; difference: Difference }
  | { kind: "build"; why: string }
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
}

/** Plays the whole replay on a simulation of the build it was recorded with; any ring will do. */
export function verifyReplay(replay: Replay, simulation: WasmSimulation): Verdict {
  const build = sameBuild(replay, simulation);
  if (build !== undefined) return { kind: "build", why: build };
  return new Run(replay, simulation).all();
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

class Run {
  readonly #replay: Replay;
  readonly #simulation: WasmSimulation;
  readonly #link: ChainLink;
  readonly #recordBytes: number;
  #check = 0;
  #keyframe = 0;
  #compared = 0;
  #malformed = false;
  #keyState: Uint8Array;
  /** States before this frame, and the inputs that led to them, are the recorded ones. */
  #goodUntil = 0;

  constructor(replay: Replay, simulation: WasmSimulation) {
    this.#replay = replay;
    this.#simulation = simulation;
    this.#recordBytes = replay.config.players * (CELL_HEADER_BYTES + replay.config.inputBytes);
    this.#link = new ChainLink(simulation, this.#recordBytes);
    this.#keyState = new Uint8Array(simulation.stateBytes);
  }

  all(): Verdict {
    const { frames, records, config } = this.#replay;
    const simulation = this.#simulation;
    simulation.reset(config);
    for (let frame = 0; frame < frames; frame++) {
      simulation.save(0);
      const parts = this.#compareKeyframe(frame);
      if (parts !== undefined) return this.#differs(frame + 1, frame, parts);
      const record = records.subarray(frame * this.#recordBytes, (frame + 1) * this.#recordBytes);
      this.#link.add(0, record);
      if (!this.#compareChain(frame + 1)) return this.#localise(frame);
      if (simulation.step(record) === "trapped") {
        const difference = {
          frame,
          end: frame + 1,
          fieldsAt: undefined,
          leaf: undefined,
          fields: [],
          trap: simulation.trap,
        };
        return { kind: "differs", difference };
      }
    }
    if (this.#malformed) return { kind: "unreadable", why: "a keyframe makes no sense" };
    if (this.#compared === 0) return { kind: "unreadable", why: "it holds no hash to compare" };
    return { kind: "equal", frames, checks: this.#compared };
  }

  /** True when the chain agrees at `end`, or nothing was recorded there. */
  #compareChain(end: number): boolean {
    const check = this.#replay.checks[this.#check];
    if (check?.frame !== end) return true;
    this.#check += 1;
    if (check.chain !== this.#link.value) return false;
    this.#compared += 1;
    this.#goodUntil = end;
    return true;
  }

  /** Where the states differ, when there is a keyframe at this frame and it does not hold this state. */
  #compareKeyframe(frame: number): Parts | undefined {
    const keyframe = this.#replay.keyframes[this.#keyframe];
    if (keyframe?.frame !== frame) return undefined;
    this.#keyframe += 1;
    return this.#against(keyframe);
  }

  #against(keyframe: Keyframe): Parts | undefined {
    const simulation = this.#simulation;
    const recorded = simulation.core.deltaDecode(this.#keyState, keyframe.delta);
    if (recorded === undefined) {
      this.#malformed = true; // it says nothing about the match
      return undefined;
    }
    this.#compared += 1;
    this.#keyState = recorded;
    const now = simulation.core.slot(0);
    const first = recorded.findIndex((byte, i) => byte !== now[i]);
    if (first < 0) return undefined;
    return { leaf: Math.floor(first / LEAF_BYTES), fields: differences(simulation.schema, recorded, now) };
  }

  // The chain parted in [goodUntil, frame]. The next keyframe shows in which fields.
  #localise(frame: number): Verdict {
    const { keyframes, records, frames } = this.#replay;
    const simulation = this.#simulation;
    const next = keyframes[this.#keyframe];
    for (let at = frame; next !== undefined && at < next.frame && at < frames; at++) {
      const record = records.subarray(at * this.#recordBytes, (at + 1) * this.#recordBytes);
      if (simulation.step(record) === "trapped") break;
      simulation.save(0);
    }
    const parts = next === undefined ? undefined : this.#against(next);
    return this.#differs(frame + 1, parts === undefined ? undefined : next?.frame, parts);
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
