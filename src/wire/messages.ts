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
  CHUNK_BYTES,
  EVIDENCE_BYTES,
  HASHES_MAX,
  INPUT_BYTES_MAX,
  INPUT_DELAY_MAX,
  PART_BYTES,
  PARTS_MAX,
  ROUND_TRIP_MAX,
  SEATS_MAX,
  SNAPSHOT_BYTES_MAX,
} from "./limits.js";
import { matchConfig } from "./match-config.js";
import { signedResult } from "./result.js";
import { framesBody, GENERATIONS, inputsBody } from "./stream.js";

/** Raised whenever bytes change their meaning; a handshake refuses another one. */
export const PROTOCOL = 2;

const seat = bounded(u8, 0, SEATS_MAX - 1);
/** A seat, or the sequencer's own simulation. */
const party = bounded(u8, 0, AUTHORITY);
const frame = bounded(varint, 0, 0x7fff_ffff);

/** One seat's part of a hash disagreement: its hash of the state, in two halves. */
const hashParts = { low: u32, high: u32 };

export const stateHash: Codec<{ low: number; high: number; inputs: number }> = struct({ ...hashParts, inputs: u32 });

export const MESSAGES = {
  hello: {
    code: 1,
    from: "player",
    says: "I would like a seat; repeated until answered. `config` has one entry, or none to take the room's; with `anySeed` 1 its seed only counts for who opens the room; with `rejoin` 1 I come back to a seat of a running match; with `watch` 1 I want no seat, only to look on.",
    body: struct({
      protocol: u16,
      game: hash64,
      schema: hash64,
      token: bytes(16, 16),
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
    says: "You can't play here; the text tells a person why and what to do.",
    body: struct({ reason: bounded(u8, 0, 5), text: text(600) }),
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
    body: struct({ seat, echo: u16, held: u8, wait: varint, absent: u8, inputDelay: bounded(u8, 0, INPUT_DELAY_MAX) }),
  },
  inputs: {
    code: 7,
    from: "player",
    says: "Each frame: my newest inputs, what I hold of the others' (relative to my end), new values of my hash chain; when timed, what closes a round trip.",
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
    says: "The hash of each state from `begin` on, and the low half of the hash of that frame's inputs.",
    body: struct({ begin: frame, states: list(stateHash, HASHES_MAX) }),
  },
  desync: {
    code: 12,
    from: "sequencer",
    says: `State (0) or inputs (1) of \`frame\` are the first that differ between a and b, or only the chain there (2). \`agree\` of \`of\` have the same; bit s of \`blamed\`: seat s has not. No bit: nobody knows who is right. Party ${AUTHORITY} is the sequencer's own simulation.`,
    body: struct({
      serial: u8,
      frame,
      verdict: bounded(u8, 0, 2),
      blamed: u8,
      agree: u8,
      of: u8,
      seatA: party,
      seatB: party,
      a: stateHash,
      b: stateHash,
    }),
  },
  ask: {
    code: 13,
    from: "both",
    says: "Send me leaf hashes (0) or state bytes (1) of `frame` from `offset`; `seat` is whom I ask, then who asks.",
    body: struct({ seat: party, frame, part: bounded(u8, 0, 1), offset: varint }),
  },
  answer: {
    code: 14,
    from: "both",
    says: "The evidence asked for; `seat` is who asked, then who answers. No bytes: no longer held.",
    body: struct({ seat: party, frame, part: bounded(u8, 0, 1), offset: varint, bytes: bytes(0, EVIDENCE_BYTES) }),
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
      absent: u8,
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
} as const;

export type MessageType = keyof typeof MESSAGES;
export type Body<K extends MessageType> = ValueOf<(typeof MESSAGES)[K]["body"]>;
export type Message = { [K in MessageType]: { type: K; body: Body<K> } }[MessageType];

const TYPES = Object.keys(MESSAGES) as MessageType[];

export function encode<K extends MessageType>(to: Writer, type: K, body: Body<K>): void {
  to.u8(MESSAGES[type].code);
  (MESSAGES[type].body as Codec<Body<K>>).write(to, body);
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
