// Whoever holds a seat: a person at keys, pad or glass, or the bot, until a person touches something.
import { combine, type Device, gamepad, keyboard, withSocd } from "../client/devices.js";
import { Bot } from "../games/fighter/bot.js";
import type { World } from "../games/fighter/types.js";
import { DIRECTIONS, KEYS, PAD } from "./keys.js";

export interface HandsOptions {
  /** Whose keys these are; a page with one player gives it the keys of both. */
  readonly keys: readonly (0 | 1)[];
  /** Which gamepad, from 0. */
  readonly pad: number;
  readonly touch?: Device;
  readonly bot: boolean;
}

export class Hands {
  readonly #device: Device;
  readonly #bindings: Readonly<Record<string, number>>;
  #bot: Bot | undefined;
  #botPlays: boolean;
  #thoughtAt = -1;
  #thought = 0;
  /** Called when a person has taken over from the bot, or the other way round. */
  onChange: () => void = () => {};

  constructor({ keys, pad, touch, bot }: HandsOptions) {
    this.#bindings = Object.assign({}, ...keys.map((seat) => KEYS[seat]!));
    const devices = [keyboard(this.#bindings), gamepad({ ...PAD, index: pad })];
    if (touch !== undefined) devices.push(touch);
    this.#device = withSocd(combine(...devices), DIRECTIONS);
    this.#botPlays = bot;
  }

  get bot(): boolean {
    return this.#botPlays;
  }

  set bot(plays: boolean) {
    if (plays === this.#botPlays) return;
    this.#botPlays = plays;
    this.onChange();
  }

  /** Another match has begun: the bot forgets the old one. */
  sit(seat: number, seed: number): void {
    this.#bot = new Bot({ seat, seed });
    this.#thoughtAt = -1;
    this.#thought = 0;
  }

  /** The buttons that are held now. Asked several times a frame; the bot thinks once. */
  read(world: World | undefined): number {
    const held = this.#device.read();
    if (held !== 0) this.bot = false;
    if (!this.#botPlays) return held;
    if (world === undefined || this.#bot === undefined) return 0;
    const { frame } = world;
    if (frame > this.#thoughtAt) {
      this.#thoughtAt = frame;
      this.#thought = this.#bot.think(world);
    }
    return this.#thought;
  }
}
