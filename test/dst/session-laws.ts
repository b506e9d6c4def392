// Laws of what a session can do beyond playing: late inputs replaced, another input delay, long commands, an authority.
import type { VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { PRESENCE_HERE, PRESENCE_REPLACED } from "../../src/simulation/simulation.js";
import { cellOf, memberEnd, presenceOf, same } from "./cells.js";
import { mayHaveSlept } from "./departures.js";
import { seatsOf } from "./schedule.js";
import { presentIn, type World } from "./world.js";

type Actor = VirtualPlayer<WasmSimulation>;

/** Those who played from the start to the end, and so heard of all. */
function regulars(world: World): Actor[] {
  return presentIn(world).filter(
    ({ index, player }) => !world.departures.everAway.has(index) && player.seat !== undefined,
  );
}

// A replaced input is his newest one again, or of commands none; and he is told of each, once the stretch is over.
export function replacements(world: World): string[] {
  const found: string[] = [];
  const nothing = new Uint8Array(0);
  for (const actor of world.match.players) {
    const { seat } = actor.player;
    if (seat === undefined) continue;
    for (let frame = 0; frame < memberEnd(world, actor); frame++) {
      if (presenceOf(world, seat, world.truth[frame]!) !== PRESENCE_REPLACED) continue;
      if (world.config.policy === 0)
        found.push(`frame ${frame}: player ${actor.index} was replaced in a match that waits`);
      const before = frame > 0 ? cellOf(world, seat, world.truth[frame - 1]!) : nothing;
      const wanted = world.config.commands === 1 ? nothing : before;
      if (same(wanted, cellOf(world, seat, world.truth[frame]!))) continue;
      found.push(`frame ${frame}: player ${actor.index} was replaced by what he had not pressed`);
      break;
    }
  }
  for (const actor of regulars(world)) found.push(...replacedTold(world, actor));
  return found;
}

function replacedTold(world: World, { index, player, events }: Actor): string[] {
  const told = new Set<number>();
  for (const event of events) {
    if (event.type !== "replaced") continue;
    for (let frame = event.begin; frame < event.end; frame++) told.add(frame);
  }
  const end = Math.min(world.truth.length, player.inputs!.end(player.seat!));
  const flagged = (frame: number): boolean =>
    presenceOf(world, player.seat!, world.truth[frame]!) === PRESENCE_REPLACED;
  // A stretch that has only just ended, or not yet, is still to be told.
  let settled = end;
  while (settled > 0 && !flagged(settled - 1)) settled -= 1;
  while (settled > 0 && flagged(settled - 1)) settled -= 1;
  for (let frame = 0; frame < end; frame++) {
    if (told.has(frame) && !flagged(frame))
      return [`frame ${frame}: player ${index} was told of a replacement that is none`];
    if (!told.has(frame) && flagged(frame) && frame < settled)
      return [`frame ${frame}: player ${index} was not told that he was replaced`];
  }
  return [];
}

// Everybody hears of the same input delays, from the same frames on.
export function delaysEqual(world: World): string[] {
  const decided = world.departures.delays.map(({ frame, inputDelay }) => `${inputDelay} from ${frame}`);
  const found: string[] = [];
  for (const { index, events } of regulars(world)) {
    const heard = events.flatMap((event) =>
      event.type === "delay" ? [`${event.inputDelay} from ${event.frame}`] : [],
    );
    const missing = decided.length - heard.length;
    // The last one may be on its way when somebody who came back keeps the others from knowing.
    if (
      missing < 0 ||
      decided.slice(0, heard.length).join() !== heard.join() ||
      (missing > 0 && world.departures.everAway.size === 0)
    ) {
      found.push(`player ${index} heard of input delays ${heard.join(", ")}, decided were ${decided.join(", ")}`);
    }
  }
  return found;
}

/** Whether each sample had one frame for it: nothing was merged, filled in or left out. */
export function oneToOne({ departures, config }: World): boolean {
  return departures.delays.length === 0 && config.policy === 0;
}

// However the delay is changed, each command is carried out once, and in order; under deadlines some come too late.
export function commandsOnce(world: World): string[] {
  if (world.config.commands === 0 || oneToOne(world)) return [];
  const found: string[] = [];
  for (const actor of regulars(world)) {
    const given = world.hands[actor.index]!.pressed.filter(({ length }) => length > 0).map(String);
    let next = 0;
    for (let frame = 0; frame < memberEnd(world, actor); frame++) {
      const done = cellOf(world, actor.player.seat!, world.truth[frame]!);
      if (done.length === 0) continue;
      const at = given.indexOf(String(done), next);
      if (at < 0 || (world.config.policy === 0 && at !== next)) {
        found.push(`frame ${frame}: player ${actor.index} gave another command than [${done}], or another one before`);
        break;
      }
      next = at + 1;
    }
  }
  return found;
}

// Where a lowered delay puts several samples into one frame, the frame has every button that was pressed in any of them.
export function mergedPresses(world: World): string[] {
  const { config, departures, hands, truth } = world;
  if (config.commands === 1 || config.policy === 1 || departures.delays.length === 0) return [];
  const delayAt = (frame: number): number =>
    departures.delays.findLast((change) => change.frame <= frame)?.inputDelay ?? config.inputDelay;
  const found: string[] = [];
  for (const actor of regulars(world)) {
    if (mayHaveSlept(world, actor.index)) continue;
    const { pressed, places } = hands[actor.index]!;
    const end = memberEnd(world, actor);
    for (let sample = 0; sample < pressed.length; sample++) {
      // A frame that is taken already was sampled before the delay was lowered: the next free one has both.
      const frame = Math.max(places[sample]!, sample + delayAt(sample));
      if (frame >= end) break;
      // Who hears late of a change has put it where the next free frame was.
      const played = [frame, places[sample]!].map((at) => cellOf(world, actor.player.seat!, truth[at]!)[0] ?? 0);
      const missing = pressed[sample]![0]! & ~(played[0]! | played[1]!);
      if (missing === 0) continue;
      found.push(`player ${actor.index} pressed buttons ${missing} in frame ${sample}, not to be found in ${frame}`);
      break;
    }
  }
  return found;
}

// Under deadlines what was in time is what was pressed for that frame.
export function pressedInTime(world: World): string[] {
  if (world.config.policy === 0 || world.departures.delays.length > 0) return [];
  const found: string[] = [];
  for (const actor of regulars(world)) {
    const { pressed, places } = world.hands[actor.index]!;
    const byFrame = new Map(places.map((frame, i) => [frame, pressed[i]!]));
    for (let frame = 0; frame < memberEnd(world, actor); frame++) {
      const record = world.truth[frame]!;
      const wanted = byFrame.get(frame);
      if (wanted === undefined || presenceOf(world, actor.player.seat!, record) !== PRESENCE_HERE) continue;
      const cell = cellOf(world, actor.player.seat!, record);
      if (same(cell, wanted)) continue;
      found.push(`frame ${frame}: player ${actor.index} pressed [${wanted}] in time, final is [${cell}]`);
      break;
    }
  }
  return found;
}

// Nobody is blamed who computes rightly; with an authority whoever does not is.
export function blame(world: World): string[] {
  const { fault, authority = false } = world.schedule;
  const faulty = fault === undefined ? undefined : world.match.players[fault.player]!.player.seat;
  const found: string[] = [];
  for (const { blamed, frame } of world.departures.verdicts) {
    const wrong = blamed.find((seat) => seat !== faulty);
    if (fault === undefined) found.push(`a desync that is none: frame ${frame}`);
    else if (wrong !== undefined) found.push(`seat ${wrong} is blamed for what seat ${faulty} computed`);
    else if (authority && blamed.length === 0) found.push(`seat ${faulty} is not blamed, though there is an authority`);
  }
  return found;
}

/** What every path of the Internet carries whole, with room for the headers of tunnels. */
const DATAGRAM_BYTES_MAX = 1200;

export function datagramsFit({ largest }: World): string[] {
  return largest.bytes <= DATAGRAM_BYTES_MAX ? [] : [`a datagram had ${largest.bytes} bytes`];
}

// Who looks on sees the match as it is, or is told that he cannot: `finished` waits for him.
export function guestsFollow(world: World): string[] {
  const { schedule, match } = world;
  if (match.sequencer.over || !match.sequencer.started || presentIn(world).length === 0) return [];
  const found: string[] = [];
  for (const { index, player, gone } of match.players.slice(seatsOf(schedule))) {
    const { confirmedEnd } = player.stats;
    if (!gone && confirmedEnd < schedule.frames) found.push(`guest ${index} stopped at frame ${confirmedEnd}`);
  }
  return found;
}
