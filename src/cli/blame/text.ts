// What samestep blame tells: the line at fault, the write that shows it, and the fields; for a person, or as JSON.
import { styleText } from "node:util";
import type { BlamedField, BuildBlame, Cause, StateBlame, ToldValue, ToldWrite } from "../../desync/blame/blame.js";
import type { Places, SourcePlace } from "../../toolchain/places.js";
import { counted } from "../counting.js";
import type { Io } from "../io.js";
import { plainFields, printFields } from "../parting-text.js";

const FIELDS_SHOWN = 8;
const WRITES_SHOWN = 4;

/** Why a game stopped in the step, by side. */
export interface Traps {
  readonly here: string | undefined;
  readonly there: string | undefined;
}

export type Blamed =
  | { kind: "same"; frames: number; than: string }
  /** Two builds over one step; a step that is undefined is the game's init. */
  | {
      kind: "builds";
      step: number | undefined;
      traps: Traps;
      blame: BuildBlame;
      here: Places;
      there: Places;
      against: string;
    }
  /** One build over a step, against the states of others. */
  | { kind: "states"; step: number | undefined; sides: { name: string; blame: StateBlame }[]; here: Places };

const SIDES = { before: "here", after: "there" };

export function print(path: string, found: Blamed, io: Io): void {
  switch (found.kind) {
    case "same":
      io.out(
        `${styleText("green", "✓")} ${path}  the same states as ${found.than} in ${counted(found.frames, "frame")}`,
      );
      return;
    case "builds":
      io.out(`${styleText("red", "✗")} ${path}  ${stepText(found.step)} goes another way than in ${found.against}`);
      for (const side of ["here", "there"] as const)
        if (found.traps[side] !== undefined) io.out(`  ${side} the game stops: ${found.traps[side]}`);
      printBuilds(found.blame, found.here, found.there, io);
      return;
    case "states":
      io.out(`${styleText("red", "✗")} ${path}  ${stepText(found.step)}`);
      for (const { name, blame } of found.sides) printState(name, blame, found.here, io);
      return;
    default:
      found satisfies never;
  }
}

function stepText(step: number | undefined): string {
  return step === undefined ? "init" : `the step of frame ${step}`;
}

const CAUSES = {
  value: "the first number that differs",
  code: "the first line that differs and is run",
  way: "the last thing in common, before they go different ways",
} as const satisfies Record<Cause["kind"], string>;

function printBuilds({ kind, cause, here, there, fields }: BuildBlame, mine: Places, yours: Places, io: Io): void {
  if (cause !== undefined) {
    io.out(`  ${CAUSES[cause.kind]}:`);
    printBoth(cause.here, cause.there, mine, yours, io);
    if (cause.kind === "value" && cause.here?.value !== undefined)
      io.out(`      here ${valueText(cause.here)}, there ${valueText(cause.there)}`);
  }
  if (kind === "write") {
    const phase = (here ?? there)!.phase;
    io.out(`  the first write that differs${phase === undefined ? "" : `, in phase ${phase}`}:`);
    printBoth(here, there, mine, yours, io);
    io.out(`      ${(here ?? there)!.path}: here ${writeText(here)}, there ${writeText(there)}`);
  } else io.out("  no write to anything that both builds have differs");
  if (fields.length > 0) io.out(`  ${counted(fields.length, "field")} then differ${fields.length === 1 ? "s" : ""}:`);
  printFields(fields, SIDES, io);
}

/** The place once where it is one and the same line, and twice where it is not. */
function printBoth(
  here: { readonly site: number } | undefined,
  there: { readonly site: number } | undefined,
  mine: Places,
  yours: Places,
  io: Io,
): void {
  const [a, b] = [here && mine.at(here.site), there && yours.at(there.site)];
  const [textA, textB] = [a && placeText(a, here!.site), b && placeText(b, there!.site)];
  const [lineA, lineB] = [a && lineText(a, mine), b && lineText(b, yours)];
  if (textA === undefined || textB === undefined) {
    printPlace((textA ?? textB)!, lineA ?? lineB, textA === undefined ? "only there: " : "only here: ", io);
    return;
  }
  if (a?.file !== undefined && textA === textB && lineA === lineB) printPlace(textA, lineA, "", io);
  else {
    printPlace(textA, lineA, "here:  ", io);
    printPlace(textB, lineB, "there: ", io);
  }
}

