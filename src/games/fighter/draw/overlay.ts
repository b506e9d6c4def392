// The boxes of the simulation over the picture: what can be hurt, what hurts, what flies. In stage units with y upwards.
import { type Box, blowBox, bodyBox, limbBox, missileBox } from "../boxes.js";
import { HAZARD_HALF_WIDTH, Stage } from "../rules.js";
import type { World } from "../types.js";

const LANTERN_HEIGHT = 140;
const BODY = "64, 200, 120";
const LIMB = "80, 170, 255";
const BLOW = "255, 60, 60";

export function drawBoxes(context: CanvasRenderingContext2D, world: World): void {
  for (const fighter of world.fighters) {
    outline(context, bodyBox(fighter), BODY);
    const limb = limbBox(fighter);
    if (limb !== undefined) outline(context, limb, LIMB);
    const blow = blowBox(fighter);
    if (blow !== undefined) outline(context, blow, BLOW);
  }
  for (const shot of world.projectiles) if (shot.life > 0) outline(context, missileBox(shot), BLOW);
  const { hazard } = world;
  if (hazard.stage === Stage.Resting) return;
  const box = {
    left: hazard.x - HAZARD_HALF_WIDTH,
    right: hazard.x + HAZARD_HALF_WIDTH,
    bottom: 0,
    top: LANTERN_HEIGHT,
  };
  outline(context, box, BLOW);
}

function outline(context: CanvasRenderingContext2D, { left, right, bottom, top }: Box, colour: string): void {
  context.fillStyle = `rgba(${colour}, 0.22)`;
  context.strokeStyle = `rgb(${colour})`;
  context.lineWidth = 1.5;
  context.fillRect(left, bottom, right - left, top - bottom);
  context.strokeRect(left, bottom, right - left, top - bottom);
}
