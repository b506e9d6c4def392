// The phases of a frame: the state after each of them, and the phase in which two builds part.
import type { FieldDifference } from "../../simulation/schema.js";
import { Comparison } from "../comparison.js";
import type { Side } from "./sides.js";
import { type GameCode, type Rerun, rerun, type Write } from "./write-log.js";

export interface PhaseEnd {
  /** The number that the game gave to `phase()`; undefined for what it does before its first phase. */
  readonly phase: number | undefined;
  /** The state when the next phase begins, or the frame ends. */
  readonly state: Uint8Array;
  /** False: the game trapped in it. */
  readonly ended: boolean;
}

export interface PhaseParting {
  /** The phase in which the states part, by either build's number; they differ where the builds have other phases. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** What differs at the end of that phase, by path; empty where one of them traps in it. */
  readonly fields: readonly FieldDifference[];
  /** Phases that a frame of the first build has in all. Where it is 0, the game never says `phase()`. */
  readonly phases: number;
}

/**
 * The states after each phase of one frame: first what comes before any phase, then each phase in the order in which the
 * game began it. A game that traps has them up to there.
 */
export function phasesOf({ game, moment }: Side): PhaseEnd[] {
  return endsOf(game, rerun(game, moment));
}

/**
 * The first phase of a frame after which two builds are in different states; undefined when they are in the same all
 * along. Each plays from its own state and inputs, as `parting` (parting.ts) found them:
 *
 *   const found = parting(runOfOld, runOfNew);
 *   if (found !== undefined) phaseParting(sidesOf(found, replay.config, { before: oldGame, after: newGame }));
 */
export function phaseParting({
  before,
  after,
}: {
  readonly before: Side;
  readonly after: Side;
}): PhaseParting | undefined {
  const [a, b] = [rerun(before.game, before.moment), rerun(after.game, after.moment)];
  const comparison = new Comparison({ ...before.game, state: a.start }, { ...after.game, state: b.start });
  const [here, there] = [endsOf(before.game, a), endsOf(after.game, b)];
  for (let i = 0; i < Math.max(here.length, there.length); i++) {
    const [mine, yours] = [here[i], there[i]];
    const ended = mine !== undefined && yours !== undefined && mine.ended && yours.ended;
    const fields = ended ? comparison.differences(mine.state, yours.state) : [];
    // Who traps has no state that means anything; both doing so in one phase is no difference.
    if (fields.length === 0 && (ended || (mine?.ended === false && yours?.ended === false))) continue;
    return { before: mine?.phase, after: yours?.phase, fields, phases: here.length - 1 };
  }
  return undefined;
}

function endsOf({ schema }: GameCode, { start, writes, trapped }: Rerun): PhaseEnd[] {
  const { state: region, phase: cell } = schema.regions;
  const state = start.slice();
  const ends: PhaseEnd[] = [];
  let phase: number | undefined;
  for (const write of writes) {
    if (write.address === cell.address) {
      ends.push({ phase, state: state.slice(), ended: true });
      phase = phaseOf(write);
    }
    put(state, region.address, write);
  }
  return [...ends, { phase, state, ended: !trapped }];
}

/** What a write to the phase cell says. */
export function phaseOf({ after }: Write): number {
  return new DataView(after.buffer, after.byteOffset).getInt32(0, true);
}

/** The part of a write that hits the state. */
function put(state: Uint8Array, base: number, { address, after }: Write): void {
  const begin = Math.max(0, base - address);
  const end = Math.min(after.length, base + state.length - address);
  if (begin < end) state.set(after.subarray(begin, end), address + begin - base);
}
