// The course of a match: how it begins, who is still in it, and who has won.
import { clear, configOf, emit, playerCount } from "../../sdk";
import { gather } from "./crowd";
import { Fallen, MatchEnd, MatchStart } from "./events";
import { Rules } from "./outside";
import { putI16, u8At } from "./rows";
import { Kind, MINUTES, OVER_FRAMES, Phase, Structure } from "./rules";
import { setUp } from "./setup";
import { look } from "./sight";
import { buildingStats, unitStats } from "./stats";
import { Seat, world } from "./world";

const FRAMES_PER_MINUTE = 20 * 60;
/** What a kill counts in the score, and how much ore counts one, beside all that still stands. */
const KILL_WORTH = 1;
const ORE_WORTH = 100;

/*
 *   ┌─▶ Playing ──────────────────────▶ Over ──┐
 *   │        one is left, or time is over      │ some seconds
 *   └──────────────────────────────────────────┘
 */
export function advance(): void {
  world.phaseFrame++;
  if (world.phase == Phase.Over) {
    if (world.phaseFrame >= <u32>OVER_FRAMES) restart();
    return;
  }
  let living = 0;
  for (let seat = 0; seat < <i32>world.players; seat++) {
    const me = world.seats.at(seat);
    if (me.alive == 0) continue;
    if (isBeaten(me)) fall(seat);
    else living++;
  }
  world.timer--;
  if (living <= 1) end(false);
  else if (world.timer == 0) end(true);
}

function isBeaten(seat: Seat): bool {
  return configOf<Rules>().battle != 0 ? seat.units == 0 : seat.bases == 0;
}

/** Whoever has lost the last base has lost everything. */
function fall(seat: i32): void {
  const me = world.seats.at(seat);
  me.alive = 0;
  me.fellAt = world.frame;
  emit<Fallen>().owner = <u8>seat;
  const kinds = changetype<usize>(world.units.kind);
  const owners = changetype<usize>(world.units.owner);
  const healths = changetype<usize>(world.units.health);
  const end = <i32>world.unitsEnd;
  for (let unit = 0; unit < end; unit++)
    if (u8At(kinds, unit) != Kind.None && u8At(owners, unit) == seat) putI16(healths, unit, 0);
  const buildingsEnd = <i32>world.buildingsEnd;
  for (let index = 0; index < buildingsEnd; index++) {
    const building = world.buildings.at(index);
    if (building.kind != Structure.None && <i32>building.owner == seat) building.health = 0;
  }
}

/** By time the best score wins, together with whoever has the same. */
function end(byTime: bool): void {
  let best: u32 = 0;
  for (let seat = 0; seat < <i32>world.players; seat++) {
    const me = world.seats.at(seat);
    if (me.alive != 0) best = max<u32>(best, me.score);
  }
  let winner = 0;
  for (let seat = 0; seat < <i32>world.players; seat++) {
    const me = world.seats.at(seat);
    if (me.alive != 0 && (!byTime || me.score == best)) winner |= 1 << seat;
  }
  world.winner = <u8>winner;
  world.byTime = byTime ? 1 : 0;
  world.phase = Phase.Over;
  world.phaseFrame = 0;
  const told = emit<MatchEnd>();
  told.winner = world.winner;
  told.byTime = world.byTime;
}

/** What everybody has, and what he has done. */
export function score(): void {
  for (let seat = 0; seat < <i32>world.players; seat++) {
    const me = world.seats.at(seat);
    me.score = me.killed * KILL_WORTH + me.gathered / ORE_WORTH;
  }
  const kinds = changetype<usize>(world.units.kind);
  const owners = changetype<usize>(world.units.owner);
  const unitsEnd = <i32>world.unitsEnd;
  for (let unit = 0; unit < unitsEnd; unit++) {
    const kind = u8At(kinds, unit);
    if (kind != Kind.None) world.seats.at(u8At(owners, unit)).score += unitStats(kind).worth;
  }
  const buildingsEnd = <i32>world.buildingsEnd;
  for (let index = 0; index < buildingsEnd; index++) {
    const building = world.buildings.at(index);
    if (building.kind != Structure.None) world.seats.at(building.owner).score += buildingStats(building.kind).worth;
  }
}

/** Everything but the dice, the count of frames and of matches is made anew. */
function restart(): void {
  const frame = world.frame;
  const matches = world.matches;
  const high = world.random.hi;
  const low = world.random.lo;
  clear(world);
  world.frame = frame;
  world.matches = matches;
  world.random.hi = high;
  world.random.lo = low;
  begin();
}

/** A match, from an empty state whose dice are seeded. */
export function begin(): void {
  const minutes: i32 = configOf<Rules>().minutes;
  world.players = <u8>playerCount();
  world.matches++;
  world.timer = (minutes == 0 ? MINUTES : minutes) * FRAMES_PER_MINUTE;
  setUp();
  // Everybody looks around before the first command.
  gather();
  look();
  score();
  emit<MatchStart>().match = world.matches;
}
