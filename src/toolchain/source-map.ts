// From a byte of the module back to the line that wrote it: version 3 source maps, as far as modules need them.
export interface Place {
  readonly file: string;
  /** Both count from one. */
  readonly line: number;
  readonly column: number;
}

interface Mapping extends Place {
  readonly offset: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether a file is the game's own: not of AssemblyScript's library, nor of the SDK. */
export function isAuthors(file: string): boolean {
  return !file.startsWith("~lib/") && !file.includes("assembly/sdk/");
}

export class SourceMap {
  /** The text of each source, where the map has it. */
  readonly texts: ReadonlyMap<string, string>;
  readonly #mappings: Mapping[] = [];

  constructor(json: string) {
    const map = JSON.parse(json) as { sources: string[]; mappings: string; sourcesContent?: (string | null)[] };
    const { sources, mappings, sourcesContent = [] } = map;
    this.texts = new Map(sources.flatMap((file, i) => (sourcesContent[i] ? [[file, sourcesContent[i]]] : [])));
    let [offset, source, line, column] = [0, 0, 0, 0];
    // A module is one line; each segment holds differences: byte offset, source, line, column.
    for (const segment of mappings.split(",")) {
      const [byOffset, bySource, byLine, byColumn] = differences(segment);
      offset += byOffset ?? 0;
      if (bySource === undefined || byLine === undefined || byColumn === undefined) continue;
      source += bySource;
      line += byLine;
      column += byColumn;
      this.#mappings.push({ offset, file: sources[source] ?? "?", line: line + 1, column: column + 1 });
    }
  }

  /**
   * The line an instruction came from, looking no further back than `begin`, where its function starts. Code of the SDK is
   * inlined into the game's, so the nearest line before it that `wanted` accepts is the author's.
   */
  locate(offset: number, begin: number, wanted: (file: string) => boolean): Place | undefined {
    let nearest: Place | undefined;
    for (const place of this.backwards(offset, begin)) {
      nearest ??= place;
      if (wanted(place.file)) return place;
    }
    return nearest;
  }

  /** The lines of an instruction and of those before it, one after the other, no further back than `begin`. */
  *backwards(offset: number, begin: number): Generator<Place, undefined> {
    for (let i = this.#before(offset); i >= 0 && this.#mappings[i]!.offset >= begin; i--) yield this.#mappings[i]!;
  }

  #before(offset: number): number {
    let low = 0;
    let high = this.#mappings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#mappings[middle]!.offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The map of a module whose instructions have moved. They keep their order, so only the offsets change. */
export function movedMap(json: string, moved: (offset: number) => number): string {
  const map = JSON.parse(json) as { mappings: string };
  let [offset, before] = [0, 0];
  const segments = map.mappings.split(",").map((segment) => {
    const [byOffset = 0, ...rest] = differences(segment);
    offset += byOffset;
    const now = moved(offset);
    const numbers = [now - before, ...rest];
    before = now;
    return numbers.map(digits).join("");
  });
  return JSON.stringify({ ...map, mappings: segments.join(",") });
}

function digits(number: number): string {
  let value = number < 0 ? -2 * number + 1 : 2 * number;
  let text = "";
  for (; value >= 32; value = Math.floor(value / 32)) text += DIGITS[(value % 32) + 32];
  return text + DIGITS[value];
}

/** Base64 VLQ: five bits a digit, the sixth says that more follow, the lowest bit of the number is its sign. */
function differences(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    [value, shift] = [0, 0];
  }
  return numbers;
}
