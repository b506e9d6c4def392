// What each fighter does this frame: one function per kind of action, chosen by a switch.
import { emit, fx } from "../../sdk";
import { characterOf, tenths } from "./characters";
import { backOf, forget, forwardOf, steering, tappedTwice, wantsThrow } from "./controls";
import { Jump, Swing } from "./events";
import { begin, endCombo, isAloft, settle, sideOf, start, wait } from "./fighters";
import { isAirMove, isMove, Move, moveOf, strengthOf } from "./moves";
import { canShoot, shoot } from "./projectiles";
import { Action, Button, Command, Contact, METER_MAX, THROW_GUARD } from "./rules";
import { beHeld, hold } from "./throws";
import { Fighter, world } from "./world";

// Two buttons meant as a throw may come a frame or two apart: the move of the first one still turns into the throw.
const THROW_LENIENCY = 2;
// A dash that has covered its first frames may end in an attack.
const DASH_COMMITTED = 6;

export function act(seat: i32): void {
  const me = world.fighters.at(seat);
  me.actionFrame++;
  if (me.unthrowable > 0) me.unthrowable--;
  const action: i32 = me.action;
  if (isMove(action)) {
    perform(seat, me, action);
    return;
  }
  switch (action) {
    case Action.DashForward:
    case Action.DashBack:
      dash(seat, me, action);
      break;
    case Action.JumpSquat:
      crouchToJump(seat, me);
      break;
    case Action.Jump:
      attackInAir(me);
      break;
    case Action.Hold:
      hold(seat, me);
      break;
    case Action.Held:
      beHeld(seat, me);
      break;
    case Action.Down:
      lie(me);
      break;
    case Action.HitAir:
    case Action.Win:
    case Action.Lose:
      break;
    case Action.Land:
    case Action.Tech:
    case Action.BlockStand:
    case Action.BlockCrouch:
    case Action.HitStand:
    case Action.HitCrouch:
    case Action.WakeUp:
      recover(seat, me, action);
      break;
    default:
      roam(seat, me);
  }
}

/** Free on the ground: the buttons decide. */
function roam(seat: i32, me: Fighter): void {
  me.facing = <i8>sideOf(me, world.fighters.at(1 - seat));
  me.velocity.x = 0;
  if (attack(seat, me)) return;
  const character = characterOf(me.character);
  const buttons = steering(me);
  const forward = forwardOf(me);
  const back = backOf(me);
  if ((buttons & Button.Up) != 0) {
    begin(me, Action.JumpSquat);
  } else if ((buttons & Button.Down) != 0) {
    settle(me, Action.Crouch);
  } else if ((buttons & forward) != 0) {
    if (tappedTwice(me, forward)) begin(me, Action.DashForward);
    else settle(me, Action.WalkForward);
    me.velocity.x = me.facing * tenths(character.walkForward);
  } else if ((buttons & back) != 0) {
    if (tappedTwice(me, back)) begin(me, Action.DashBack);
    else settle(me, Action.WalkBack);
    me.velocity.x = -me.facing * tenths(character.walkBack);
  } else {
    settle(me, Action.Idle);
  }
}

/** Answers a remembered press on the ground, if there is one. */
function attack(seat: i32, me: Fighter): bool {
  const wanted: i32 = me.wanted;
  if (wanted == 0) return false;
  if (special(seat, me)) return true;
  const buttons = steering(me);
  const crouch = (buttons & Button.Down) != 0;
  if (wantsThrow(me)) attackWith(me, Action.Throw);
  else if ((wanted & Button.Heavy) != 0) {
    if (crouch) attackWith(me, Action.CrouchHeavy);
    else attackWith(me, (buttons & forwardOf(me)) != 0 ? Action.Overhead : Action.StandHeavy);
  } else if ((wanted & Button.Medium) != 0) attackWith(me, crouch ? Action.CrouchMedium : Action.StandMedium);
  else attackWith(me, crouch ? Action.CrouchLight : Action.StandLight);
  return true;
}

function attackWith(me: Fighter, move: Action): void {
  start(me, move);
  me.velocity.x = 0;
  forget(me);
}

/** A remembered motion with an attack becomes a special; heavy with a full meter becomes the great one and empties it. */
function special(seat: i32, me: Fighter): bool {
  const command: i32 = me.command;
  const wanted: i32 = me.wanted;
  const heavy = (wanted & Button.Heavy) != 0;
  if (command == Command.None || (!heavy && (wanted & (Button.Light | Button.Medium)) == 0)) return false;
  const great = heavy && me.meter == METER_MAX;
  const shot = command == Command.QuarterForward;
  if (shot && !great && !canShoot(seat)) return false;
  if (great) me.meter = 0;
  me.power = heavy ? 2 : (wanted & Button.Medium) != 0 ? 1 : 0;
  if (shot) attackWith(me, great ? Action.GreatShot : Action.Shot);
  else attackWith(me, great ? Action.GreatStrike : Action.Strike);
  return true;
}

