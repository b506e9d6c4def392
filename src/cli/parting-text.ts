// How a difference between two runs is told: a line of where and what, then the fields, the same in every offline tool.
import type { Parting } from "../desync/parting.js";
import type { Compared } from "../desync/side-by-side.js";
import type { Difference, PhaseSeen } from "../replay/verify.js";
import type { FieldDifference } from "../simulation/schema.js";
import { counted } from "./counting.js";
import type { Io } from "./io.js";

const FIELDS_SHOWN = 12;
const NAMES_SHOWN = 6;

/** What the two sides are called: `good` and `bad`, `old` and `new`. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** A value by its name, as either side has it. */
type Told = Pick<FieldDifference, "path" | "before" | "after">;

/** `frame 700, phase 4: fighters[0].health  good 100  bad 98`, all in one line. */
export function firstDifference(parting: Parting, sides: Sides, phase?: PhaseSeen): string {
  const { kind, frame, fields, before, after } = parting;
  const place = phase === undefined ? `frame ${frame}` : `frame ${frame}, ${phaseText(phase)}`;
  if (kind === "start") return `${place}: ${stops(before.trap, after.trap, sides, "does not start")}`;
  if (kind === "trap") return `${place}: ${stops(before.trap, after.trap, sides, "stops")}`;
  const [field] = fields;
  if (field === undefined) return `${place}: the states differ`;
  return `${place}: ${field.path}  ${sides.before} ${field.before}  ${sides.after} ${field.after}`;
}

const HELD_AGAINST = { before: "expected", after: "got" };

/** Frame, phase, field, expected and got, as far as they are known, in one line. */
export function differenceText(difference: Difference, { before, after } = HELD_AGAINST): string {
  const { frame, end, phase, fields, fieldsAt, trap } = difference;
  const where = end - frame === 1 ? `frame ${frame}` : `between frames ${frame} and ${end - 1}`;
  const marked = phase?.phases === 0 ? "whose step marks no phases" : phase && phaseText(phase);
  const place = marked === undefined ? where : `${where}, ${marked}`;
  if (trap !== undefined) return `${place}: the game stops there: ${trap}`;
  const [field] = fields;
  if (field === undefined || fieldsAt === undefined) return `${place}; no whole state behind it names a field`;
  const later = fieldsAt >= end ? ` at frame ${fieldsAt}, the next whole state on record,` : "";
  return `${place}, ${field.path}${later} ${before} ${field.before}, ${after} ${field.after}`;
}

function phaseText({ before, after }: PhaseSeen): string {
  const [a, b] = [before, after].map((phase) => (phase === undefined ? "before its phases" : `phase ${phase}`));
  return a === b ? a! : `${a} or ${b}`;
}

function stops(before: string | undefined, after: string | undefined, sides: Sides, verb: string): string {
  const told = [
    before !== undefined && `${sides.before} ${verb}: ${before}`,
    after !== undefined && `${sides.after} ${verb}: ${after}`,
  ];
  return told.filter((each) => each !== false).join("; ");
}

export function printFields(fields: readonly Told[], sides: Sides, io: Io): void {
  const shown = fields.slice(0, FIELDS_SHOWN);
  const width = Math.max(0, ...shown.map(({ path }) => path.length));
  const values = Math.max(0, ...shown.map(({ before }) => before.length));
  for (const { path, before, after } of shown) {
    io.out(`    ${path.padEnd(width)}  ${sides.before} ${before.padEnd(values)}  ${sides.after} ${after}`);
  }
  if (fields.length > shown.length) io.out(`    and ${counted(fields.length - shown.length, "more field")}`);
}

/** What could not be compared, since the builds lay their states out otherwise. */
export function printLayout(compared: Compared, sides: Sides, io: Io): void {
  if (compared.comparedBy === "bytes") return;
  io.out("    the builds lay their states out otherwise: compared by the names of fields");
  for (const [names, side] of [
    [compared.onlyBefore, sides.before],
    [compared.onlyAfter, sides.after],
  ] as const) {
    const rest = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
    if (names.length > 0) io.out(`    only in ${side}: ${names.slice(0, NAMES_SHOWN).join(", ")}${rest}`);
  }
}

/** More fields than these help nobody; how many there are is told. */
const FIELDS_TOLD = 1000;

/** A parting for a machine: without the states. */
export function plainParting(
  { kind, frame, step, fields, before, after, ...rest }: Parting,
  phase?: PhaseSeen,
): object {
  const { comparedBy, onlyBefore, onlyAfter } = rest;
  const traps = { before: before.trap, after: after.trap };
  return { kind, frame, step, phase, comparedBy, onlyBefore, onlyAfter, traps, ...plainFields(fields) };
}

export function plainFields(fields: readonly Told[]): { fieldCount: number; fields: Told[] } {
  const told = fields.slice(0, FIELDS_TOLD).map(({ path, before, after }) => ({ path, before, after }));
  return { fieldCount: fields.length, fields: told };
}
