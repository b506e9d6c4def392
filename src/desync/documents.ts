// What distinguishes two JSON documents of ours, reports of a desync above all: every value that is another, by its path.
import type { Named } from "./replays.js";

/** Longer texts, such as the bytes of a state, are told by their beginning. */
const TEXT_SHOWN = 40;

/** What in a report depends on who wrote it: both sides of one desync tell the same but for these. */
const POINT_OF_VIEW: readonly string[] = ["own", "took"];

export interface DocumentDifferences {
  readonly differences: readonly Named[];
  /** The same, of values that say only who tells it. */
  readonly pointOfView: readonly Named[];
}

export function documentDifferences(before: object, after: object): DocumentDifferences {
  const differences: Named[] = [];
  const pointOfView: Named[] = [];
  for (const name of namesOf(before, after)) {
    compare(
      (before as Values)[name],
      (after as Values)[name],
      name,
      POINT_OF_VIEW.includes(name) ? pointOfView : differences,
    );
  }
  return { differences, pointOfView };
}

type Values = Record<string, unknown>;

function compare(before: unknown, after: unknown, path: string, found: Named[]): void {
  if (Object.is(before, after)) return;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    found.push({ path, before: textOf(before), after: textOf(after) });
    return;
  }
  const inside = (name: string): string => (Array.isArray(before) ? `${path}[${name}]` : `${path}.${name}`);
  for (const name of namesOf(before, after)) {
    compare((before as Values)[name], (after as Values)[name], inside(name), found);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** In the order of the first, then what only the second has. */
function namesOf(before: object, after: object): Set<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)]);
}

function textOf(value: unknown): string {
  if (value === undefined) return "none";
  const text = JSON.stringify(value);
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN)}… (${text.length} characters)`;
}
