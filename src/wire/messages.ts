// THE message table: it gives the types, encoding, decoding, PROTOCOL.md and the golden bytes. A code is for ever.
import { Reader, type Writer } from "./bytes.js";
import {
  bounded,
  bytes,
  type Codec,
  hash64,
  list,
  struct,
  text,
  u8,
  u16,
  u32,
  type ValueOf,
  varint,
  window,
} from "./codec.js";
import {
  AUTHORITY,
  BLOCKS_MAX,
  BLOCKS_TOLD_MAX,
  CHUNK_BYTES,
  EPOCH_MAX,
  EVIDENCE_BYTES,
  HASHES_MAX,
  INPUT_BYTES_MAX,
  INPUT_DELAY_MAX,
  PART_BYTES,
  PARTS_MAX,
  ROSTER_TOLD_MAX,
  ROUND_TRIP_MAX,
  SEATS_MAX,
  SNAPSHOT_BYTES_MAX,
} from "./limits.js";
import { matchConfig } from "./match-config.js";
import { signedResult } from "./result.js";
import { framesBody, GENERATIONS, inputsBody, rosterEntry } from "./stream.js";

/** Raised whenever bytes change their meaning; a handshake refuses another one. */
export const PROTOCOL = 2;

/** Why somebody is not let in, or sent away. */
export const Refusal = {
  /** Another protocol, another build of the game, another layout of its state. */
  Protocol: 0,
  Game: 1,
  Schema: 2,
  /** Other settings than the room's, or such as cannot be played. */
  Settings: 3,
  Full: 4,
  /** The match, or his seat in it. */
  Gone: 5,
  /** A hello that somebody else had said before. */
  Replay: 6,
} as const;

const seat = bounded(u8, 0, SEATS_MAX - 1);
/** A seat, or the sequencer's own simulation. */
const party = bounded(u8, 0, AUTHORITY);
const frame = bounded(varint, 0, 0x7fff_ffff);
const epoch = bounded(varint, 0, EPOCH_MAX);
const blocks = bounded(u16, 1, BLOCKS_MAX);
/** Evidence, or the truth. */
const kind = bounded(u8, 0, 1);

/** One seat's part of a hash disagreement: its hash of the state, in two halves. */
const hashParts = { low: u32, high: u32 };

export const stateHash: Codec<{ low: number; high: number; inputs: number }> = struct({ ...hashParts, inputs: u32 });

