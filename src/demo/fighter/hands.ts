// Whoever holds a seat of the fighter: a person at keys, pad or glass, or the bot, until a person touches something.
import { combine, type Device, gamepad, keyboard, withSocd } from "../../client/devices.js";
import { Bot } from "../../games/fighter/bot.js";
import type { Game, World } from "../../games/fighter/types.js";
import type { Hands, SeatButton } from "../demo-game.js";
import { DIRECTIONS, KEYS, PAD } from "./keys.js";

export interface FighterHandsOptions {
  /** Whose keys these are; a page with one player gives it the keys of both. */
  readonly keys: readonly number[];
  /** Which gamepad, from 0. */
  readonly pad: number;
  readonly touch: Device | undefined;
  readonly bot: boolean;
}

export class FighterHands implements Hands<Game> {
  readonly #device: Device;
  readonly #bindings: Readonly<Record<string, number>>;
  readonly #pad = { buttons: 0 };
  #bot: Bot | undefined;
  #botPlays: boolean;
  #thoughtAt = -1;
  #thought = 0;
  onChange: () => void = () => {};

  constructor({ keys, pad, touch, bot }: FighterHandsOptions) {
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

  get button(): SeatButton {
    const title = this.#botPlays ? "A bot plays. Any of this player's keys takes over." : "Let a bot play";
    return { label: "Bot", title, pressed: this.#botPlays };
  }

  /** Another match has begun: the bot forgets the old one. */
  sit(seat: number, seed: number): void {
    this.#bot = new Bot({ seat, seed });
    this.#thoughtAt = -1;
    this.#thought = 0;
  }

  read(world: World | undefined): { buttons: number } {
    this.#pad.buttons = this.#held(world);
    return this.#pad;
  }

  /** The buttons that are held now. The bot thinks once a frame. */
  #held(world: World | undefined): number {
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
