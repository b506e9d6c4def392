// Laws of what a session can do beyond playing: late inputs replaced, another input delay, long commands, an authority.
import type { VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { PRESENCE_HERE, PRESENCE_REPLACED } from "../../src/simulation/simulation.js";
import { cellOf, memberEnd, presenceOf, same } from "./cells.js";
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
  for (const actor of world.match.players) {
    const { seat } = actor.player;
    if (seat === undefined) continue;
    for (let frame = 0; frame < memberEnd(world, actor); frame++) {
      if (presenceOf(world, seat, world.truth[frame]!) !== PRESENCE_REPLACED) continue;
      if (world.config.policy === 0)
        found.push(`frame ${frame}: player ${actor.index} was replaced in a match that waits`);
      const before = frame > 0 ? cellOf(world, seat, world.truth[frame - 1]!) : NOTHING;
      const wanted = world.config.commands === 1 ? NOTHING : before;
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

// What is final is what was pressed for it, neither more nor less, however the delay is changed; or it says that it is not.
export function pressed(world: World): string[] {
  return world.match.players.flatMap((actor) => misheard(world, actor) ?? []);
}

function misheard(world: World, actor: Actor): string | undefined {
  const { seat } = actor.player;
  const { begin, frames, open } = world.meant[actor.index]!;
  if (seat === undefined) return undefined;
  for (let frame = begin; frame < memberEnd(world, actor); frame++) {
    const record = world.truth[frame]!;
    if (presenceOf(world, seat, record) !== PRESENCE_HERE) continue;
    const cell = cellOf(world, seat, record);
    const wanted = frames.get(frame) ?? NOTHING;
    // Where a gap opened in his sleep what he held down is held on.
    const held = open.has(frame) && frame > 0 && same(cellOf(world, seat, world.truth[frame - 1]!), cell);
    if (same(wanted, cell) || held) continue;
    const how = isIn(wanted, cell) ? "more" : isIn(cell, wanted) ? "less" : "something else";
    return `frame ${frame}: player ${actor.index} pressed [${wanted}], final is ${how}: [${cell}]`;
  }
  return undefined;
}

/** Whether all bits of `a` are bits of `b`. */
function isIn(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => (byte & ~(b[i] ?? 0)) === 0);
}

const NOTHING = new Uint8Array(0);

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
