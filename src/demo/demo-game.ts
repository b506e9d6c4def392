// What the page needs of a game to show it: its module, its players' hands, its picture, its sound, and its words.
import type { MatchSettings } from "../client/join.js";
import type { GameTypes } from "../client/match.js";
import type { Cues } from "../games/cues.js";

/** A game as this page offers it. */
export interface DemoGame<G extends GameTypes> {
  readonly name: GameName;
  readonly title: string;
  /** Whether the first player is a bot as well, until a person takes over. */
  readonly watched: boolean;
  /** What a visible number is broken with, as reports name it: a field of the second player's. */
  readonly fault: string;
  /** What whoever opens the room sets, beside its seed and players. */
  readonly settings: MatchSettings<G>;
  /** A further layer of the picture, which a button and its key show and hide. */
  readonly layer: Layer;
  /** What to try first. */
  readonly tries: readonly string[];
  /** How it is played: a card for each player of the page, or for the only one. */
  cards(together: boolean): HTMLElement[];
  cues(): Cues<G["event"]>;
  /** One player of the page: his picture, and whoever plays him. */
  seat(options: SeatOptions): Seated<G>;
}

/** As they are called in `?game=`; the module is the file of that name beside the page. The first is the default. */
export const GAME_NAMES = ["fighter", "skirmish"] as const;
export type GameName = (typeof GAME_NAMES)[number];

/** A page plays all its seats, each with a simulation of its own: so many at most. */
export const PLAYERS_IN_PAGE: Readonly<Record<GameName, number>> = { fighter: 2, skirmish: 4 };

export interface Layer {
  readonly label: string;
  readonly title: string;
  /** By `KeyboardEvent.code`. */
  readonly key: string;
}

export interface SeatOptions {
  /** Where the game is drawn, and where it may put buttons of its own. */
  readonly screen: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly seat: number;
  /** The first panel of the page: the one that is heard, and that fingers play. */
  readonly first: boolean;
  /** All players are in this page. */
  readonly together: boolean;
  /** The bot plays from the beginning. */
  readonly bot: boolean;
  readonly calm: () => boolean;
  readonly dark: () => boolean;
}

export interface Seated<G extends GameTypes> {
  readonly hands: Hands<G>;
  readonly painter: Painter<G>;
  /** Of the first panel: several sessions in one page play the same match, and one of them is heard. */
  readonly sound?: Sound<G>;
  /** Keys on the glass, to stand below the first game. */
  readonly touch?: HTMLElement;
}

/** Whoever holds a seat: a person, or the bot. */
export interface Hands<G extends GameTypes> {
  /** May be set; a person who takes over does it by himself. */
  bot: boolean;
  /** Called when a person has taken over from the bot, or the other way round. */
  onChange: () => void;
  /** The button in the panel's head that hands the seat over, as it is now. */
  readonly button: SeatButton;
  /** Another match has begun. */
  sit(seat: number, seed: number): void;
  /** What is to be done now. Asked several times a frame; undefined before the match runs. */
  read(world: G["state"] | undefined): Uint8Array | Partial<G["input"]>;
}

export interface SeatButton {
  readonly label: string;
  readonly title: string;
  readonly pressed: boolean;
}

export interface Painter<G extends GameTypes> {
  /** Whether the further layer is shown. */
  layer: boolean;
  /** An event has happened; `key` names it, should it be taken back. */
  begin(key: string, event: G["event"], now: number): void;
  cancel(key: string, event: G["event"], now: number): void;
  draw(world: G["state"], now: number): void;
}

export interface Sound<G extends GameTypes> {
  readonly on: boolean;
  /** To be called from a click or a key press: browsers let no page speak by itself. */
  turn(on: boolean): Promise<void>;
  begin(key: string, event: G["event"]): void;
  cancel(key: string): void;
}
