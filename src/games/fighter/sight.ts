// What a bot has noticed: the opponent as it was some frames ago, and what of it is dangerous.
import { isMove, moveOf } from "./moves.js";
import { Action } from "./rules.js";
import type { Fighter, Projectile, World } from "./types.js";

/** The opponent at one frame, copied out of the view. */
export interface Seen {
  x: number;
  y: number;
  rising: boolean;
  action: number;
  actionFrame: number;
  character: number;
  health: number;
}

// Further away than this an attack on the ground is no threat, whoever makes it.
const GROUND_REACH = 150;
const AIR_REACH = 230;
// A projectile is answered when it is so many frames away.
const SHOT_FRAMES = 24;

export class Sight {
  readonly #ring: Seen[];
  #frame = 0;

  /** `delay` frames pass between seeing and knowing. */
  constructor(delay: number) {
    const nothing: Seen = { x: 0, y: 0, rising: false, action: 0, actionFrame: 0, character: 0, health: 0 };
    this.#ring = Array.from({ length: delay + 1 }, () => ({ ...nothing }));
  }

  look(world: World, seat: number): void {
    const you = world.fighters[seat]!;
    const seen = this.#ring[this.#frame % this.#ring.length]!;
    seen.x = you.position.x;
    seen.y = you.position.y;
    seen.rising = you.velocity.y > 0;
    seen.action = you.action;
    seen.actionFrame = you.actionFrame;
    seen.character = you.character;
    seen.health = you.health;
    this.#frame++;
  }

  /** The oldest look that is kept. */
  get seen(): Readonly<Seen> {
    return this.#ring[this.#frame % this.#ring.length]!;
  }

  /** The action that endangers `me`; a shot in the air counts as its throwing; undefined when nothing does. */
  threat(me: Fighter, projectiles: readonly Projectile[], seat: number): number | undefined {
    for (const shot of projectiles) {
      if (shot.life === 0 || shot.owner === seat) continue;
      const gap = (me.position.x - shot.position.x) * Math.sign(shot.velocity.x);
      if (gap > 0 && gap < Math.abs(shot.velocity.x) * SHOT_FRAMES) return Action.Shot;
    }
    const seen = this.seen;
    const distance = Math.abs(seen.x - me.position.x);
    if (seen.y > 0 && seen.action !== Action.HitAir) return distance < AIR_REACH ? Action.Jump : undefined;
    if (!isMove(seen.action) || seen.action === Action.Throw) return undefined;
    if (seen.action === Action.Shot || seen.action === Action.GreatShot) return undefined;
    return distance < GROUND_REACH ? seen.action : undefined;
  }

  /** Whether the move that was seen has spent its active frames. */
  recovering(): boolean {
    const { action, actionFrame, character } = this.seen;
    if (!isMove(action)) return false;
    const move = moveOf(character, action);
    return actionFrame + this.#ring.length - 1 >= move.startup + move.active;
  }
}