/** In the middle of a move. */
function perform(seat: i32, me: Fighter, action: i32): void {
  const move = moveOf(me.character, action);
  const frame: i32 = me.actionFrame;
  if (frame <= THROW_LENIENCY && becomesThrow(me, action)) return;
  // A move that has touched somebody may be cut short by a special, whether it hurt or was blocked.
  if (move.cancel != 0 && me.contact != Contact.None && special(seat, me)) return;

  const startup: i32 = move.startup;
  const activeEnd = startup + move.active;
  const aloft = isAloft(me);
  if (frame == startup) reachOut(seat, me, action, move);
  if (!aloft) me.velocity.x = frame < activeEnd ? me.facing * advance(me, action, move) : 0;
  // A rising move ends where it touches the floor again.
  if (move.rise != 0 && frame >= startup) return;
  if (frame < activeEnd + move.recovery) return;
  if (aloft) begin(me, Action.Jump);
  else roam(seat, me);
}

/** The stronger the button behind a strike, the further it goes. */
function advance(me: Fighter, action: i32, move: Move): i32 {
  const speed = tenths(move.advance);
  return action == Action.Strike ? speed + <i32>me.power * (speed >> 3) : speed;
}

function becomesThrow(me: Fighter, action: i32): bool {
  const both: i32 = Button.Light | Button.Medium;
  const first = action == Action.StandLight || action == Action.CrouchLight;
  const second = action == Action.StandMedium || action == Action.CrouchMedium;
  if ((!first && !second) || (<i32>me.wanted & both) == 0 || (<i32>me.buttons & both) != both) return false;
  attackWith(me, Action.Throw);
  return true;
}

/** The first active frame: whoever looks should see the swing, and what flies starts to fly. */
function reachOut(seat: i32, me: Fighter, action: i32, move: Move): void {
  const swing = emit<Swing>();
  swing.x = me.position.x + me.facing * (((<i32>move.right) << 16) >> 1);
  swing.y = me.position.y + ((<i32>move.top + move.bottom) << 15);
  swing.strength = <u8>strengthOf(action, me.power);
  swing.player = <u8>seat;
  if (action == Action.Shot || action == Action.GreatShot) shoot(seat, me, action == Action.GreatShot);
  if (move.rise != 0) {
    me.velocity.y = tenths(move.rise);
    me.velocity.x = me.facing * advance(me, action, move);
  }
}

function dash(seat: i32, me: Fighter, action: i32): void {
  const character = characterOf(me.character);
  const frame: i32 = me.actionFrame;
  const forwards = action == Action.DashForward;
  if (forwards && frame >= DASH_COMMITTED && attack(seat, me)) return;
  if (frame >= (forwards ? character.dashFrames : character.backFrames)) {
    roam(seat, me);
    return;
  }
  me.velocity.x = forwards ? me.facing * tenths(character.dashSpeed) : -me.facing * tenths(character.backSpeed);
}

/** The direction held when the feet leave the floor is the direction of the jump. */
function crouchToJump(seat: i32, me: Fighter): void {
  const character = characterOf(me.character);
  me.velocity.x = 0;
  if (<i32>me.actionFrame < character.jumpSquat) return;
  const buttons = steering(me);
  begin(me, Action.Jump);
  me.velocity.y = tenths(character.jumpSpeed);
  if ((buttons & forwardOf(me)) != 0) me.velocity.x = me.facing * tenths(character.jumpForward);
  else if ((buttons & backOf(me)) != 0) me.velocity.x = -me.facing * tenths(character.jumpBack);
  const jump = emit<Jump>();
  jump.x = me.position.x;
  jump.player = <u8>seat;
}

function attackInAir(me: Fighter): void {
  const wanted: i32 = me.wanted;
  // On the very last frames of a jump an attack could not come out; the press is kept for the ground.
  if (wanted == 0 || (me.velocity.y < 0 && me.position.y < fx(20))) return;
  if ((wanted & Button.Heavy) != 0) start(me, Action.AirHeavy);
  else if ((wanted & Button.Medium) != 0) start(me, Action.AirMedium);
  else if ((wanted & Button.Light) != 0) start(me, Action.AirLight);
  if (isAirMove(me.action)) forget(me);
}

/** Waiting until a stun or a landing is over. */
function recover(seat: i32, me: Fighter, action: i32): void {
  me.velocity.x = 0;
  if (me.stun > 0) me.stun--;
  if (me.stun > 0) return;
  if (action != Action.Land) {
    me.unthrowable = THROW_GUARD;
    endCombo(seat);
  }
  roam(seat, me);
}

function lie(me: Fighter): void {
  me.velocity.x = 0;
  if (me.health == 0) return;
  if (me.stun > 0) me.stun--;
  if (me.stun == 0) wait(me, Action.WakeUp, characterOf(me.character).wakeFrames);
}
