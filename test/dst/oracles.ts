// What must be true of a finished match, whatever its network did. Each oracle answers with what is wrong, or nothing.
import type { VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { fieldAt } from "../../src/simulation/schema.js";
import { memberEnd, same } from "./cells.js";
import { lastFrames, reasonsToGo } from "./departures.js";
import type { Violation } from "./invariants.js";
import { nobodyIsReplaced, nobodyWaits, symmetric } from "./quiet-laws.js";
import { anyoneGoes, seatsOf } from "./schedule.js";
import { blame, datagramsFit, delaysEqual, guestsFollow, pressed, replacements } from "./session-laws.js";
import { untilOf } from "./troubles.js";
import { CALM_MS, calmDelay, leastPace, mustReport, presentIn, type World } from "./world.js";

type Oracle = (world: World) => string[] | Promise<string[]>;
type Actor = VirtualPlayer<WasmSimulation>;

/** Datagrams that one turn may hand over for each player: answers to everything that came at once after an outage. */
const WAITING_EACH = 16;

/** Every law by its name. */
const ORACLES: Record<string, Oracle> = {
  "final-inputs": inputsEqual,
  pressed,
  "write-once": writtenOnce,
  hashes: hashesEqual,
  progress: progressed,
  bite: troublesBit,
  desync: desyncsReported,
  "last-frames": lastFrames,
  departures: reasonsToGo,
  decoding,
  memory: bounded,
  replaced: replacements,
  "input-delay": delaysEqual,
  blame,
  datagrams: datagramsFit,
  guests: guestsFollow,
  "nobody-waits": nobodyWaits,
  "nobody-replaced": nobodyIsReplaced,
  symmetry: symmetric,
};

/** Those that are seen while the match runs, in every moment, and what is thrown. */
const OTHERS = ["window", "stable", "throws"];

/** All that a mutant may break. */
export const LAWS: readonly string[] = [...Object.keys(ORACLES), ...OTHERS];

export async function judge(world: World): Promise<Violation[]> {
  const found = [...world.broken.values()];
  for (const [oracle, law] of Object.entries(ORACLES)) {
    for (const text of await law(world)) found.push({ oracle, text });
  }
  return found;
}

function inputsEqual(world: World): string[] {
  for (const actor of world.match.players) {
    const { records } = world.testimonies[actor.index]!;
    const end = Math.min(records.length, memberEnd(world, actor));
    for (let frame = 0; frame < end; frame++) {
      if (!same(records[frame], world.truth[frame]!)) {
        return [`frame ${frame}: player ${actor.index} confirmed other inputs than the sequencer made final`];
      }
    }
  }
  return [];
}

// What was copied when it was confirmed is still what everybody holds.
function writtenOnce(world: World): string[] {
  const { sequencer, players } = world.match;
  if (sequencer.counts.equivocations > 0) return ["a player sent an input again, and it was another one"];
  const found: string[] = [];
  for (const actor of players) {
    const { records } = world.testimonies[actor.index]!;
    const { inputs } = actor.player;
    if (inputs === undefined || world.departures.away.has(actor.index)) continue;
    const oldest = Math.max(0, ...Array.from({ length: inputs.seats }, (_, seat) => inputs.begin(seat)));
    for (let frame = oldest; frame < records.length; frame++) {
      if (same(records[frame], inputs.record(frame))) continue;
      found.push(`frame ${frame}: player ${actor.index} confirmed inputs that are others by now`);
      break;
    }
  }
  return found;
}

/** Frames for which a player's hashes must equal those of the straight-line run: all but those after his own fault. */
function honestEnd(world: World, actor: Actor): number {
  const { fault, authority } = world.schedule;
  const end = Math.min(world.testimonies[actor.index]!.chain.length, memberEnd(world, actor) + 1);
  if (fault?.player === actor.index) return Math.min(end, fault.frame + 2);
  // Who came in with a state that somebody gave him may have that of the one who is wrong, if nobody else could be asked.
  const given = world.departures.everAway.has(actor.index) || (actor.player.running?.snapshot?.size ?? 0) > 0;
  if (fault === undefined || authority === true || !given) return end;
  return Math.min(end, (world.departures.decided.get(actor.player.seat ?? -1)?.[0] ?? 0) + 1);
}

// The reference: no session, no rollback, no ring. One simulation plays the final inputs once, from start to end.
async function hashesEqual(world: World): Promise<string[]> {
  const simulation = await world.game.simulation({ slots: 1 });
  simulation.reset(world.config);
  const words = new Uint32Array(4 + (world.truth[0]?.length ?? 0) / 4);
  const link = new Uint8Array(words.buffer);
  for (let frame = 0; frame < world.truth.length; frame++) {
    simulation.save(0);
    simulation.hash(0, words, 2);
    link.set(world.truth[frame]!, 16);
    simulation.digest(link, words, 0);
    for (const actor of world.match.players) {
      const { chain } = world.testimonies[actor.index]!;
      if (frame + 1 < honestEnd(world, actor) && chain[frame + 1] !== undefined && chain[frame + 1] !== words[0]) {
        return [`frame ${frame}: player ${actor.index}'s hash chain differs from the straight-line run`];
      }
    }
    if (simulation.step(world.truth[frame]!) === "trapped") return [`frame ${frame} traps: ${simulation.trap}`];
  }
  return [];
}

function progressed(world: World): string[] {
  const { calmFrame, laterFrame, schedule } = world;
  const { sequencer } = world.match;
  // Only somebody who goes while all gather keeps a match from starting.
  if (!sequencer.started) return anyoneGoes(schedule) ? [] : ["the match never started"];
  if (sequencer.over) return [];
  if (calmFrame === undefined || laterFrame === undefined) return ["the match did not last until the network was calm"];
  const pace = leastPace(world, calmDelay(world));
  const least = Math.min((CALM_MS / 1000) * pace, Math.max(0, schedule.frames - calmFrame));
  if (laterFrame - calmFrame < least) {
    return [`only ${laterFrame - calmFrame} frames were confirmed in the ${CALM_MS} ms after the network was calm`];
  }
  const stuck = presentIn(world).find(({ player }) => player.stats.confirmedEnd < schedule.frames);
  return stuck === undefined ? [] : [`player ${stuck.index} stopped at frame ${stuck.player.stats.confirmedEnd}`];
}

// A fault that did not bite proves nothing.
function troublesBit(world: World): string[] {
  const found: string[] = [];
  const { schedule, match, troubles } = world;
  for (const trouble of schedule.troubles) {
    const victim = "player" in trouble ? match.players[trouble.player]! : undefined;
    if (!troubles.happened.has(trouble) && trouble.at < world.endedAt && !victim?.gone) {
      found.push(`the ${trouble.kind} at ${trouble.at} ms never happened`);
    }
  }
  for (const { index, up } of match.players) {
    const { loss = 0, burst = 1 } = schedule.players[index]!.up;
    // So many bursts of losses are expected that none at all would be a miracle.
    const expected = (world.sentSpoiled[index]! * loss) / burst;
    const lost = up.counts.lost + up.counts.retransmitted;
    if (expected > 15 && lost === 0) found.push(`player ${index}'s lossy link lost nothing`);
  }
  return found;
}

function desyncsReported(world: World): string[] {
  const { fault } = world.schedule;
  const [spoilt] = world.departures.spoilt;
  const found: string[] = [];
  if (fault === undefined && spoilt !== undefined)
    found.push(`the state of frame ${spoilt} is called wrong, and is right`);
  for (const actor of world.match.players) {
    const reports = actor.events.filter((event) => event.type === "desync");
    const report = reports[0];
    const who = `player ${actor.index}`;
    if (fault === undefined) {
      if (report !== undefined) found.push(`${who} reports a desync that is none: frame ${report.frame}`);
      continue;
    }
    if (report === undefined) {
      if (mustReport(world) && actor.player.seat !== undefined)
        found.push(`${who} never heard of the fault planted at frame ${fault.frame}`);
      continue;
    }
    const { schema, stateBytes } = actor.simulation;
    const expected = fieldAt(schema, schema.root, (fault.bit >>> 3) % stateBytes);
    if (reports.length > 1) found.push(`${who} reports ${reports.length} desyncs`);
    if (report.frame !== fault.frame + 1 || report.differs !== "state") {
      found.push(`${who} reports ${report.differs} of frame ${report.frame}, not state of ${fault.frame + 1}`);
    }
    const party = report.seats.includes(actor.player.seat!);
    const paths = report.fields.map((field) => field.path);
    const right = expected === undefined ? paths.length <= 1 : paths.length === 1 && paths[0] === expected.path;
    if (party && !right && !gaveUp(world, report.note)) {
      found.push(`${who} names ${paths.join(", ") || report.note}, not ${expected?.path ?? "padding"}`);
    }
    if (report.hashes[0] === report.hashes[1]) found.push(`the report's hashes are equal: ${report.hashes[0]}`);
  }
  return found;
}

/**
 * The other side went, or the match did, while the evidence was on its way; or where nobody waits, those in time had played
 * on too far when the late one told his hash: then there is a reason instead of a field.
 */
function gaveUp(world: World, note: string | undefined): boolean {
  const gone = presentIn(world).length < seatsOf(world.schedule);
  return note !== undefined && (gone || world.config.policy === 1);
}

function decoding({ match }: World): string[] {
  const found: string[] = [];
  for (const { index, player } of match.players) {
    const { malformed } = player.stats;
    if (malformed > 0) found.push(`player ${index} could not decode ${malformed} datagrams`);
  }
  const { malformed } = match.sequencer.counts;
  if (malformed > 0) found.push(`the sequencer could not decode ${malformed} datagrams`);
  return found;
}

// What waits to be sent or told follows from the longest outage, never from the length of the match.
function bounded(world: World): string[] {
  const { schedule, match } = world;
  const found: string[] = [];
  const longestMs = Math.max(0, ...schedule.troubles.map((trouble) => untilOf(trouble) - trouble.at));
  const allTroublesMs = schedule.troubles.reduce((sum, trouble) => sum + untilOf(trouble) - trouble.at, longestMs);
  for (const { index, most } of match.players) {
    const waiting = WAITING_EACH + Math.ceil(allTroublesMs / schedule.players[index]!.tickMs);
    if (most.datagrams > waiting) found.push(`player ${index} had ${most.datagrams} datagrams waiting, not ${waiting}`);
    if (most.events > WAITING_EACH) found.push(`player ${index} had ${most.events} events waiting`);
  }
  const frames = Math.ceil((allTroublesMs * match.players.length * 60) / 1000);
  const waiting = match.players.length * (WAITING_EACH + frames);
  if (match.mostDatagrams > waiting) {
    found.push(`the sequencer had ${match.mostDatagrams} datagrams waiting, not ${waiting}`);
  }
  return found;
}
