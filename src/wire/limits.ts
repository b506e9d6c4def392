// The wire's limits, each with its reason; the rooms above assert theirs against these.

/** Seats of a match: the bits of a mask of seats, and what a datagram can tell of all others' inputs. */
export const SEATS_MAX = 16;

/** The number of a party to a desync that sits nowhere: the sequencer's own simulation. */
export const AUTHORITY: number = SEATS_MAX;

/** Longest input of one seat and frame that the wire can spell: four parts. */
export const INPUT_BYTES_MAX = 4096;

/** Frames one run of inputs may carry: a second at 60 per second, more than any window or repair needs. */
export const RUN_FRAMES_MAX = 64;

/** Bytes of all runs' bits in one datagram: with header, roster and hash chain they stay inside it. */
export const RUN_BYTES_MAX = 1000;

/** Bytes of one seat's run, so that the runs of all others fit one datagram together. */
export function runBytes(seats: number): number {
  return Math.floor(RUN_BYTES_MAX / Math.max(1, seats - 1));
}

/**
 * Bytes of all seats' inputs in one frame: the longest ones of eight seats. Everybody keeps a thousand such frames, and a
 * stranger names the sizes.
 */
export const FRAME_INPUTS_MAX: number = 8 * INPUT_BYTES_MAX;

/**
 * The longest input that rides in a run; a longer one is only marked there, and its bytes travel as parts. So four frames
 * of any inputs fit a run, in their longest spelling: the newest and its repeats.
 */
export function inlineBytesMax(seats: number): number {
  return Math.floor(runBytes(seats) / 4) - 2;
}

/** Bytes of a long input in one part: with its header below a datagram. */
export const PART_BYTES = 1024;

/** Parts of the longest input. */
export const PARTS_MAX: number = INPUT_BYTES_MAX / PART_BYTES;

/** Long inputs of one seat that are under way at once: more frames than any path needs that is worth playing on. */
export const LONG_INPUTS_MAX = 8;

/** The last epoch of a match without a server: three bytes before each datagram, and more hand-overs than a day has seconds. */
export const EPOCH_MAX: number = 2 ** 21 - 1;

/** Probes that a player closes before the match starts: the least of eight round trips is close to the path's own. */
export const PROBES = 8;

/** Longest round trip that is told, in quarter ms: two seconds. Nobody plays beyond, and nobody may delay a start by more. */
export const ROUND_TRIP_MAX = 8000;

/** Most speculative frames. Fifteen at 60 per second is a quarter of a second; nobody plays well beyond it. */
export const PREDICTION_WINDOW_MAX = 15;

/** Most frames between pressing and playing. */
export const INPUT_DELAY_MAX = 15;

/** Longest time a seat is kept: an hour. Who has been away for longer has gone home. */
export const SEAT_KEEP_SECONDS_MAX = 3600;

/** Bytes of a game's own match rules (its @config class). */
export const RULES_BYTES_MAX = 256;

/** Hash chain values are reported at multiples of this frame count, so that they are comparable without an authority. */
export const REPORT_EVERY_FRAMES = 4;

/** Frames asked about at once when hashes differ: the aligned values kept (64) times their distance, in one answer. */
export const HASHES_MAX = 64;

/** Bytes of block hashes in one datagram: with its header below a datagram. */
export const EVIDENCE_BYTES = 1024;

/**
 * Blocks of a state whose hashes fit one datagram: 4 KiB leaves up to 1 MiB of state. Larger ones have larger blocks, of
 * twice as many leaves, or four times, until no more are needed.
 */
export const BLOCKS_MAX: number = EVIDENCE_BYTES / 4;

/** Differing blocks that are looked into: past these the fields would fill pages. */
export const BLOCKS_TOLD_MAX = 8;

/** Roster entries in one datagram: the oldest that a player lacks; the next datagram has the rest. */
export const ROSTER_TOLD_MAX = 7;

/** Hash chain values in one datagram: what a rollback of the whole window and a catch-up confirm at once. */
export const LINKS_MAX = 8;

/** Bytes of a snapshot in one datagram: with its header below a datagram. */
export const CHUNK_BYTES = 1024;

/** Chunks asked for in one datagram: the bits of a word. */
export const CHUNKS_ASKED_MAX = 32;

/** Chunks sent to one asking, a ms: a megabyte a second. A line that carries less is found by who asks, and asks for less. */
export const CHUNKS_PER_MS = 1;

/** Chunks that are sent unasked, by a donor or a sequencer that has them all: they are under way while it is said what they are of. */
export const UNASKED_CHUNKS = 64;

/** Largest state that is handed on to who comes later: at a megabyte a second, what the history of inputs bridges. */
export const SNAPSHOT_BYTES_MAX: number = 16 * 1024 * 1024;

/** Spectators of one match: at 60 datagrams a second each, as much as fifty matches of two. */
export const SPECTATORS_MAX = 64;

/**
 * Frames beyond a told clock before which no absent seat is played again. So long a datagram may be under way without
 * anybody waiting for an absent seat, and so long a joiner waits at least: 300 ms.
 */
export function absenceLead(framesPerSecond: number): number {
  return Math.ceil(0.3 * framesPerSecond);
}
