// The lantern that falls from time to time: where and when is chance, and everybody sees it coming.
import { configOf, emit, fx } from "../../sdk";
import { receive } from "./blows";
import { touches } from "./boxes";
import { HazardStrike, HazardWarn } from "./events";
import { isVulnerable } from "./fighters";
import { lantern } from "./moves";
import { Rules } from "./outside";
import {
  HAZARD_REST_MAX,
  HAZARD_REST_MIN,
  HAZARD_STRIKE,
  HAZARD_WARNING,
  Hazards,
  PLAYERS,
  STAGE_WIDTH,
  Stage,
} from "./rules";
import { world } from "./world";

const EDGE = 80;

export function rest(): void {
  const hazard = world.hazard;
  hazard.stage = Stage.Resting;
  hazard.frames = <u16>(HAZARD_REST_MIN + world.random.below(HAZARD_REST_MAX - HAZARD_REST_MIN));
}

/** Resting → warning → striking → resting, each for its own time. */
export function threaten(): void {
  if (configOf<Rules>().hazard == Hazards.Off) return;
  const hazard = world.hazard;
  if (hazard.stage == Stage.Striking) hurt();
  hazard.frames--;
  if (hazard.frames > 0) return;
  if (hazard.stage == Stage.Resting) {
    hazard.stage = Stage.Warning;
    hazard.frames = HAZARD_WARNING;
    hazard.x = (EDGE + <i32>world.random.below(STAGE_WIDTH - 2 * EDGE)) << 16;
    emit<HazardWarn>().x = hazard.x;
  } else if (hazard.stage == Stage.Warning) {
    hazard.stage = Stage.Striking;
    hazard.frames = HAZARD_STRIKE;
    hazard.struck = 0;
    emit<HazardStrike>().x = hazard.x;
  } else {
    rest();
  }
}

/** It can be blocked by holding away from it, and hurts each player at most once. */
function hurt(): void {
  const hazard = world.hazard;
  const blow = lantern();
  for (let seat = 0; seat < PLAYERS; seat++) {
    const you = world.fighters.at(seat);
    if ((<i32>hazard.struck & (1 << seat)) != 0 || !isVulnerable(you) || !touches(blow, hazard.x, 0, 1, you)) continue;
    const side = you.position.x >= hazard.x ? 1 : -1;
    hazard.struck |= (<u8>1) << (<u8>seat);
    receive(seat, blow, side, you.position.x, you.position.y + fx(80), 2, 0);
  }
}
