// What has been thrown and still flies: it moves, breaks other projectiles and strikes players.
import { emit, fixed } from "../../sdk";
import { comboAgainst, credit, gainMeter, receive } from "./blows";
import { touches } from "./boxes";
import { characterOf, hundredths, tenths } from "./characters";
import { Clash, ProjectileSpawn } from "./events";
import { countLanded, isVulnerable } from "./fighters";
import { blowOf, GREAT_MISSILE, MISSILE, Move } from "./moves";
import { Action, Phase, STAGE_WIDTH } from "./rules";
import { Fighter, PROJECTILES, Projectile, world } from "./world";

const GREAT_HITS: u8 = 2;
const GREAT_FASTER: fixed = 2 << 16;
const CLASH_STOP = 6;

/** Nobody has two ordinary shots in the air; a great one may follow an ordinary one. */
export function canShoot(seat: i32): bool {
  const projectiles = world.projectiles;
  for (let i = 0; i < PROJECTILES; i++) {
    const shot = projectiles.at(i);
    if (shot.life != 0 && shot.owner == seat) return false;
  }
  return true;
}

export function shoot(seat: i32, me: Fighter, great: bool): void {
  const projectiles = world.projectiles;
  let free = 0;
  while (free < PROJECTILES && projectiles.at(free).life != 0) free++;
  if (free == PROJECTILES) return;
  const character = characterOf(me.character);
  const facing: i32 = me.facing;
  const shot = projectiles.at(free);
  const speed = tenths(<i32>character.shotSpeed + <i32>me.power * character.shotSpeedStep) + (great ? GREAT_FASTER : 0);
  shot.position.x = me.position.x + facing * ((<i32>character.shotAhead) << 16);
  shot.position.y = (<i32>character.shotHeight) << 16;
  shot.velocity.x = facing * speed;
  shot.velocity.y = tenths(character.shotLift);
  shot.life = character.shotLife;
  shot.owner = <u8>seat;
  shot.character = me.character;
  shot.great = great ? 1 : 0;
  shot.hits = great ? GREAT_HITS : 1;
  shot.hitStop = 0;
  const spawn = emit<ProjectileSpawn>();
  spawn.x = shot.position.x;
  spawn.y = shot.position.y;
  spawn.player = <u8>seat;
  spawn.great = shot.great;
}

export function fly(): void {
  const projectiles = world.projectiles;
  for (let i = 0; i < PROJECTILES; i++) {
    const shot = projectiles.at(i);
    if (shot.life == 0) continue;
    if (shot.hitStop > 0) {
      shot.hitStop--;
      continue;
    }
    const x = shot.position.x + shot.velocity.x;
    const y = shot.position.y + shot.velocity.y;
    shot.position.x = x;
    shot.position.y = y;
    shot.velocity.y -= hundredths(characterOf(shot.character).shotGravity);
    shot.life--;
    if (y <= 0 || x < 0 || x > STAGE_WIDTH << 16) shot.life = 0;
  }
}

function blow(shot: Projectile): Move {
  return blowOf(shot.character, shot.great != 0 ? GREAT_MISSILE : MISSILE);
}

/** Projectiles of different players that meet take a hit from each other. */
export function clash(): void {
  const projectiles = world.projectiles;
  for (let i = 0; i < PROJECTILES; i++) {
    for (let j = i + 1; j < PROJECTILES; j++) {
      const one = projectiles.at(i);
      const other = projectiles.at(j);
      if (one.life != 0 && other.life != 0 && one.owner != other.owner && meet(one, other)) {
        const event = emit<Clash>();
        event.x = (one.position.x + other.position.x) / 2;
        event.y = (one.position.y + other.position.y) / 2;
        spend(one, CLASH_STOP);
        spend(other, CLASH_STOP);
      }
    }
  }
}

function meet(one: Projectile, other: Projectile): bool {
  if (one.hitStop != 0 || other.hitStop != 0) return false;
  const a = blow(one);
  const b = blow(other);
  // The boxes of projectiles lie around their middles, so half of both sizes is the distance at which they meet.
  const width: fixed = (<i32>a.right + b.right) << 16;
  const height: fixed = (<i32>a.top + b.top) << 16;
  return abs(one.position.x - other.position.x) < width && abs(one.position.y - other.position.y) < height;
}

function spend(shot: Projectile, stop: i32): void {
  shot.hits--;
  shot.hitStop = <u8>stop;
  if (shot.hits == 0) shot.life = 0;
}

export function strikeWithProjectiles(): void {
  if (world.phase != Phase.Fight) return;
  const projectiles = world.projectiles;
  for (let i = 0; i < PROJECTILES; i++) {
    const shot = projectiles.at(i);
    if (shot.life == 0 || shot.hitStop != 0) continue;
    const seat = 1 - <i32>shot.owner;
    const you = world.fighters.at(seat);
    const move = blow(shot);
    const side = shot.velocity.x > 0 ? 1 : -1;
    const x = shot.position.x;
    const y = shot.position.y;
    if (!isVulnerable(you) || !touches(move, x, y, side, you)) continue;
    const me = world.fighters.at(shot.owner);
    const before = <i32>you.health;
    const blocked = receive(seat, move, side, x, y, shot.great != 0 ? 3 : 1, comboAgainst(me, you));
    gainMeter(me, blocked ? <i32>move.meter >> 1 : <i32>move.meter);
    if (!blocked) {
      credit(me, before - you.health);
      countLanded(me, shot.great != 0 ? Action.GreatShot : Action.Shot);
    }
    spend(shot, move.hitStop);
  }
}
