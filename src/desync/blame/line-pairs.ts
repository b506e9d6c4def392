// Which lines of two versions of a source are the same line, moved or changed.

/**
 * By the index of a line of `there`, the index of its line of `here`; undefined for a line that only `there` has. Unchanged
 * lines are paired as a longest common subsequence; where as many lines were changed as there were, they are paired in order.
 */
export function linePairs(here: readonly string[], there: readonly string[]): (number | undefined)[] {
  const pairs: (number | undefined)[] = there.map(() => undefined);
  let begin = 0;
  while (begin < here.length && begin < there.length && here[begin] === there[begin]) pairs[begin] = begin++;
  let [endHere, endThere] = [here.length, there.length];
  while (endHere > begin && endThere > begin && here[endHere - 1] === there[endThere - 1])
    pairs[--endThere] = --endHere;
  pairMiddle({ lines: here, begin, end: endHere }, { lines: there, begin, end: endThere }, pairs);
  return pairs;
}

interface Part {
  readonly lines: readonly string[];
  readonly begin: number;
  readonly end: number;
}

function pairMiddle(here: Part, there: Part, pairs: (number | undefined)[]): void {
  const [rows, columns] = [here.end - here.begin, there.end - there.begin];
  const longest = longestFrom(here, there);
  let [i, j, changedHere, changedThere] = [0, 0, 0, 0];
  const block = (): void => {
    if (changedHere === changedThere)
      for (let k = 1; k <= changedHere; k++) pairs[there.begin + j - k] = here.begin + i - k;
    [changedHere, changedThere] = [0, 0];
  };
  while (i < rows && j < columns) {
    if (here.lines[here.begin + i] === there.lines[there.begin + j]) {
      block();
      pairs[there.begin + j++] = here.begin + i++;
    } else if (longest(i + 1, j) >= longest(i, j + 1)) {
      i++;
      changedHere++;
    } else {
      j++;
      changedThere++;
    }
  }
  changedHere += rows - i;
  changedThere += columns - j;
  [i, j] = [rows, columns];
  block();
}

/** How long the common subsequence is from here on, by the lines of both. */
function longestFrom(here: Part, there: Part): (i: number, j: number) => number {
  const [rows, columns] = [here.end - here.begin, there.end - there.begin];
  const lengths = new Uint32Array((rows + 1) * (columns + 1));
  const at = (i: number, j: number): number => i * (columns + 1) + j;
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      lengths[at(i, j)] =
        here.lines[here.begin + i] === there.lines[there.begin + j]
          ? lengths[at(i + 1, j + 1)]! + 1
          : Math.max(lengths[at(i + 1, j)]!, lengths[at(i, j + 1)]!);
  return (i, j) => lengths[at(i, j)]!;
}
