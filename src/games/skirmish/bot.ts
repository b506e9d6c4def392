// A player made of habits: it keeps house, looks into the fog, and sends waves; it sees no more than its people do.
import { Dice } from "../dice.js";
import { Army } from "./bot-army.js";
import { Economy } from "./bot-economy.js";
import { Survey } from "./bot-survey.js";
import { Commands } from "./commands.js";
import { Phase } from "./rules.js";
import type { World } from "./types.js";

export interface BotOptions {
  readonly seat: number;
  readonly seed: number;
}

/** Frames between two looks: a player who gives commands about once a second. */
const THINK_EVERY = 16;
const NOTHING = new Uint8Array(0);

export class Bot {
  readonly #seat: number;
  readonly #seed: number;
  readonly #commands = new Commands();
  #survey!: Survey;
  #economy!: Economy;
  #army!: Army;
  #match = 0;

  constructor({ seat, seed }: BotOptions) {
    this.#seat = seat;
    this.#seed = seed;
    this.#begin();
  }

  /** The input of the next frame, from the state as it is now. Call it once a frame. */
  think(world: World): Uint8Array {
    if (world.matches !== this.#match) {
      this.#match = world.matches;
      this.#begin();
    }
    const idle = (world.frame + this.#seat * 2) % THINK_EVERY !== 0;
    if (idle || world.phase !== Phase.Playing || world.seats[this.#seat]!.alive === 0) return NOTHING;
    this.#survey.look(world);
    this.#army.command(world, this.#survey, this.#commands);
    this.#economy.manage(world, this.#survey, this.#commands);
    return this.#commands.take();
  }

  #begin(): void {
    const dice = new Dice(this.#seed * 31 + this.#match);
    this.#survey = new Survey(this.#seat);
    this.#economy = new Economy(dice);
    this.#army = new Army(dice);
  }
}
