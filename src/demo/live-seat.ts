// A seat with a session of its own: joins and joins again, draws what its simulation holds, says how its match is.
import { join } from "../client/join.js";
import { type GameTypes, JoinError, type Match } from "../client/match.js";
import type { Cues } from "../games/cues.js";
import type { Conditions } from "../netsim/conditions.js";
import type { Desync } from "../session/evidence/evidence.js";
import type { Game } from "../simulation/game.js";
import { agreedHash } from "./agreed.js";
import type { DemoGame, Seated } from "./demo-game.js";
import { Pace } from "./pace.js";
import type { Panel } from "./panel.js";
import { type Facts, situationOf } from "./situation.js";
import { figures, qualityOf, syncWords } from "./wording.js";

const HUD_MS = 100;
const HASH_MS = 250;
const AGAIN_MS = 1500;
/** Of a match that is not there: nothing moves. */
const NO_FRAMES_PER_SECOND = 60;
/** What a server says to whoever comes before the room is opened (src/sequencer/joining/admission.ts). */
const UNOPENED = /^Nobody has opened this room/;

export interface LiveSeatOptions<G extends GameTypes> {
  readonly demo: DemoGame<G>;
  readonly seat: number;
  readonly players: number;
  readonly panel: Panel;
  readonly seated: Seated<G>;
  readonly together: boolean;
  readonly network: () => { conditions: Conditions; seed: number };
  readonly onDesync: (report: Desync, seat: number) => void;
}

export interface Table {
  readonly room: string;
  readonly game: Game;
  /** Of the match; without it the room's is taken. */
  readonly seed: number | undefined;
}

type Phase = Facts["phase"];

export class LiveSeat<G extends GameTypes> {
  readonly options: LiveSeatOptions<G>;
  match: Match<G> | undefined;
  report: Desync | undefined;
  #phase: Phase = "loading";
  #words = "";
  #attempt = 0;
  #cues: Cues<G["event"]>;
  #pace = new Pace(NO_FRAMES_PER_SECOND);
  #carrierLost = false;
  #serverSilent = false;
  #otherLeft = false;
  #hudAt = 0;
  #hashAt = -Infinity;
  #agreed: { end: number; hash: string } | undefined;

  constructor(options: LiveSeatOptions<G>) {
    this.options = options;
    this.#cues = options.demo.cues();
  }

  /** What stands over the game, for whoever looks from outside. */
  get phase(): Phase {
    return this.#phase;
  }

  get agreed(): { end: number; hash: string } | undefined {
    return this.#agreed;
  }

  /** The game is there, the turn of this seat will come. */
  wait(): void {
    this.#go("dialling");
  }

  fail(words: string): void {
    this.#go("broken", words);
  }

