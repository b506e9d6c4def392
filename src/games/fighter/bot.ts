// A player made of habits: it sees the match a human moment late, and picks among plans by distance, threat and dice.

import { Dice } from "../dice.js";
import { CHARACTERS } from "./characters.js";
import { decide, punish } from "./habits.js";
import { isMove, Level, moveOf } from "./moves.js";
import { BACK, FORWARD, hold, type Plan, quarter } from "./plans.js";
import { Action, Button, Contact, METER_MAX, Phase, Stage } from "./rules.js";
import { Sight } from "./sight.js";
import type { Fighter, World } from "./types.js";

export interface BotOptions {
  readonly seat: number;
  readonly seed: number;
  /** 0 a beginner, 1 somebody who practises; shortens reactions and makes blocks and punishes more likely. */
  readonly skill?: number;
}

// At skill 0 and 1. The fastest trained reaction to something seen is about twelve frames.
const REACTION_SLOWEST = 26;
const REACTION_FASTEST = 12;
const SKILL = 0.6;

export class Bot {
  readonly #seat: number;
  readonly #skill: number;
  readonly #dice: Dice;
  readonly #sight: Sight;
  #plan: Plan = [];
  #step = 0;
  #stepFrame = 0;
  // One decision per threat and per own contact: dice thrown every frame would come up sooner or later.
  #answeredThreat = -1;
  #answeredContact = false;
  #answeredHold = false;

  constructor({ seat, seed, skill = SKILL }: BotOptions) {
    this.#seat = seat;
    this.#skill = skill;
    this.#dice = new Dice(seed);
    this.#sight = new Sight(Math.round(REACTION_SLOWEST - (REACTION_SLOWEST - REACTION_FASTEST) * skill));
  }

  /** The buttons to hold in the next frame, from the state as it is now. Call it once a frame. */
  think(world: World): number {
    const me = world.fighters[this.#seat]!;
    const you = world.fighters[1 - this.#seat]!;
    this.#sight.look(world, 1 - this.#seat);
    if (world.phase !== Phase.Fight) {
      this.#begin([]);
      return 0;
    }
    this.#react(world, me, you);
    if (this.#step >= this.#plan.length) this.#begin(decide({ me, you: this.#sight.seen, dice: this.#dice }));
    return turned(this.#next(), me, you);
  }

  #begin(plan: Plan): void {
    this.#plan = plan;
    this.#step = 0;
    this.#stepFrame = 0;
  }

  #next(): number {
    const step = this.#plan[this.#step];
    if (step === undefined) return 0;
    this.#stepFrame++;
    if (this.#stepFrame >= step.frames) {
      this.#step++;
      this.#stepFrame = 0;
    }
    return step.hold;
  }

  /** What cuts a plan short: my own move connecting, hands on me, something coming at me, an opening. */
  #react(world: World, me: Fighter, you: Fighter): void {
    this.#confirm(me);
    this.#escape(me);
    this.#guard(world, me, you);
    this.#dodge(world, me, you);
  }

  /** A move that has connected goes on into a special, while the two are frozen. */
  #confirm(me: Fighter): void {
    const connected = isMove(me.action) && me.contact !== Contact.None;
    if (!connected) {
      this.#answeredContact = false;
      return;
    }
    if (this.#answeredContact) return;
    this.#answeredContact = true;
    const eager = me.contact === Contact.Hit ? 0.35 + 0.55 * this.#skill : 0.2;
    if (moveOf(me.character, me.action).cancel === 0 || !this.#dice.chance(eager)) return;
    const strong = me.meter === METER_MAX;
    const button = strong ? Button.Heavy : this.#dice.chance(0.5) ? Button.Medium : Button.Light;
    this.#begin(quarter(me.contact === Contact.Hit && this.#dice.chance(0.6) ? BACK : FORWARD, button));
  }

  #escape(me: Fighter): void {
    if (me.action !== Action.Held) {
      this.#answeredHold = false;
      return;
    }
    if (this.#answeredHold) return;
    this.#answeredHold = true;
    if (this.#dice.chance(0.15 + 0.35 * this.#skill)) {
      this.#begin([
        { hold: 0, frames: this.#dice.between(2, 8) },
        { hold: Button.Throw, frames: 3 },
      ]);
    }
  }

  /** Blocks, meets in the air or punishes what the opponent was seen to begin. */
  #guard(world: World, me: Fighter, you: Fighter): void {
    if (me.action > Action.WalkBack && me.action !== Action.BlockStand && me.action !== Action.BlockCrouch) return;
    const seen = this.#sight.seen;
    const threat = this.#sight.threat(me, world.projectiles, this.#seat);
    if (threat === undefined) {
      this.#answeredThreat = -1;
      return;
    }
    if (this.#answeredThreat === threat) return;
    this.#answeredThreat = threat;
    const distance = Math.abs(you.position.x - me.position.x);
    if (threat === Action.Jump && distance < 170 && this.#dice.chance(0.15 + 0.4 * this.#skill)) {
      this.#begin(antiAir(me, this.#dice));
    } else if (isMove(threat) && this.#sight.recovering() && this.#dice.chance(0.2 + 0.6 * this.#skill)) {
      this.#begin(punish(me, distance, this.#dice));
    } else if (threat === Action.Shot && distance > 200 && this.#dice.chance(0.35)) {
      this.#begin(this.#dice.chance(0.6) ? hold(Button.Up | FORWARD, 6) : quarter(FORWARD, Button.Light));
    } else if (this.#dice.chance(0.35 + 0.5 * this.#skill)) {
      this.#begin(hold(this.#height(threat, seen.character), this.#dice.between(12, 26)));
    }
  }

  /** Which way to block: known heights mostly right, everything else low, since most lows cannot be seen. */
  #height(threat: number, character: number): number {
    const level = isMove(threat) ? moveOf(character, threat).level : threat === Action.Jump ? Level.High : Level.Mid;
    const sure = this.#dice.chance(0.5 + 0.45 * this.#skill);
    const low = level === Level.Low || (level === Level.Mid && this.#dice.chance(0.6));
    return (sure ? low : !low) ? BACK | Button.Down : BACK;
  }

  /** Leaves the place where the lantern is going to fall. */
  #dodge(world: World, me: Fighter, you: Fighter): void {
    const { stage, x, frames } = world.hazard;
    const gap = me.position.x - x;
    if (stage !== Stage.Warning || frames > 24 || Math.abs(gap) > 62 || me.action > Action.WalkBack) return;
    const away = gap >= 0 ? 1 : -1;
    const ahead = you.position.x >= me.position.x ? 1 : -1;
    this.#begin(hold(away === ahead && Math.abs(you.position.x - me.position.x) > 90 ? FORWARD : BACK, 8));
  }
}

function antiAir(me: Fighter, dice: Dice): Plan {
  const rises = CHARACTERS[me.character]!.shotGravity === 0;
  const button = me.meter === METER_MAX ? Button.Heavy : Button.Medium;
  if (rises && dice.chance(0.7)) return quarter(BACK, button);
  return dice.chance(0.5) ? hold(Button.Down | Button.Medium, 4) : [...hold(Button.Up, 6), ...hold(Button.Light, 3)];
}

/** Relative directions become left and right, by where the opponent stands. */
function turned(buttons: number, me: Fighter, you: Fighter): number {
  const rightwards = you.position.x >= me.position.x;
  let real = buttons & 0xff;
  if ((buttons & FORWARD) !== 0) real |= rightwards ? Button.Right : Button.Left;
  if ((buttons & BACK) !== 0) real |= rightwards ? Button.Left : Button.Right;
  return real;
}
