// The page of one game: its players, the network between them, and one match that stays the same.
import type { GameTypes } from "../client/match.js";
import type { DesyncReport } from "../session/evidence/report.js";
import { type Game, loadGame } from "../simulation/game.js";
import { Banner } from "./banner.js";
import type { DemoGame } from "./demo-game.js";
import { download, find, write } from "./element.js";
import { layOut } from "./lay-out.js";
import { LiveSeat } from "./live-seat.js";
import { NetworkCard } from "./network-card.js";
import { Panel } from "./panel.js";
import { freshRoom, nextRoom, type Query, seatAddress, seedOfRoom } from "./query.js";
import { replayName, reportName } from "./wording.js";

const DARK = globalThis.matchMedia("(prefers-color-scheme: dark)");
const CALM = globalThis.matchMedia("(prefers-reduced-motion: reduce)");

export class DemoPage<G extends GameTypes> {
  readonly demo: DemoGame<G>;
  readonly query: Query;
  readonly seats: readonly LiveSeat<G>[];
  readonly #network: NetworkCard;
  readonly #banner = new Banner({
    onSave: () => this.saveReplay(),
    onReport: ({ report }) => this.saveReport(report),
    onAgain: () => void this.newMatch(),
  });
  #room: string;
  #loaded: Promise<Game> | undefined;

  constructor(demo: DemoGame<G>, query: Query) {
    this.demo = demo;
    this.query = query;
    this.#room = query.room ?? freshRoom(Math.random);
    this.#network = new NetworkCard({
      conditions: query.network,
      seed: query.seed,
      onChange: (conditions) => {
        for (const seat of this.seats) seat.setNetwork(conditions);
      },
    });
    const here = this.together ? Array.from({ length: query.players }, (_, seat) => seat) : [query.seat! - 1];
    this.seats = here.map((seat, position) => this.#makeSeat(seat, position === 0));
    layOut(this);
  }

  get room(): string {
    return this.#room;
  }

  /** All players are in this page. */
  get together(): boolean {
    return this.query.seat === undefined;
  }

  #makeSeat(seat: number, first: boolean): LiveSeat<G> {
    const { demo, query, together } = this;
    const panel = new Panel({
      seat,
      onRemedy: (remedy) => (remedy === "reload" ? location.reload() : void this.newMatch()),
      onBot: () => {
        seated.hands.bot = !seated.hands.bot;
      },
      invitation: () => seatAddress(location.href, query, this.#room, seat === 0 ? 2 : 1),
    });
    const { screen, canvas } = panel;
    const seated = demo.seat({
      ...{ screen, canvas, seat, first, together },
      bot: !first || demo.watched || query.bot,
      calm: () => CALM.matches,
      dark: () => DARK.matches,
    });
    seated.hands.onChange = () => panel.showButton(seated.hands.button);
    panel.showButton(seated.hands.button);
    return new LiveSeat({
      ...{ demo, seat, panel, seated, together },
      players: query.players,
      network: () => this.#network,
      onDesync: (report, whose) => {
        if (!this.#banner.shown) this.#banner.show(report, whose);
      },
    });
  }

  /** The match of one room, from the first seat on: the others come when the room is open. */
  async open(): Promise<void> {
    this.#showRoom();
    const { demo, seats } = this;
    this.#loaded ??= loadGame(new URL(`${demo.name}.wasm`, document.baseURI));
    let game: Game;
    try {
      game = await this.#loaded;
    } catch (error) {
      this.#loaded = undefined;
      for (const seat of seats) seat.fail(error instanceof Error ? error.message : String(error));
      return;
    }
    for (const seat of seats) seat.wait();
    // Whoever is player 1 opens the room, so that seats are what the addresses say.
    for (const seat of seats) {
      const seed = seat.options.seat === 0 ? seedOfRoom(this.#room) : undefined;
      await seat.sit({ room: this.#room, game, seed });
    }
  }

  #showRoom(): void {
    const line = find("#room-line");
    write(line, `room ${this.#room}`);
    line.title = `on ${location.host}`;
    if (this.together) return;
    const url = new URL(location.href);
    url.searchParams.set("room", this.#room);
    history.replaceState(null, "", url);
  }

  async newMatch(): Promise<void> {
    this.#banner.hide();
    for (const seat of this.seats) seat.stand();
    this.#room = this.together ? freshRoom(Math.random) : nextRoom(this.#room);
    await this.open();
  }

  // After a desync the interesting replay is that of the player who was broken: verifying it shows where.
  saveReplay(): void {
    const { match } = this.#banner.shown ? this.#broken : this.seats[0]!;
    if (match === undefined || match.stats.confirmedEnd === 0) return;
    download(replayName(this.#room, new Date()), match.replay());
  }

  /** What `samestep info`, `diff` and `blame` read. */
  saveReport(report: DesyncReport): void {
    const text = JSON.stringify(report, undefined, 2);
    download(reportName(this.#room, new Date()), new TextEncoder().encode(text));
  }

  /** Player 2's simulation is broken, or this page's own where player 2 is elsewhere. */
  inject(): void {
    const { match } = this.#broken;
    if (match?.phase === "running") match.injectFault(this.demo.fault);
  }

  get #broken(): LiveSeat<G> {
    return this.seats[this.together ? 1 : 0]!;
  }

  /** Answers whether the layer is shown now. */
  toggleLayer(): boolean {
    const on = !this.seats[0]!.options.seated.painter.layer;
    for (const { options } of this.seats) options.seated.painter.layer = on;
    return on;
  }

  /** Answers whether the game is heard now. */
  async toggleSound(): Promise<boolean> {
    const { sound } = this.seats[0]!.options.seated;
    await sound?.turn(!sound.on);
    return sound?.on === true;
  }

  draw(now: number): void {
    for (const seat of this.seats) seat.draw(now);
  }
}
