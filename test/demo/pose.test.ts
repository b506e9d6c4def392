// The poses of the fighters: every action has one, blows look as long as they are, and a pose depends on the state alone.
import { describe, expect, it } from "vitest";
import { CHARACTERS } from "../../src/games/fighter/characters.js";
import { BUILDS } from "../../src/games/fighter/draw/builds.js";
import { mix, POSE_COLUMNS, type Pose, type Skeleton, skeleton } from "../../src/games/fighter/draw/pose.js";
import { type Posed, poseOf } from "../../src/games/fighter/draw/pose-of.js";
import { chamberPose, strikingLimb } from "../../src/games/fighter/draw/strikes.js";
import { isMove, moveOf } from "../../src/games/fighter/moves.js";
import { ACTION_NAMES, Action } from "../../src/games/fighter/rules.js";

const WHO = CHARACTERS.map((_, character) => character);
const ACTIONS = ACTION_NAMES.map((name, action) => ({ name, action }));
const MOVES = ACTIONS.filter(({ action }) => isMove(action));
const WITH_REACH = MOVES.filter(({ action }) =>
  WHO.every((who) => moveOf(who, action).right > moveOf(who, action).left),
);

function posed(character: number, action: number, actionFrame = 0, more: Partial<Posed> = {}): Posed {
  return { character, action, actionFrame, stun: 0, velocity: { x: 0, y: 0 }, position: { x: 480, y: 0 }, ...more };
}

function tipX(bones: Skeleton, character: number, action: number): number {
  const build = BUILDS[character]!;
  switch (strikingLimb(character, action)) {
    case "leadHand":
    case "hands":
      return bones.leadArm.tip.x + build.fist;
    case "rearHand":
      return bones.rearArm.tip.x + build.fist;
    case "leadFoot":
      return bones.leadLeg.tip.x + build.foot;
    case "rearFoot":
      return bones.rearLeg.tip.x + build.foot;
    default:
      return bones.neck.x;
  }
}

describe.each(WHO.map((who) => ({ who, name: CHARACTERS[who]!.name })))("$name", ({ who }) => {
  it.each(ACTIONS)("has a pose in every frame of $name", ({ action }) => {
    for (const air of [0, 40]) {
      for (let frame = 0; frame < 80; frame++) {
        const pose = poseOf(
          posed(who, action, frame, { position: { x: 480, y: air }, velocity: { x: 0, y: air / 10 } }),
        );
        for (const column of POSE_COLUMNS) expect(Number.isFinite(pose[column]), `${column} at ${frame}`).toBe(true);
        expect(pose.hipY).toBeGreaterThan(0);
        expect(pose.hipY).toBeLessThan(CHARACTERS[who]!.standHeight);
      }
    }
  });

  it("looks different in every action that means something else to the opponent", () => {
    const seen = ACTIONS.map(({ action }) => {
      const frame = isMove(action) ? moveOf(who, action).startup : 12;
      return JSON.stringify(poseOf(posed(who, action, frame, { stun: 10, velocity: { x: 0, y: -3 } })));
    });
    expect(new Set(seen).size).toBe(ACTIONS.length);
  });

  it.each(WITH_REACH)("reaches with $name as far as the box that hurts", ({ action }) => {
    const move = moveOf(who, action);
    if (strikingLimb(who, action) === "body") return;
    const reached = Array.from({ length: move.active }, (_, frame) =>
      tipX(skeleton(poseOf(posed(who, action, move.startup + frame)), BUILDS[who]!), who, action),
    );
    expect(Math.max(...reached)).toBeGreaterThan(move.right * 0.94);
    expect(Math.max(...reached)).toBeLessThan(move.right * 1.06);
  });

  it.each(MOVES)("comes to rest after $name", ({ action }) => {
    const move = moveOf(who, action);
    const air = action >= Action.AirLight && action <= Action.AirHeavy;
    const after = poseOf(
      posed(who, action, move.startup + move.active + move.recovery, { position: { x: 0, y: air ? 50 : 0 } }),
    );
    const start = poseOf(posed(who, action, 0, { position: { x: 0, y: air ? 50 : 0 } }));
    expect(distance(after, start)).toBeLessThan(1e-6);
  });

  it.each(MOVES)("winds up for $name before it strikes", ({ action }) => {
    const { startup } = moveOf(who, action);
    const struck = poseOf(posed(who, action, startup));
    expect(distance(chamberPose(who, action), struck)).toBeGreaterThan(12);
  });

  it("walks with a foot on the floor at every step", () => {
    for (const action of [Action.WalkForward, Action.WalkBack]) {
      for (let frame = 0; frame < 60; frame++) {
        const { leadFootY, rearFootY } = poseOf(posed(who, action, frame));
        expect(Math.min(leadFootY, rearFootY)).toBeLessThan(1e-6);
      }
    }
  });

  it("keeps the lengths of its bones, unless it reaches beyond them", () => {
    const build = BUILDS[who]!;
    for (const { action } of ACTIONS) {
      const { leadArm } = skeleton(poseOf(posed(who, action, 6, { stun: 20 })), build);
      const upper = Math.hypot(leadArm.joint.x - leadArm.root.x, leadArm.joint.y - leadArm.root.y);
      expect(upper).toBeGreaterThan(build.upperArm - 1e-6);
    }
  });
});

function distance(a: Pose, b: Pose): number {
  return Math.hypot(...POSE_COLUMNS.map((column) => a[column] - b[column]));
}

describe("mixing poses", () => {
  it("begins at one and ends at the other", () => {
    const from = poseOf(posed(0, Action.Idle));
    const to = poseOf(posed(0, Action.Crouch));
    expect(mix(from, to, 0)).toEqual(from);
    expect(distance(mix(from, to, 1), to)).toBeLessThan(1e-9);
  });
});
