// Laws of the commands: what they do is to one's own, and no bytes of a stranger stop the game.
import { describe, expect, test } from "vitest";
import { FIGHTERS, WORKERS } from "../../src/games/skirmish/commands.js";
import { COMMANDS_MAX, Command, INPUT_BYTES, Kind, Order, Structure, UNITS } from "../../src/games/skirmish/rules.js";
import { Random } from "../../src/netsim/random.js";
import { Campaign, input } from "./campaign.js";

function selected(campaign: Campaign, seat: number, group = 0): number[] {
  return campaign
    .units(seat)
    .filter(({ groups }) => (groups & (1 << group)) !== 0)
    .map(({ index }) => index);
}

describe("a stranger's bytes", () => {
  test("never stop the game, in 20 000 inputs of noise and of broken commands", () => {
    const random = new Random(7);
    const campaign = new Campaign({ players: 8, army: 6, workers: 3, ore: 60_000 });
    const bytes = new Uint8Array(INPUT_BYTES);
    for (let round = 0; round < 20_000 / 8; round++) {
      const inputs = Array.from({ length: 8 }, () => {
        for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
        // Half of them begin like a list of commands, with numbers that are mostly near to something.
        if (random.below(2) === 0)
          for (let at = 0; at < 40; at++) bytes[at] = random.below(3) === 0 ? random.below(18) : bytes[at]! >> 2;
        return bytes.slice(0, random.below(INPUT_BYTES + 1));
      });
      campaign.step(...inputs);
    }
    expect(campaign.world.frame).toBe(2500);
  });

  test("at the very end of the input are not read beyond it", () => {
    const campaign = new Campaign();
    for (let command = 0; command < 256; command++) {
      const bytes = new Uint8Array(INPUT_BYTES).fill(Command.Stop, 0, 11);
      bytes[11] = Command.SelectUnits;
      bytes[13] = 56;
      bytes[INPUT_BYTES - 1] = command;
      campaign.step(bytes, new Uint8Array(1).fill(command), new Uint8Array(0));
    }
    expect(campaign.world.frame).toBe(256);
  });

  test("cannot select or command anybody else's units", () => {
    const campaign = new Campaign({ army: 4 });
    const theirs = campaign.units(1).map(({ index }) => index);
    const before = campaign.state();
    campaign.step(
      input((commands) => {
        commands.selectUnits(theirs);
        commands.selectBox(0, 0, 32767, 32767, WORKERS | FIGHTERS, true);
        commands.stop();
      }),
    );
    expect(campaign.units(1).every(({ groups }) => groups === 0)).toBe(true);
    expect(campaign.units(1).filter(({ kind }) => kind === Kind.Worker)[0]!.order).toBe(Order.Gather);
    expect(before.length).toBe(campaign.state().length);
  });

  test("count only up to the limit of commands", () => {
    const campaign = new Campaign({ army: 2 });
    const [unit] = campaign.units(0).filter(({ kind }) => kind !== Kind.Worker);
    const select = [Command.SelectUnits, 0, 1, unit!.index & 255, unit!.index >> 8];
    const padding = new Array(COMMANDS_MAX - 1).fill(Command.Stop);
    campaign.step(Uint8Array.from([...select, ...padding, Command.Hold]));
    expect(campaign.unit(unit!.index).order).toBe(Order.Idle);
    campaign.step(Uint8Array.from([...select, ...padding.slice(1), Command.Hold]));
    expect(campaign.unit(unit!.index).order).toBe(Order.Hold);
  });

  test("name places outside of everything without effect", () => {
    const campaign = new Campaign({ ore: 60_000 });
    const built = campaign.seat(0).buildings;
    campaign.step(
      input((commands) => {
        commands.selectKinds(WORKERS);
        commands.build(Structure.Base, 255, 255);
        commands.build(99, 20, 20);
        commands.train(255, Kind.Worker);
        commands.train(0, 99);
        commands.research(0, 77);
        commands.rally(254, 65535, 65535);
        commands.attack(UNITS + 250);
        commands.move(65535, 65535);
      }),
    );
    campaign.run(50);
    expect(campaign.seat(0).buildings).toBe(built);
    expect(campaign.seat(0).ore).toBe(60_000);
  });
});

describe("a selection", () => {
  test("is what lies in the box, of the kinds asked for", () => {
    const campaign = new Campaign({ army: 6, open: 1 });
    campaign.units(0).forEach(({ index }, place) => {
      campaign.place(index, 20 + place, 60, Order.Hold);
    });
    campaign.step(input((commands) => commands.selectBox(30 * 256, 65 * 256, 24 * 256, 55 * 256, WORKERS | FIGHTERS)));
    expect(selected(campaign, 0).map((index) => campaign.unit(index).x >> 8)).toEqual([24, 25, 26, 27, 28, 29, 30]);
    campaign.step(input((commands) => commands.selectKinds(FIGHTERS)));
    expect(selected(campaign, 0).every((index) => campaign.unit(index).kind !== Kind.Worker)).toBe(true);
    expect(selected(campaign, 0).length).toBe(6);
  });

  test("is kept in groups and found again", () => {
    const campaign = new Campaign({ army: 5 });
    const [first, second, third] = campaign.units(0).map(({ index }) => index) as [number, number, number];
    campaign.step(
      input((commands) => {
        commands.selectUnits([first, second]);
        commands.setGroup(3);
        commands.selectUnits([third]);
        commands.setGroup(3, true);
        commands.selectKinds(0);
      }),
    );
    expect(selected(campaign, 0)).toEqual([]);
    campaign.step(input((commands) => commands.selectGroup(3)));
    expect(selected(campaign, 0)).toEqual([first, second, third]);
    campaign.step(
      input((commands) => {
        commands.selectUnits([second]);
        commands.setGroup(3);
      }),
    );
    expect(selected(campaign, 0, 3)).toEqual([second]);
  });
});
