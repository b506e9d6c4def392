// Where a command writes: results on one stream, messages on the other. Tests give their own.
export interface Io {
  out(text: string): void;
  err(text: string): void;
}

/** What shells and CI expect of a command that checks something (as `diff` does it), and of one that was held wrong. */
export const Exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreadable: 3,
  environment: 4,
} as const;