export const MESSAGES = {
  hello: {
    code: 1,
    from: "player",
    says: "I would like a seat; repeated until answered. `config` has one entry, or none to take the room's; with `anySeed` 1 its seed only counts for who opens the room; with `rejoin` 1 I come back to a seat of a running match; with `watch` 1 I want no seat, only to look on. `serial` is higher over each further connection.",
    body: struct({
      protocol: u16,
      game: hash64,
      schema: hash64,
      token: bytes(16, 16),
      serial: u32,
      anySeed: bounded(u8, 0, 1),
      rejoin: bounded(u8, 0, 1),
      watch: bounded(u8, 0, 1),
      config: list(matchConfig, 1),
    }),
  },
  welcome: {
    code: 2,
    from: "sequencer",
    says: "You have this seat, in this match: from the lobby on, or as its state says (0), or once you have a snapshot and caught up (1); or none, and look on (2).",
    body: struct({ seat, generation: u8, entry: bounded(u8, 0, 2), config: matchConfig }),
  },
  refused: {
    code: 3,
    from: "sequencer",
    says: `You can't play here; the text tells a person why and what to do. Reason ${Refusal.Protocol}: another protocol, ${Refusal.Game}: another build of the game, ${Refusal.Schema}: another layout of its state, ${Refusal.Settings}: other settings, ${Refusal.Full}: no place left, ${Refusal.Gone}: the match is gone, or your seat in it, ${Refusal.Replay}: your \`token\` has been here over another connection with this \`serial\` or a higher one.`,
    body: struct({ reason: bounded(u8, 0, Refusal.Replay), text: text(600) }),
  },
  probe: {
    code: 4,
    from: "player",
    says: "A clock probe before the start: how many came back so far, and the best round trip in quarter ms.",
    body: struct({ sequence: u16, samples: u8, roundTrip: bounded(varint, 0, ROUND_TRIP_MAX) }),
  },
  probed: {
    code: 5,
    from: "sequencer",
    says: "A probe's echo, the quarter ms it was held, and how many seats of the match are taken.",
    body: struct({ echo: u16, held: u8, present: u8 }),
  },
  start: {
    code: 6,
    from: "sequencer",
    says: "You play `seat`. Frame zero is this many quarter ms from the sending; repeated until inputs come. Bit s of `absent`: nobody took seat s. From there on the input delay is `inputDelay`.",
    body: struct({ seat, echo: u16, held: u8, wait: varint, absent: u16, inputDelay: bounded(u8, 0, INPUT_DELAY_MAX) }),
  },
  inputs: {
    code: 7,
    from: "player",
    says: "Each frame: my newest inputs, what I hold of the others' (relative to my end), new values of my hash chain; when timed, what closes a round trip, and how long mine is: one and its steps of 4 ms, 0 while I know of none.",
    body: inputsBody,
  },
  frames: {
    code: 8,
    from: "sequencer",
    says: "The others' final inputs and the frame clock; when timed, also its 256ths, how far it was shifted, and what all have.",
    body: framesBody,
  },
  bye: {
    code: 9,
    from: "both",
    says: "I leave (0), you were dropped for silence (1), or the match is over (2); from a player, 2 says that he leaves and waits for the result.",
    body: struct({ reason: bounded(u8, 0, 2) }),
  },
  hashQuery: {
    code: 10,
    from: "sequencer",
    says: "Chains differ: send your hash of each of these states, and keep the states.",
    body: struct({ begin: frame, end: frame }),
  },
  hashes: {
    code: 11,
    from: "player",
    says: "The hash of each state from `begin` on, the low half of the hash of that frame's inputs, and my hash chain where they end.",
    body: struct({ begin: frame, chain: u32, states: list(stateHash, HASHES_MAX) }),
  },
  desync: {
    code: 12,
    from: "sequencer",
    says: `State (0) or inputs (1) of \`frame\` are the first that differ between a and b, or only the chain there (2). \`agree\` of \`of\` have the same; bit s of \`blamed\`: seat s has not. No bit: nobody knows who is right. Party ${AUTHORITY} is the sequencer's own simulation. Chains differed at \`noticed\`; \`blocks\` are the first that differ.`,
    body: struct({
      serial: u8,
      frame,
      verdict: bounded(u8, 0, 2),
      blamed: u16,
      agree: u8,
      of: u8,
      seatA: party,
      seatB: party,
      a: stateHash,
      b: stateHash,
      noticed: frame,
      blocks: list(bounded(u16, 0, BLOCKS_MAX - 1), BLOCKS_TOLD_MAX),
    }),
  },
  leaves: {
    code: 13,
    from: "player",
    says: "Beside `hashes`: what is in the state of each frame from `begin` on, as the low 32 bits of the hash of each of its `each` blocks.",
    body: struct({ begin: frame, each: blocks, hashes: bytes(0, EVIDENCE_BYTES) }),
  },
  parcel: {
    code: 14,
    from: "both",
    says: `A piece of evidence about verdict \`serial\` (kind 0), or of the truth that heals who was wrong (1): its bytes from ${CHUNK_BYTES} * \`index\` on, of \`total\`. \`seat\` is whom it is for, then whom it is from.`,
    body: struct({ kind, serial: u8, seat: party, index: varint, total: varint, bytes: window(CHUNK_BYTES) }),
  },
  lacking: {
    code: 16,
    from: "both",
    says: "Send me these pieces again: bit b of `mask` is piece `first` + b. `seat` as in `parcel`.",
    body: struct({ kind, serial: u8, seat: party, first: varint, mask: u32 }),
  },
  heal: {
    code: 17,
    from: "both",
    says: "I was found wrong by verdict `serial`: this is what my state of `frame` has in its `each` blocks, as in `leaves`; send me the true ones of those that differ. `seat` is whom it is from, when the sequencer passes it on.",
    body: struct({ serial: u8, seat: party, frame, each: blocks, hashes: bytes(0, EVIDENCE_BYTES) }),
  },
  healed: {
    code: 18,
    from: "player",
    says: "I have taken over the truth: compare me again, from the first report behind `frame` on. Said several times.",
    body: struct({ serial: u8, frame }),
  },
  result: {
    code: 20,
    from: "sequencer",
    says: "The match is over: its result (see below), and the server's Ed25519 signature. Answers each `bye` of reason 2.",
    body: signedResult,
  },
  keep: {
    code: 21,
    from: "sequencer",
    says: "Somebody needs a snapshot: keep your newest settled state of `least` or later, tell me its frame, and send its first chunks.",
    body: struct({ least: frame }),
  },
  kept: {
    code: 22,
    from: "player",
    says: "I keep the state of `frame`, so many bytes, and my hash chain there is this.",
    body: struct({ frame, ...hashParts, size: bounded(varint, 1, SNAPSHOT_BYTES_MAX) }),
  },
  snapshot: {
    code: 23,
    from: "sequencer",
    says: "You begin at `frame`: its state has so many bytes (none: the state that the game starts with), this is the hash chain there, bit s of `absent` is a seat that is absent there, `delay` the input delay, `roster` the entry from which you will be told. With `whole` 1 all chunks can be asked for, before only gaps. Then play until the first agreed frame in `check` and compare; repeated until you have.",
    body: struct({
      frame,
      ...hashParts,
      size: bounded(varint, 0, SNAPSHOT_BYTES_MAX),
      whole: bounded(u8, 0, 1),
      absent: u16,
      delay: u8,
      roster: u8,
      check: list(struct({ frame, value: u32 }), 1),
    }),
  },
  want: {
    code: 24,
    from: "both",
    says: "Send me these chunks of the snapshot of `frame`: bit b of `mask` is chunk `first` + b.",
    body: struct({ frame, first: varint, mask: u32 }),
  },
  chunk: {
    code: 25,
    from: "both",
    says: `Chunk \`index\` of the snapshot of \`frame\`: its bytes from ${CHUNK_BYTES} * \`index\` on. None: it is no longer held.`,
    body: struct({ frame, index: varint, bytes: window(CHUNK_BYTES) }),
  },
  spoilt: {
    code: 26,
    from: "player",
    says: "The snapshot of `frame` is not what everybody agreed on: give me another one.",
    body: struct({ frame }),
  },
  delay: {
    code: 30,
    from: "player",
    says: "I would like all seats' input delay to be so many frames: a person asks for it (1), until the roster answers, or my measurements advise it (0).",
    body: struct({ inputDelay: bounded(u8, 0, INPUT_DELAY_MAX), asked: bounded(u8, 0, 1) }),
  },
  part: {
    code: 15,
    from: "both",
    says: "A seat's input of `frame` is too long for a run, which only marks it: the bytes from 1024 * `index` on, of `total`. The generation is the player's on this path.",
    body: struct({
      generation: bounded(u8, 0, GENERATIONS - 1),
      seat,
      frame: u16,
      total: bounded(u16, 1, INPUT_BYTES_MAX),
      index: bounded(u8, 0, PARTS_MAX - 1),
      bytes: window(PART_BYTES),
    }),
  },
  claim: {
    code: 40,
    from: "member",
    says: "I would sequence the match from epoch `ballot` on, since its sequencer is silent (0), named me (1), or a rendezvous grants it (2). Would you follow (step 0)? Promise it, and send what I lack (1): I hold `held` of each seat from `begin` on, and so many roster entries. Who knows of no match that has started leaves `held` empty: there is to be a lobby. Repeated until enough have answered.",
    body: struct({
      ballot: epoch,
      step: bounded(u8, 0, 1),
      cause: bounded(u8, 0, 2),
      begin: frame,
      roster: varint,
      held: list(frame, SEATS_MAX),
    }),
  },
  promise: {
    code: 41,
    from: "member",
    says: "I would follow (step 0); or I do, hear nothing more from any epoch before `ballot` (1), and hold this: of each seat the frames from `begin` to `held`, the roster's entries up to `rosterEnd`, the last of which are `tail`, and absent seats for absent up to `absentEnd`. To the sequencer of an epoch that runs: may I go on in it?",
    body: struct({
      ballot: epoch,
      step: bounded(u8, 0, 1),
      generation: u8,
      begin: frame,
      rosterEnd: varint,
      tail: list(rosterEntry, ROSTER_TOLD_MAX),
      absentEnd: frame,
      stableEnd: frame,
      agreedEnd: frame,
      held: list(frame, SEATS_MAX),
    }),
  },
  bequest: {
    code: 42,
    from: "member",
    says: "With a promise of `ballot`, what the claimant lacks: as the sequencer of before would have told him.",
    body: struct({ ballot: epoch, frames: { ...framesBody, layout: "as the body of `frames`" } }),
  },
  opened: {
    code: 43,
    from: "member",
    says: "I sequence the match in this epoch. You go on as you are, with your inputs from `end` on (1); or your seat is absent in it, and you come in again (0); or it is another match than you know, or one that has not started (2). Repeated until something comes in this epoch.",
    body: struct({ epoch, taken: bounded(u8, 0, 2), end: frame }),
  },
  handOver: {
    code: 44,
    from: "member",
    says: "I sequence no longer: the player of seat `successor` should. Said several times.",
    body: struct({ successor: seat }),
  },
  notice: {
    code: 45,
    from: "member",
    says: "You speak of an epoch that is over, or I don't know who sequences: I live in the epoch of this datagram, and promised not to hear any before `promised`.",
    body: struct({ promised: epoch }),
  },
} as const;

