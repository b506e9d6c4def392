// What a stranger may ask of this server; every limit with its reason. A server's options may set others.
import { STRIPES_MAX } from "../transport/hold-ups.js";
import { DATAGRAM_BYTES_MAX } from "../wire/bytes.js";
import { SEATS_MAX, SPECTATORS_MAX } from "../wire/limits.js";

/** Sockets and rooms live in steps of this: half a frame at 60 per second. */
export const TICK_MS = 8;

export interface Limits {
  messageBytes: number;
  messagesPerSecond: number;
  messagesBurst: number;
  bytesPerSecond: number;
  bytesBurst: number;
  peers: number;
  peersPerRoom: number;
  stripesPerPeer: number;
  connections: number;
  connectionsPerAddress: number;
  rooms: number;
  roomsBytes: number;
  helloMs: number;
  lagFrames: number;
  stuckMs: number;
  backlogBytes: number;
  pingMs: number;
  silenceMs: number;
  requestMs: number;
  lingerMs: number;
  lobbyMs: number;
  matchMs: number;
}

export const LIMITS: Readonly<Limits> = {
  /** Of one message: a datagram. `ws` closes with 1009 beyond. */
  messageBytes: DATAGRAM_BYTES_MAX,
  /** Of one peer, over all his sockets. The fastest game has 240 frames a second and one datagram each; the rest is for repairs and evidence. */
  messagesPerSecond: 300,
  /** A stream that stood still for three seconds hands over all of them at once. */
  messagesBurst: 900,
  /** A button game sends 6 KB/s, one whose every frame is full of commands 72 KB/s at 60 frames per second; three seconds at once. */
  bytesPerSecond: 128 * 1024,
  bytesBurst: 384 * 1024,
  /** What one core carries at 60 frames per second with half of it to spare (measured: 600 in rooms of 4 collapse forwarding). */
  peers: 400,
  /** Every seat, and for each the peer that he does not know to be dead yet; and all who may look on. */
  peersPerRoom: 2 * SEATS_MAX + SPECTATORS_MAX,
  /** What loss demands at most, and as many again that came to nothing in an outage, which we do not know yet. */
  stripesPerPeer: 2 * STRIPES_MAX,
  /** Sockets: each peer with all his stripes. They cost memory, 30 KB each, while a stripe adds no messages. */
  connections: 400 * STRIPES_MAX,
  /** A household or a school class of 32 behind one address, each with all his stripes. */
  connectionsPerAddress: 32 * STRIPES_MAX,
  /** Two players each. */
  rooms: 200,
  /** Input history and authorities of all rooms: a stranger names the size of his inputs. A room of two with buttons takes 20 KB, the largest 33 MB. */
  roomsBytes: 512 * 1024 * 1024,
  /** From the upgrade to a seat: three round trips of the worst path anybody plays on, with loss. */
  helloMs: 3000,
  /** Frames unacknowledged by somebody who has been talking for a second: he does not read. */
  lagFrames: 120,
  /** A match in which nothing becomes final for everybody: whoever owes an acknowledgement holds it up. */
  stuckMs: 3000,
  /** Bytes waiting in our memory for one reader. The kernel took megabytes before (measured: 3.8 MiB), so he is long dead. */
  backlogBytes: 64 * 1024,
  /** A dead connection should be known in seconds, and thirty small frames a minute cost nothing. */
  pingMs: 2000,
  /** Three pings without an answer, or half a frame that never ends. */
  silenceMs: 6000,
  /** To send the head of a request, or anything at all on a fresh socket. */
  requestMs: 3000,
  /** A room after its match, or after everyone has gone: time to come back to. */
  lingerMs: 5000,
  /** A lobby in which nobody starts. */
  lobbyMs: 10 * 60_000,
  /** No match lasts longer; its record stays below 100 MB. */
  matchMs: 4 * 3_600_000,
};
