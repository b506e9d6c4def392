// A fighting game for two, sixty frames a second: the order in which one frame happens.
import { phase, seedHigh, seedLow } from "../../sdk";
import { act } from "./acting";
import { fight } from "./combat";
import { listen } from "./controls";
import { threaten } from "./hazard";
import { pushApart, travel } from "./physics";
import { clash, fly, strikeWithProjectiles } from "./projectiles";
import { advance, beginMatch } from "./rounds";
import { Phase } from "./rules";
import { world } from "./world";

export const framesPerSecond = 60;
export const playersMin = 2;
export const playersMax = 2;

export function init(): void {
  world.random.seed(seedLow(), seedHigh());
  beginMatch();
}

export function step(): void {
  world.frame++;

  phase(1);
  listen(0);
  listen(1);

  // Whoever is in hit-stop neither acts nor moves; who is was decided before anybody does.
  phase(2);
  const first = thaw(0);
  const second = thaw(1);
  if (first) act(0);
  if (second) act(1);

  phase(3);
  if (first) travel(0);
  if (second) travel(1);
  pushApart();
  fly();

  phase(4);
  clash();
  if (world.phase == Phase.Fight) {
    fight();
    strikeWithProjectiles();
    threaten();
  }

  phase(5);
  advance();
}

function thaw(seat: i32): bool {
  const me = world.fighters.at(seat);
  if (me.hitStop == 0) return true;
  me.hitStop--;
  return false;
}
