// Who strikes whom in this frame: both sides are judged on the same picture before either of them suffers.

import { comboAgainst, credit, gainMeter, receive } from "./blows";
import { touches } from "./boxes";
import { countLanded, isAloft, isVulnerable, sideOf } from "./fighters";
import { isMove, Move, moveOf, strengthOf } from "./moves";
import { Contact } from "./rules";
import { judgeThrows } from "./throws";
import { Fighter, world } from "./world";

export function fight(): void {
  const first = world.fighters.at(0);
  const second = world.fighters.at(1);
  const firstReaches = reaches(first, second);
  const secondReaches = reaches(second, first);
  if (!firstReaches && !secondReaches) {
    judgeThrows();
    return;
  }
  // Read before the first of two simultaneous blows changes what the other one is doing.
  const firstAction: i32 = first.action;
  const secondAction: i32 = second.action;
  if (firstReaches) strike(0, firstAction);
  if (secondReaches) strike(1, secondAction);
}

function reaches(me: Fighter, you: Fighter): bool {
  const action: i32 = me.action;
  if (!isMove(action) || me.contact != Contact.None || me.hitStop != 0) return false;
  const move = moveOf(me.character, action);
  const frame = <i32>me.actionFrame - move.startup;
  if (frame < 0 || frame >= move.active || move.right <= move.left) return false;
  return isVulnerable(you) && touches(move, me.position.x, me.position.y, me.facing, you);
}

function strike(seat: i32, action: i32): void {
  const victim = 1 - seat;
  const me = world.fighters.at(seat);
  const you = world.fighters.at(victim);
  const move: Move = moveOf(me.character, action);
  const before = <i32>you.health;
  const side = sideOf(me, you);
  // The spark sits on the near side of the victim, as high as the blow.
  const x = (me.position.x + you.position.x + me.facing * ((<i32>move.right) << 16)) / 2;
  const y = me.position.y + ((<i32>move.bottom + move.top) << 15);
  const combo = comboAgainst(me, you);
  const blocked = receive(victim, move, side, x, y, strengthOf(action, me.power), combo);
  you.recoils = isAloft(me) ? 0 : 1;
  me.hitStop = <u8>move.hitStop;
  me.contact = blocked ? Contact.Blocked : Contact.Hit;
  gainMeter(me, blocked ? <i32>move.meter >> 1 : <i32>move.meter);
  if (blocked) return;
  credit(me, before - you.health);
  countLanded(me, action);
}