function printPlace(text: string, line: string | undefined, whose: string, io: Io): void {
  io.out(`      ${whose}${styleText("bold", text)}`);
  if (line !== undefined) io.out(`      ${" ".repeat(whose.length)}  ${styleText("dim", line)}`);
}

/** `slide (assembly/games/fighter/physics.ts:40:3)`; without a map the instruction's offset. */
function placeText({ function: name, file, line, column }: SourcePlace, site: number): string {
  return file === undefined ? `${name} at 0x${site.toString(16)}` : `${name} (${file}:${line}:${column})`;
}

function lineText({ file, line }: SourcePlace, places: Places): string | undefined {
  return file === undefined || line === undefined ? undefined : places.linesOf(file)[line - 1]?.trim();
}

function valueText(told: ToldValue | undefined): string {
  return told === undefined ? "nothing" : (told.value ?? "something else");
}

function writeText(told: ToldWrite | undefined): string {
  return told === undefined ? "nothing" : `${told.before} → ${told.after}`;
}

function printState(name: string, { kind, fields }: StateBlame, places: Places, io: Io): void {
  if (kind === "none") {
    io.out(`  ${name}: what this build computes`);
    return;
  }
  if (kind === "outside") io.out(`  ${name}: written outside of the step, which touches none of what differs`);
  else io.out(`  ${name}: another state than this build computes`);
  for (const field of fields.slice(0, FIELDS_SHOWN)) printField(name, field, places, io);
  if (fields.length > FIELDS_SHOWN) io.out(`    and ${counted(fields.length - FIELDS_SHOWN, "more field")}`);
}

function printField(name: string, { path, before, after, writes }: BlamedField, places: Places, io: Io): void {
  io.out(`    ${path}  here ${before}  ${name} ${after}`);
  if (writes.length === 0) io.out("      no write of the step touches it");
  // The last one is what the value comes from.
  for (const write of writes.slice(-WRITES_SHOWN).reverse()) {
    const phase = write.phase === undefined ? "" : `, phase ${write.phase}`;
    io.out(`      ${writeText(write)}  in ${placeText(places.at(write.site), write.site)}${phase}`);
  }
  if (writes.length > WRITES_SHOWN) io.out(`      and ${counted(writes.length - WRITES_SHOWN, "write")} before`);
}

/** The same for a machine. */
export function plain(file: string, found: Blamed): object {
  const head = { schema: "samestep.blame/1", file };
  switch (found.kind) {
    case "same":
      return { ...head, result: "same", frames: found.frames, than: found.than };
    case "builds":
      return { ...head, result: "differs", ...plainBuilds(found) };
    case "states":
      return {
        ...head,
        result: "differs",
        step: found.step ?? "init",
        sides: found.sides.map((side) => plainSide(side, found.here)),
      };
    default:
      return found satisfies never;
  }
}

function plainBuilds({ step, against, traps, blame, here, there }: Blamed & { kind: "builds" }): object {
  const both = (told: { readonly here: Sited | undefined; readonly there: Sited | undefined }) => ({
    here: placed(told.here, here),
    there: placed(told.there, there),
  });
  const cause = blame.cause && { kind: blame.cause.kind, ...both(blame.cause) };
  const write = blame.kind === "write" ? both(blame) : undefined;
  return { step: step ?? "init", against, traps, cause, write, ...plainFields(blame.fields) };
}

function plainSide({ name, blame }: { name: string; blame: StateBlame }, places: Places): object {
  const fields = blame.fields.map((field) => ({
    ...field,
    writes: field.writes.map((write) => placed(write, places)),
  }));
  return { name, verdict: VERDICTS[blame.kind], fields };
}

const VERDICTS = { none: "same", outside: "written outside step", write: "write" } as const satisfies Record<
  StateBlame["kind"],
  string
>;

interface Sited {
  readonly site: number;
}

function placed<T extends Sited>(told: T | undefined, places: Places): object | undefined {
  return told && { ...told, ...places.at(told.site) };
}