  /** Joins the room, as often as it takes. Answers when there is a seat, or when another attempt has been begun. */
  async sit(table: Table): Promise<void> {
    this.stand();
    const attempt = this.#attempt;
    this.#go("dialling");
    while (attempt === this.#attempt) {
      try {
        const match = await this.#join(table);
        if (attempt === this.#attempt) this.#begin(match, table);
        else match.close();
        return;
      } catch (error) {
        if (attempt !== this.#attempt) return;
        if (!this.#mayTryAgain(error)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  #join({ room, game, seed }: Table): Promise<Match<G>> {
    const { demo, players, seated, network } = this.options;
    const { conditions, seed: networkSeed } = network();
    return join<G>({
      server: new URL(".", document.baseURI),
      room,
      game,
      ...(seed === undefined ? {} : { config: { ...demo.settings, players, seed } }),
      input: () => {
        const { match } = this;
        return seated.hands.read(match?.phase === "running" ? match.view : undefined);
      },
      network: { up: conditions, down: conditions, seed: networkSeed + this.options.seat },
    });
  }

  #mayTryAgain(error: unknown): boolean {
    const words = error instanceof Error ? error.message : String(error);
    if (!(error instanceof JoinError)) this.#go("broken", words);
    else if (error.reason === "lost") this.#go("unreachable");
    else if (UNOPENED.test(words)) this.#go("unopened");
    else this.#go("refused", words);
    return this.#phase === "unreachable" || this.#phase === "unopened";
  }

  #begin(match: Match<G>, table: Table): void {
    const { panel, seated, onDesync } = this.options;
    this.match = match;
    this.#pace = new Pace(match.config.framesPerSecond);
    this.#go("lobby");
    panel.seat(match.seat);
    seated.hands.sit(match.seat, (table.seed ?? 1) + match.seat);
    match.on("started", () => this.#go("running"));
    match.on("frame", () => this.#pace.note(match.stats, performance.now()));
    match.on("effect", (effect) => this.#cues.add(effect));
    match.on("silent", () => {
      this.#serverSilent = true;
    });
    match.on("heard", () => {
      this.#serverSilent = false;
    });
    match.on("carrier", ({ state }) => {
      this.#carrierLost = state === "lost";
    });
    match.on("left", () => {
      this.#otherLeft = true;
    });
    match.on("desync", (report) => {
      this.report = report;
      onDesync(report, match.seat);
    });
    match.on("ended", ({ text }) => this.#go("ended", text));
  }

  /** Leaves whatever there is. */
  stand(): void {
    this.#attempt++;
    this.match?.close();
    this.match = undefined;
    this.report = undefined;
    this.#cues = this.options.demo.cues();
    this.#pace = new Pace(NO_FRAMES_PER_SECOND);
    this.#carrierLost = false;
    this.#serverSilent = false;
    this.#otherLeft = false;
    this.#agreed = undefined;
    this.#hashAt = -Infinity;
  }

  #go(phase: Phase, words = ""): void {
    this.#phase = phase;
    this.#words = words;
    this.#hudAt = 0;
  }

  setNetwork(conditions: Conditions): void {
    this.match?.setNetwork({ up: conditions, down: conditions });
  }

  draw(now: number): void {
    const { match } = this;
    const { painter, sound } = this.options.seated;
    for (const { change, key, event } of this.#cues.take()) {
      if (change === "begin") {
        painter.begin(key, event, now);
        sound?.begin(key, event);
      } else {
        painter.cancel(key, event, now);
        sound?.cancel(key);
      }
    }
    if (match !== undefined) {
      this.#pace.look(match.stats, now);
      painter.draw(match.view, now);
    }
    if (now < this.#hudAt) return;
    this.#hudAt = now + HUD_MS;
    this.#show(now);
  }

  #show(now: number): void {
    const { panel } = this.options;
    const { match } = this;
    const situation = situationOf(this.#facts(now));
    panel.showSituation(situation);
    const head = situation && { tone: situation.tone, text: situation.head };
    if (match === undefined) {
      panel.showQuality(head ?? { tone: "fair", text: "no match" });
      panel.showSync({ tone: undefined, text: "" });
      return;
    }
    panel.showQuality(head ?? qualityOf(match.stats.roundTripMs));
    panel.showFigures(figures(match.stats, this.#pace.rollback(now)));
    this.#showSync(match, now);
  }

  #showSync(match: Match<G>, now: number): void {
    const { panel } = this.options;
    if (now - this.#hashAt > HASH_MS) {
      this.#hashAt = now;
      this.#agreed = agreedHash(match);
    }
    panel.showSync(syncWords({ desync: this.report?.frame, agreed: this.#agreed, over: this.#phase === "ended" }));
  }

  #facts(now: number): Facts {
    const { match } = this;
    return {
      phase: this.#phase,
      words: this.#words,
      other: this.#other(match?.seat ?? this.options.seat),
      together: this.options.together,
      carrierLost: this.#carrierLost,
      serverSilent: this.#serverSilent,
      stillMs: this.#phase === "running" ? this.#pace.stillMs(now) : 0,
      dropAfterMs: match?.config.dropAfterMs ?? 0,
      catchingUp: this.#pace.catchingUp,
      otherLeft: this.#otherLeft,
    };
  }

  #other(seat: number): string {
    return this.options.players === 2 ? `Player ${2 - seat}` : "Another player";
  }
}