export type MessageType = keyof typeof MESSAGES;
export type Body<K extends MessageType> = ValueOf<(typeof MESSAGES)[K]["body"]>;
export type Message = { [K in MessageType]: { type: K; body: Body<K> } }[MessageType];

/** The messages that only these say. */
export type SaidBy<From> = {
  [K in MessageType]: (typeof MESSAGES)[K]["from"] extends From ? Extract<Message, { type: K }> : never;
}[MessageType];

const TYPES = Object.keys(MESSAGES) as MessageType[];

export function encode<K extends MessageType>(to: Writer, type: K, body: Body<K>): void {
  // The two of every frame by their own names: to look one up whose name differs from call to call takes engines long.
  const message = type === "inputs" ? MESSAGES.inputs : type === "frames" ? MESSAGES.frames : MESSAGES[type];
  to.u8(message.code);
  (message.body as Codec<Body<K>>).write(to, body);
}

/** Makes an empty body to fill and send again and again. */
export function blank<K extends MessageType>(type: K): Body<K> {
  return (MESSAGES[type].body as Codec<Body<K>>).blank();
}

/** Decodes a stranger's bytes: a message, valid until the next one of its type, or undefined. Never throws. */
export class Decoder {
  readonly #reader = new Reader();
  readonly #byCode: { message: Message; codec: Codec<unknown> }[] = [];

  constructor() {
    for (const type of TYPES) {
      const { code, body: codec } = MESSAGES[type] as { code: number; body: Codec<unknown> };
      this.#byCode[code] = { message: { type, body: codec.blank() } as Message, codec };
    }
  }

  decode(bytes: Uint8Array): Message | undefined {
    const reader = this.#reader;
    reader.open(bytes);
    const known = this.#byCode[reader.u8()];
    if (known === undefined) return undefined;
    known.codec.read(reader, known.message.body);
    return reader.bad || reader.rest > 0 ? undefined : known.message;
  }
}
