// Where engines part: the first state that an engine computes otherwise than most of them.

/** What an engine says of a match: a hash for each state, and why there are no more, if the game stopped. */
export interface Answer {
  readonly hashes: readonly string[];
  readonly stopped: string | undefined;
}

const HASH = /^[0-9a-f]{16}$/;

export function answerOf(line: string): Answer {
  const words = line.trim().split(/\s+/);
  const end = words.findIndex((word) => !HASH.test(word));
  if (end < 0) return { hashes: words, stopped: undefined };
  return { hashes: words.slice(0, end), stopped: words.slice(end).join(" ") };
}

export interface Parting {
  readonly engine: string;
  readonly frame: number;
  /** One of those who agree about this state, and how many they are. */
  readonly reference: string;
  readonly agreeing: number;
}

/** For each engine that parts from the others, where it first does. Of two equal sides the one that was named first is right. */
export function partings(answers: ReadonlyMap<string, Answer>): Parting[] {
  const found: Parting[] = [];
  const parted = new Set<string>();
  const end = Math.max(0, ...[...answers.values()].map(({ hashes }) => hashes.length));
  for (let frame = 0; frame < end; frame++) {
    const sides = sidesAt(answers, frame);
    const most = sides.reduce((best, side) => (side.length > best.length ? side : best));
    for (const engine of sides.flat()) {
      if (most.includes(engine) || parted.has(engine)) continue;
      parted.add(engine);
      found.push({ engine, frame, reference: most[0]!, agreeing: most.length });
    }
  }
  return found;
}

/** Engines by what they computed, of those who came so far. */
function sidesAt(answers: ReadonlyMap<string, Answer>, frame: number): string[][] {
  const sides = new Map<string, string[]>();
  for (const [engine, { hashes }] of answers) {
    const hash = hashes[frame];
    if (hash !== undefined) sides.set(hash, [...(sides.get(hash) ?? []), engine]);
  }
  return [...sides.values()];
}
