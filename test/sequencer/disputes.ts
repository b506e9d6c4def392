// What the tests of disputes share: matches on a lossy line, faults, liars, and who was blamed.
import { PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { type Tamper, VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { SequencerEvent, SequencerOptions } from "../../src/sequencer/sequencer.js";
import type { Desync } from "../../src/session/evidence/evidence.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { Writer } from "../../src/wire/bytes.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { Decoder, encode, type Message } from "../../src/wire/messages.js";

export const NETWORK = { ...PERFECT, delayMs: 30, jitterMs: 5, loss: 0.02 };
export const SEATED_MS = 100;
export const FAULT = { frame: 100, offset: 0, mask: 1 };

interface Plan {
  players: number;
  authority?: boolean;
  tamper?: Tamper;
  sequencer?: SequencerOptions;
}

export async function match(
  game: Game,
  { players, authority, tamper, sequencer = {} }: Plan,
): Promise<VirtualMatch<WasmSimulation>> {
  const config: MatchConfig = {
    players,
    framesPerSecond: 60,
    predictionWindow: 8,
    inputDelay: 2,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 1000,
    seedLow: 1,
    seedHigh: 2,
    rules: new Uint8Array(0),
  };
  const simulations = await Promise.all(Array.from({ length: players }, () => game.simulation()));
  const room = { game: game.gameHash, schema: game.schemaHash, config };
  const played = new VirtualMatch({
    config,
    seed: 1,
    mode: "datagram",
    ...(tamper === undefined ? {} : { tamper }),
    sequencer: { room, ...(authority ? { authority: await game.simulation() } : {}), ...sequencer },
    players: simulations.map((simulation, index) => {
      const random = new Random(index);
      return { simulation, input: () => Uint8Array.of(random.below(32), 0) };
    }),
  });
  // On a quiet network they sit down in order.
  for (let now = 0; now < SEATED_MS; now++) played.turn(now);
  for (const { up, down } of played.players) {
    up.conditions = NETWORK;
    down.conditions = NETWORK;
  }
  return played;
}

/** Plays, and answers what the sequencer said. */
export function play(played: VirtualMatch<WasmSimulation>, begin: number, end: number): SequencerEvent[] {
  for (let now = Math.max(begin, SEATED_MS); now < end; now++) played.turn(now);
  return played.sequencer.takeEvents();
}

export function plant(played: VirtualMatch<WasmSimulation>, ...players: number[]): void {
  for (const index of players) played.players[index]!.player.plant(FAULT);
}

export function reports(played: VirtualMatch<WasmSimulation>, index: number): Desync[] {
  return played.players[index]!.events.filter((event) => event.type === "desync");
}

/** Alters what one player says. */
export function lies(liar: number, change: (message: Message) => boolean): Tamper {
  const decoder = new Decoder();
  return (direction, player, bytes, handOn) => {
    const message = direction === "up" && player === liar ? decoder.decode(bytes) : undefined;
    if (message === undefined || !change(message)) {
      handOn(player, bytes);
      return;
    }
    const writer = new Writer();
    writer.open(new Uint8Array(1200));
    encode(writer, message.type, message.body as never);
    handOn(player, writer.bytes.slice(0, writer.at));
  };
}

export function randomChain(random: Random): (message: Message) => boolean {
  return ({ type, body }) => {
    if (type !== "inputs" || body.chain.count === 0) return false;
    for (let i = 0; i < body.chain.count; i++) body.chain.items[i]!.value = random.u32();
    return true;
  };
}

export function randomHashes(random: Random): (message: Message) => boolean {
  return ({ type, body }) => {
    if (type !== "hashes") return false;
    for (let i = 0; i < body.states.count; i++) body.states.items[i]!.low = random.u32();
    return true;
  };
}

export function blames(events: SequencerEvent[]): number[][] {
  return events.flatMap((event) => (event.type === "desync" ? [event.verdict.blamed] : []));
}
