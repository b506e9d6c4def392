// The course of a match: countdown, fight, KO or time, next round, and after the last one a new match.
import { configOf, emit } from "../../sdk";
import { CAIRN, CHARACTERS, characterOf, RILL } from "./characters";
import { forget } from "./controls";
import { Ko, MatchEnd, RoundEnd, RoundStart } from "./events";
import { begin } from "./fighters";
import { rest } from "./hazard";
import { Rules } from "./outside";
import {
  Action,
  INTRO_FRAMES,
  KO_FRAMES,
  KO_HIT_STOP,
  MATCH_OVER_FRAMES,
  MOVES,
  Phase,
  PLAYERS,
  ROUND_OVER_FRAMES,
  ROUND_SECONDS,
  ROUNDS_TO_WIN,
  STAGE_WIDTH,
  START_X,
  Winner,
} from "./rules";
import { Fighter, PROJECTILES, ROUNDS_KEPT, world } from "./world";

const FRAMES_PER_SECOND = 60;

/*
 *            countdown over          KO or time             still            rounds left
 *   ┌─▶ Intro ───────────▶ Fight ───────────────▶ Ko ─────────────▶ RoundOver ───────────▶ Intro
 *   │                                                                   │ somebody has enough rounds
 *   └──────────────────────── a few seconds ───────────── MatchOver ◀───┘
 */
export function advance(): void {
  world.phaseFrame++;
  const frame: i32 = world.phaseFrame;
  switch (world.phase) {
    case Phase.Intro:
      if (frame >= INTRO_FRAMES) enter(Phase.Fight);
      break;
    case Phase.Fight:
      judge();
      break;
    case Phase.Ko:
      if (frame >= KO_FRAMES) endRound();
      break;
    case Phase.RoundOver:
      if (frame >= ROUND_OVER_FRAMES) afterRound();
      break;
    default:
      if (frame >= MATCH_OVER_FRAMES) beginMatch();
  }
}

function enter(phase: Phase): void {
  world.phase = phase;
  world.phaseFrame = 0;
}

export function beginMatch(): void {
  const rules = configOf<Rules>();
  world.matches++;
  world.round = 0;
  world.matchWinner = Winner.None;
  for (let seat = 0; seat < PLAYERS; seat++) {
    const me = world.fighters.at(seat);
    const chosen: i32 = seat == 0 ? rules.firstCharacter : rules.secondCharacter;
    const ofSeat = seat == 0 ? RILL : CAIRN;
    me.character = <u8>(chosen >= 1 && chosen <= CHARACTERS ? chosen - 1 : ofSeat);
    me.roundsWon = 0;
    me.meter = 0;
    me.comboBest = 0;
    for (let move = 0; move < MOVES; move++) {
      me.tried.set(move, 0);
      me.landed.set(move, 0);
    }
  }
  beginRound();
}

function beginRound(): void {
  const seconds: i32 = configOf<Rules>().roundSeconds;
  world.round++;
  world.timer = <u16>((seconds == 0 ? ROUND_SECONDS : seconds) * FRAMES_PER_SECOND);
  world.roundWinner = Winner.None;
  world.byTime = 0;
  place(world.fighters.at(0), START_X, 1);
  place(world.fighters.at(1), STAGE_WIDTH - START_X, -1);
  for (let i = 0; i < PROJECTILES; i++) world.projectiles.at(i).life = 0;
  rest();
  enter(Phase.Intro);
  emit<RoundStart>().round = world.round;
}

/** Health, place and everything of the last round set back; meter and rounds stay. */
function place(me: Fighter, x: i32, facing: i32): void {
  me.position.x = x << 16;
  me.position.y = 0;
  me.velocity.x = 0;
  me.velocity.y = 0;
  me.push = 0;
  me.facing = <i8>facing;
  me.health = characterOf(me.character).health;
  me.comboDamage = 0;
  me.combo = 0;
  me.juggle = 0;
  me.stun = 0;
  me.hitStop = 0;
  me.unthrowable = 0;
  me.recoils = 0;
  me.power = 0;
  forget(me);
  begin(me, Action.Idle);
}

/** At the end of a frame of the fight: is anybody down for good, or is the time over? */
function judge(): void {
  const first = world.fighters.at(0);
  const second = world.fighters.at(1);
  const losers = (first.health == 0 ? 1 : 0) | (second.health == 0 ? 2 : 0);
  if (losers != 0) {
    world.roundWinner = losers == 3 ? Winner.Draw : 3 - losers;
    first.hitStop = KO_HIT_STOP;
    second.hitStop = KO_HIT_STOP;
    emit<Ko>().losers = <u8>losers;
    enter(Phase.Ko);
    return;
  }
  world.timer--;
  if (world.timer > 0) return;
  world.byTime = 1;
  world.roundWinner = healthier(first, second);
  enter(Phase.Ko);
}

/** Compared as shares of the full health, which differs: a / A > b / B as a·B > b·A. */
function healthier(first: Fighter, second: Fighter): Winner {
  const one = <i32>first.health * characterOf(second.character).health;
  const other = <i32>second.health * characterOf(first.character).health;
  return one > other ? Winner.First : one < other ? Winner.Second : Winner.Draw;
}

/** A drawn round counts for both. */
function endRound(): void {
  const winner = world.roundWinner;
  for (let seat = 0; seat < PLAYERS; seat++) {
    const me = world.fighters.at(seat);
    const wins = (winner & (1 << seat)) != 0;
    if (wins) me.roundsWon++;
    me.velocity.x = 0;
    begin(me, wins && winner != Winner.Draw ? Action.Win : Action.Lose);
  }
  const kept = world.rounds.at((<i32>world.round - 1) & (ROUNDS_KEPT - 1));
  kept.winner = winner;
  kept.byTime = world.byTime;
  kept.secondsLeft = <u8>(<i32>world.timer / FRAMES_PER_SECOND);
  kept.firstHealth = world.fighters.at(0).health;
  kept.secondHealth = world.fighters.at(1).health;
  const end = emit<RoundEnd>();
  end.winner = <u8>winner;
  end.byTime = world.byTime;
  enter(Phase.RoundOver);
}

/** Both can only reach the last round together by drawing it, and then nobody wins alone. */
function afterRound(): void {
  const configured: i32 = configOf<Rules>().roundsToWin;
  const needed = configured == 0 ? ROUNDS_TO_WIN : configured;
  const first = <i32>world.fighters.at(0).roundsWon >= needed;
  const second = <i32>world.fighters.at(1).roundsWon >= needed;
  if (!first && !second) {
    beginRound();
    return;
  }
  world.matchWinner = (first ? Winner.First : 0) | (second ? Winner.Second : 0);
  emit<MatchEnd>().winner = <u8>world.matchWinner;
  enter(Phase.MatchOver);
}
