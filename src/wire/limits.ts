// The wire's limits, each with its reason; the rooms above assert theirs against these.

/** Seats of a match: what an arena's input region has room for. */
export const SEATS_MAX = 8;

/** Longest input of one seat and frame: a burst of strategy commands; buttons need two bytes. */
export const INPUT_BYTES_MAX = 4096;

/** Frames one run of inputs may carry: a second at 60 per second, more than any window or repair needs. */
export const RUN_FRAMES_MAX = 64;

/** Bytes of one run's bits: with the header they stay inside a datagram. */
export const RUN_BYTES_MAX = 1100;

/** Most speculative frames. Fifteen at 60 per second is a quarter of a second; nobody plays well beyond it. */
export const PREDICTION_WINDOW_MAX = 15;

/** Most frames between pressing and playing. */
export const INPUT_DELAY_MAX = 15;

/** Bytes of a game's own match rules (its @config class). */
export const RULES_BYTES_MAX = 256;

/** Hash chain values are reported at multiples of this frame count, so that they are comparable without an authority. */
export const REPORT_EVERY_FRAMES = 4;

/** Frames asked about at once when hashes differ: the aligned values kept (64) times their distance, in one answer. */
export const HASHES_MAX = 64;

/** Bytes of evidence in one answer: with its header below a datagram. */
export const EVIDENCE_BYTES = 1024;

/** Hash chain values in one datagram: what a rollback of the whole window and a catch-up confirm at once. */
export const LINKS_MAX = 8;
