// What must hold at every moment of a match, not only at its end (MATCH.md, invariants).
import type { VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { World } from "./world.js";

/** What is wrong, and which law says so. */
export interface Violation {
  oracle: string;
  text: string;
}

/** Looks at the match as it stands, and notes the first violation of each law. */
export function watch(world: World): void {
  const { sequencer } = world.match;
  const { inputs } = sequencer;
  if (inputs === undefined) return;
  for (const { player, gone, index } of world.match.players) {
    const { seat, inputs: mine } = player;
    // Before the start a player does not know which seats nobody took; nor does he ever who left before it.
    const plays = !gone && player.phase !== "probing" && player.phase !== "ended" && !world.departures.away.has(index);
    if (!plays || seat === undefined || mine === undefined || inputs.leftAt(seat) < Infinity) continue;
    inTheWindow(world, seat, player.stats.frame - mine.confirmedEndWithout(seat));
    if (sequencer.stableEnd > Math.max(mine.confirmedEnd, world.departures.stableBefore.get(seat) ?? 0)) {
      const text = `stable end ${sequencer.stableEnd} is beyond player ${seat}'s confirmed end ${mine.confirmedEnd}`;
      note(world, "stable", text);
    }
    for (let other = 0; other < inputs.seats; other++) {
      // What the sequencer put in place of late inputs is his only when he hears of it.
      if (other === seat && (world.config.policy === 1 || inputs.held(seat) <= startDelay(world))) continue;
      if (other === seat)
        held(world, { inputs: mine, name: `player ${seat}` }, { inputs, name: "the sequencer" }, seat);
      else held(world, { inputs, name: "the sequencer" }, { inputs: mine, name: `player ${seat}` }, other);
    }
  }
}

/** What nobody can have pressed before frame zero is neutral, and the sequencer has it as soon as the match starts. */
function startDelay({ departures }: World): number {
  const [first] = departures.delays;
  return first?.frame === 0 ? first.inputDelay : 0;
}

function inTheWindow(world: World, seat: number, speculative: number): void {
  if (speculative <= world.config.predictionWindow) return;
  note(world, "window", `player ${seat} played ${speculative} frames beyond what is confirmed`);
}

interface Holder {
  inputs: NonNullable<VirtualPlayer["player"]["inputs"]>;
  name: string;
}

/** Whoever repeats a seat's inputs holds all that the other side has, and from its end on everything. */
function held(world: World, source: Holder, reader: Holder, seat: number): void {
  const end = reader.inputs.held(seat);
  // Absent since before the snapshot that he came in with.
  if (reader.inputs.leftAt(seat) === reader.inputs.begin(seat)) return;
  if (end > source.inputs.held(seat)) {
    note(world, "write-once", `${reader.name} holds more of seat ${seat} than ${source.name}, from whom it comes`);
  }
  if (end < source.inputs.begin(seat)) {
    note(world, "memory", `${source.name} forgot frame ${end} of seat ${seat}, which ${reader.name} still lacks`);
  }
}

function note(world: World, oracle: string, text: string): void {
  if (!world.broken.has(oracle)) world.broken.set(oracle, { oracle, text });
}
