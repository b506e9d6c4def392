// The handshake: who may play here, and when not, a reason that a person can act on.
import { configDifference, type MatchConfig, whyUnplayable } from "../../wire/match-config.js";
import { type Body, PROTOCOL, Refusal } from "../../wire/messages.js";

/** What every player of a room must share. */
export interface Room {
  game: string;
  schema: string;
  config: MatchConfig;
}

/** A game as a handshake knows it. */
export interface Identity {
  gameHash: string;
  schemaHash: string;
}

export type Answer = { kind: "accepted"; room: Room } | { kind: "refused"; reason: number; text: string };

export class Admission {
  readonly #games: readonly Identity[] | undefined;
  #room: Room | undefined;

  /** A room that is open already, and the games that one can be opened for; without them any. */
  constructor(room: Room | undefined, games?: readonly Identity[]) {
    this.#room = room;
    this.#games = games;
  }

  get room(): Room | undefined {
    return this.#room;
  }

  /** The first hello with a config opens the room; from then on everybody must match it. */
  consider(hello: Body<"hello">): Answer {
    if (hello.protocol !== PROTOCOL) {
      const newer = hello.protocol > PROTOCOL ? "the server" : "your page or program";
      return refused(
        Refusal.Protocol,
        `This server speaks protocol ${PROTOCOL}, you speak ${hello.protocol}: update ${newer} (npm install samestep@latest), then try again.`,
      );
    }
    const config = hello.config.items[0];
    const asks = hello.config.count > 0 && config !== undefined ? config : undefined;
    if (this.#room === undefined) {
      if (asks === undefined) {
        return refused(
          Refusal.Settings,
          "Nobody has opened this room yet, and you brought no match settings: open it with a config.",
        );
      }
      const why = whyUnplayable(asks);
      if (why !== undefined) return refused(Refusal.Settings, why);
      const played = (game: Identity): boolean => game.gameHash === hello.game && game.schemaHash === hello.schema;
      if (this.#games?.some(played) === false) {
        const builds = this.#games.map(({ gameHash }) => short(gameHash)).join(", ");
        return refused(
          Refusal.Game,
          `This server plays game build ${builds}, yours is ${short(hello.game)}. Reload the page to get the server's build, or give yours to the server (samestep serve --game).`,
        );
      }
      this.#room = { game: hello.game, schema: hello.schema, config: { ...asks } };
    }
    const room = this.#room;
    if (hello.schema !== room.schema) {
      return refused(
        Refusal.Schema,
        `The room's game lays out its state differently (schema ${short(room.schema)}, yours ${short(hello.schema)}): you have another version of the game. Reload the page, or rebuild with samestep build.`,
      );
    }
    if (hello.game !== room.game) {
      return refused(
        Refusal.Game,
        `The room plays game build ${short(room.game)}, yours is ${short(hello.game)}. Reload the page to get the room's build, or rebuild both from the same sources.`,
      );
    }
    const { seedLow, seedHigh } = room.config;
    const wants = asks !== undefined && hello.anySeed === 1 ? { ...asks, seedLow, seedHigh } : asks;
    const difference = wants === undefined ? undefined : configDifference(room.config, wants);
    if (difference !== undefined) {
      return refused(
        Refusal.Settings,
        `This room was opened with other settings: ${difference}. Join without settings, or open another room.`,
      );
    }
    return { kind: "accepted", room };
  }
}

function refused(reason: number, text: string): Answer {
  return { kind: "refused", reason, text };
}

function short(hash: string): string {
  return hash.slice(0, 8);
}
