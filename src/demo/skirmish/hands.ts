// Whoever holds a seat of a skirmish: a bot, whom one watches, until a person presses Play.

import { Bot } from "../../games/skirmish/bot.js";
import { FIGHTERS } from "../../games/skirmish/commands.js";
import { Controls } from "../../games/skirmish/controls.js";
import type { Painter } from "../../games/skirmish/draw/painter.js";
import { Kind, Structure } from "../../games/skirmish/rules.js";
import type { Game, World } from "../../games/skirmish/types.js";
import { forgeFor, trainerFor, Wishes } from "../../games/skirmish/wishes.js";
import type { Hands, SeatButton } from "../demo-game.js";
import { CommandCard } from "./command-card.js";
import { ACTION_KEYS, type Action, ARROWS, GROUPS } from "./keys.js";
import { Purse } from "./purse.js";

const SHOW_MS = 150;
const POOR_MS = 700;
const SCROLL_PX_PER_MS = 0.8;
const ELAPSED_MOST_MS = 100;

/** The keyboard is one, and the games of a page are two: it belongs to the one that was touched last. */
let keysOf: SkirmishHands | undefined;

export interface SkirmishHandsOptions {
  readonly screen: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly painter: Painter;
  readonly seat: number;
  readonly bot: boolean;
}

export class SkirmishHands implements Hands<Game> {
  readonly #painter: Painter;
  readonly #wishes = new Wishes();
  readonly #controls: Controls;
  readonly #card: CommandCard;
  readonly #purse = new Purse();
  readonly #held = new Set<string>();
  #world: World | undefined;
  #bot: Bot | undefined;
  #botPlays = true;
  #shownAt = 0;
  #lookedAt = 0;
  onChange: () => void = () => {};

  constructor({ screen, canvas, painter, seat, bot }: SkirmishHandsOptions) {
    this.#painter = painter;
    this.#controls = new Controls({
      ...{ canvas, painter, wishes: this.#wishes },
      onChange: () => {
        this.#shownAt = 0;
      },
    });
    this.#card = new CommandCard(seat, (action) => this.#act(action));
    screen.append(this.#purse.root, this.#card.root);
    canvas.addEventListener("pointerdown", () => this.#takeKeys());
    document.addEventListener("keydown", (event) => this.#onKey(event));
    document.addEventListener("keyup", ({ code }) => this.#held.delete(code));
    globalThis.addEventListener("blur", () => this.#held.clear());
    this.bot = bot;
  }

  get bot(): boolean {
    return this.#botPlays;
  }

  set bot(plays: boolean) {
    this.#botPlays = plays;
    this.#painter.steered = !plays;
    this.#card.root.hidden = plays;
    this.#wishes.clear();
    this.#controls.reset();
    // The bot's own selection is not what a person has chosen.
    if (!plays) this.#wishes.give((commands) => commands.selectUnits([], false));
    if (!plays) this.#takeKeys();
    this.onChange();
  }

  get button(): SeatButton {
    const title = this.#botPlays ? "A bot plays. Take over from it." : "Hand over to the bot";
    return { label: "Play", title, pressed: !this.#botPlays };
  }

  sit(seat: number, seed: number): void {
    this.#bot = new Bot({ seat, seed });
    this.#painter.sit(seat);
    this.#wishes.clear();
  }

  read(world: World | undefined): Uint8Array {
    if (world === undefined || this.#bot === undefined) return NOTHING;
    return this.#botPlays ? this.#bot.think(world) : this.#wishes.take();
  }

  /** To be called for each picture. */
  look(world: World, now: number): void {
    this.#world = world;
    const elapsedMs = Math.min(ELAPSED_MOST_MS, now - this.#lookedAt);
    this.#lookedAt = now;
    let x = 0;
    let y = 0;
    for (const code of this.#held) {
      x += ARROWS[code]!.x * SCROLL_PX_PER_MS;
      y += ARROWS[code]!.y * SCROLL_PX_PER_MS;
    }
    this.#controls.look(world, { x, y }, elapsedMs);
    if (now - this.#shownAt < SHOW_MS) return;
    this.#shownAt = now;
    const poor = !this.#botPlays && now - this.#painter.poorAt < POOR_MS;
    this.#purse.show(world, this.#painter.seat, poor);
    if (!this.#botPlays) this.#card.show(world, this.#painter.seat, (action) => this.#isPressed(action));
  }

  #takeKeys(): void {
    if (!this.#botPlays) keysOf = this;
  }

  #onKey(event: KeyboardEvent): void {
    const { code, target, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
    const typing = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (this.#botPlays || keysOf !== this || typing || ctrlKey || metaKey || altKey) return;
    const group = GROUPS.indexOf(code) + 1;
    const action = ACTION_KEYS.find((each) => each.code === code)?.action;
    if (code in ARROWS) this.#held.add(code);
    else if (group > 0 && !repeat) this.#group(group, shiftKey);
    else if (code === "Escape") this.#controls.mode = { type: "select" };
    else if (action !== undefined && !repeat) this.#act(action);
    else return;
    event.preventDefault();
  }

  #group(group: number, make: boolean): void {
    this.#wishes.give((commands) => (make ? commands.setGroup(group) : commands.selectGroup(group)));
  }

  #isPressed(action: Action): boolean {
    const { mode, boxes } = this.#controls;
    if (action.type === "boxes") return boxes;
    if (action.type === "build") return mode.type === "build" && mode.structure === action.structure;
    return action.type === "advance" && mode.type === "advance";
  }

  #act(action: Action): void {
    const world = this.#world;
    if (world === undefined) return;
    const { seat } = this.#painter;
    switch (action.type) {
      case "train":
        this.#train(world, action.kind);
        break;
      case "research": {
        const forge = forgeFor(world, seat);
        if (forge !== undefined) this.#wishes.give((commands) => commands.research(forge, action.upgrade));
        break;
      }
      case "build":
        this.#controls.mode = this.#isPressed(action)
          ? { type: "select" }
          : { type: "build", structure: action.structure };
        break;
      case "advance":
        this.#controls.mode = { type: "advance" };
        break;
      case "army":
        this.#wishes.give((commands) => commands.selectKinds(FIGHTERS));
        break;
      case "hold":
        this.#wishes.give((commands) => commands.hold());
        break;
      case "stop":
        this.#wishes.give((commands) => commands.stop());
        break;
      case "boxes":
        this.#controls.boxes = !this.#controls.boxes;
        break;
      default:
        action satisfies never;
    }
    this.#shownAt = 0;
  }

  /** In the building that was clicked, if it trains such units, else where there is least to do. */
  #train(world: World, kind: number): void {
    const { seat } = this.#painter;
    const clicked = this.#controls.building;
    const wanted = kind === Kind.Worker ? Structure.Base : Structure.Barracks;
    const building =
      clicked !== undefined && world.buildings[clicked]!.kind === wanted ? clicked : trainerFor(world, seat, kind);
    if (building !== undefined) this.#wishes.give((commands) => commands.train(building, kind));
  }
}

const NOTHING = new Uint8Array(0);
