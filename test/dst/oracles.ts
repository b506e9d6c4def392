// What must be true of a finished match, whatever its network did. Each oracle answers with what is wrong, or nothing.
import type { Game } from "../../src/simulation/game.js";
import { fieldAt } from "../../src/simulation/schema.js";
import { mustReport, type Testimony, type World } from "./world.js";

type Actor = World["match"]["players"][number];

export type Violation = string;

/** A healed path, both ways and with its jitter. */
const HEALED_ROUND_TRIP_MS = 50;

/** How many frames must be confirmed in the four seconds after the network heals: half of what is played in them. */
const PROGRESS_SHARE = 0.5;

export async function judge(world: World, game: Game): Promise<Violation[]> {
  const found: Violation[] = [];
  if (world.broken !== undefined) found.push(world.broken);
  found.push(...inputsEqual(world), ...(await hashesEqual(world, game)));
  found.push(...progressed(world), ...troublesHappened(world), ...desyncsReported(world));
  for (const actor of world.match.players) {
    if (actor.player.stats.malformed > 0)
      found.push(`player ${actor.index} could not decode ${actor.player.stats.malformed}`);
  }
  if (world.match.sequencer.counts.malformed > 0)
    found.push(`the sequencer could not decode ${world.match.sequencer.counts.malformed}`);
  if (world.match.sequencer.counts.equivocations > 0) found.push("an input was changed after it was final");
  return found;
}

function testimony(world: World, actor: Actor): Testimony {
  return world.testimonies[actor.index]!;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Frames for which a player is a member of the match: what he pressed after his last final input concerns nobody. */
function memberEnd(world: World, actor: Actor): number {
  const leftAt = world.match.sequencer.inputs?.leftAt(actor.player.seat ?? 0) ?? Infinity;
  return Math.min(leftAt, world.truth.length);
}

function inputsEqual(world: World): Violation[] {
  for (const actor of world.match.players) {
    const end = Math.min(testimony(world, actor).records.length, memberEnd(world, actor));
    for (let frame = 0; frame < end; frame++) {
      if (!same(testimony(world, actor).records[frame]!, world.truth[frame]!)) {
        return [`frame ${frame}: player ${actor.index} confirmed other inputs than the sequencer made final`];
      }
    }
  }
  return [];
}

/** Frames for which a player's hashes must equal those of the straight-line run: all but those after his own fault. */
function honestEnd(world: World, actor: Actor): number {
  const { fault } = world.schedule;
  const end = Math.min(testimony(world, actor).chain.length, memberEnd(world, actor) + 1);
  return fault?.player === actor.index ? Math.min(end, fault.frame + 2) : end;
}

// The reference: no session, no rollback, no ring. One simulation plays the final inputs once, from start to end.
async function hashesEqual(world: World, game: Game): Promise<Violation[]> {
  const simulation = await game.simulation({ slots: 1 });
  simulation.reset(world.config);
  const words = new Uint32Array(4 + (world.truth[0]?.length ?? 0) / 4);
  const link = new Uint8Array(words.buffer);
  for (let frame = 0; frame < world.truth.length; frame++) {
    simulation.save(0);
    simulation.hash(0, words, 2);
    link.set(world.truth[frame]!, 16);
    simulation.digest(link, words, 0);
    for (const actor of world.match.players) {
      if (frame + 1 < honestEnd(world, actor) && testimony(world, actor).chain[frame + 1] !== words[0]) {
        return [`frame ${frame}: player ${actor.index}'s hash chain differs from the straight-line run`];
      }
    }
    if (simulation.step(world.truth[frame]!) === "trapped") return [`frame ${frame} traps: ${simulation.trap}`];
  }
  return [];
}

function progressed(world: World): Violation[] {
  const { calmFrame, laterFrame, config } = world;
  const { sequencer } = world.match;
  // Only somebody who goes while all gather keeps a match from starting.
  const goers = world.schedule.troubles.some(({ kind }) => kind === "leave" || kind === "kill");
  if (!sequencer.started) return goers ? [] : ["the match never started"];
  if (sequencer.over) return [];
  if (calmFrame === undefined || laterFrame === undefined) return ["the match did not last until the network was calm"];
  // With a short window the round trip sets the pace: window + delay + 1 frames for each of them, ticks included.
  const { predictionWindow, inputDelay, framesPerSecond } = config;
  const roundTripMs = HEALED_ROUND_TRIP_MS + 2 * Math.max(...world.schedule.tickMs);
  const reachable = Math.min(framesPerSecond, (1000 / roundTripMs) * (predictionWindow + inputDelay + 1));
  const least = Math.min(4 * reachable * PROGRESS_SHARE, Math.max(0, world.schedule.frames - calmFrame));
  if (laterFrame - calmFrame < least) {
    return [`only ${laterFrame - calmFrame} frames were confirmed in the 4 s after the network was calm`];
  }
  const stuck = world.match.players.find(
    (actor) => !actor.gone && actor.player.stats.confirmedEnd < world.schedule.frames,
  );
  return stuck === undefined ? [] : [`player ${stuck.index} stopped at frame ${stuck.player.stats.confirmedEnd}`];
}

// A fault that did not bite proves nothing.
function troublesHappened(world: World): Violation[] {
  const found: Violation[] = [];
  const { schedule } = world;
  const { players } = world.match;
  for (const trouble of schedule.troubles) {
    if (!world.happened.has(trouble) && trouble.at < world.endedAt && trouble.kind !== "sleep") {
      const gone = players[trouble.player]!.gone;
      if (!gone) found.push(`the ${trouble.kind} at ${trouble.at} ms never happened`);
    }
  }
  for (const actor of players) {
    const { loss, burst } = schedule.up[actor.index]!;
    // So many bursts of losses are expected that none at all would be a miracle.
    const expected = (world.sentSpoiled[actor.index]! * loss) / burst;
    const lost = actor.up.counts.lost + actor.up.counts.retransmitted;
    if (expected > 15 && lost === 0) found.push(`player ${actor.index}'s lossy link lost nothing`);
  }
  return found;
}

function desyncsReported(world: World): Violation[] {
  const { fault } = world.schedule;
  const found: Violation[] = [];
  for (const actor of world.match.players) {
    const reports = actor.events.filter((event) => event.type === "desync");
    if (fault === undefined) {
      if (reports.length > 0)
        found.push(`player ${actor.index} reports a desync that is none: frame ${reports[0]!.frame}`);
      continue;
    }
    const report = reports[0];
    if (report === undefined) {
      if (mustReport(world))
        found.push(`player ${actor.index} never heard of the fault planted at frame ${fault.frame}`);
      continue;
    }
    const { schema, stateBytes } = actor.simulation;
    const expected = fieldAt(schema, schema.root, (fault.bit >>> 3) % stateBytes);
    if (reports.length > 1) found.push(`player ${actor.index} reports ${reports.length} desyncs`);
    if (report.frame !== fault.frame + 1 || report.verdict !== "state") {
      found.push(
        `player ${actor.index} reports ${report.verdict} of frame ${report.frame}, not state of ${fault.frame + 1}`,
      );
    }
    const party = report.seats.includes(actor.player.seat!);
    const paths = report.fields.map((field) => field.path);
    const right = expected === undefined ? paths.length <= 1 : paths.length === 1 && paths[0] === expected.path;
    if (party && !right) {
      found.push(`player ${actor.index} names ${paths.join(", ") || report.note}, not ${expected?.path ?? "padding"}`);
    }
    if (report.hashes[0] === report.hashes[1]) found.push(`the report's hashes are equal: ${report.hashes[0]}`);
  }
  return found;
}
