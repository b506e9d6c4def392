// The table of a run, and whether it is good enough.
import type { Results } from "./campaign.js";
import { KIND_NAMES, KINDS } from "./kinds.js";
import type { Outcome } from "./outcome.js";

/** What has to be true of a run. */
export const VERDICTS_RIGHT_LEAST = 0.95;
export const ROUND_TRIPS_MEDIAN_MOST = 3;

export interface Row {
  kind: string;
  planted: number;
  masked: number;
  stopped: number;
  frames: number;
  fields: number;
  verdicts: number;
  rest: number;
  medianRoundTrips: number | undefined;
  worstRoundTrips: number | undefined;
}

export interface Summary {
  schema: "samestep.faults/1";
  rows: Row[];
  all: Row;
  clean: number;
  alarms: number;
  /** What falls short, in sentences. */
  failures: string[];
}

export function summary({ faults, clean }: Results): Summary {
  const rows = KIND_NAMES.map((kind) =>
    rowOf(
      KINDS[kind].title,
      faults.filter(({ task }) => task.type === "fault" && task.kind === kind),
    ),
  );
  const all = rowOf("all", faults);
  const alarms = clean.filter(({ complaints }) => complaints.length > 0).length;
  return {
    schema: "samestep.faults/1",
    rows,
    all,
    clean: clean.length,
    alarms,
    failures: failuresOf(all, faults, alarms),
  };
}

function rowOf(kind: string, outcomes: Outcome[]): Row {
  const count = (of: (outcome: Outcome) => boolean | undefined): number => outcomes.filter(of).length;
  const trips = outcomes.flatMap(({ roundTrips }) => roundTrips ?? []).sort((a, b) => a - b);
  return {
    kind,
    planted: count(({ fate }) => fate === "shown"),
    masked: count(({ fate }) => fate === "masked"),
    stopped: count(({ fate }) => fate === "stopped"),
    frames: count(({ right }) => right?.frame),
    fields: count(({ right }) => right?.fields),
    verdicts: count(({ right }) => right?.verdict),
    rest: count(({ right }) => right?.rest),
    medianRoundTrips: trips[trips.length >> 1],
    worstRoundTrips: trips.at(-1),
  };
}

function failuresOf(all: Row, faults: Outcome[], alarms: number): string[] {
  const failures: string[] = [];
  const unshown = new Set(faults.map(({ task }) => task.seed)).size - all.planted;
  if (unshown > 0) failures.push(`${unshown} faults never showed, however often they were planted`);
  if (all.frames < all.planted) failures.push(`the frame is wrong ${all.planted - all.frames} times`);
  if (all.fields < all.planted) failures.push(`the fields are wrong ${all.planted - all.fields} times`);
  if (all.rest < all.planted) failures.push(`something else is wrong ${all.planted - all.rest} times`);
  if (all.verdicts < VERDICTS_RIGHT_LEAST * all.planted)
    failures.push(`the verdict is right ${all.verdicts} times of ${all.planted}`);
  if (!(all.medianRoundTrips! <= ROUND_TRIPS_MEDIAN_MOST))
    failures.push(`half of the reports take more than ${ROUND_TRIPS_MEDIAN_MOST} round trips`);
  const false_ = faults.filter(({ fate, complaints }) => fate !== "shown" && complaints.length > 0).length;
  if (false_ > 0) failures.push(`${false_} alarms about faults that never showed`);
  if (alarms > 0) failures.push(`${alarms} alarms in matches without a fault`);
  return failures;
}

export function tableOf({ rows, all, clean, alarms, failures }: Summary): string[] {
  const number = (value: number | undefined): string => (value === undefined ? "-" : value.toFixed(2));
  const cells = [...rows, all].map((row) => [
    row.kind,
    ...[row.planted, row.frames, row.fields, row.verdicts, row.rest].map(String),
    ...[number(row.medianRoundTrips), number(row.worstRoundTrips), String(row.masked), String(row.stopped)],
  ]);
  const head = ["kind", "planted", "frame", "fields", "verdict", "rest", "median", "worst", "masked", "stopped"];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => line[i]!.length)));
  const lines = [head, ...cells].map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
  return [
    ...lines,
    "planted: shown in a confirmed state or input; frame to rest: reports that are right; median and worst: round trips",
    "from the sequencer's notice to the last report; masked: tries that no confirmed state ever showed; stopped: tries in",
    "which the faulty machine could not go on",
    `${clean} matches without a fault: ${alarms} alarms`,
    ...failures.map((failure) => `FAILED: ${failure}`),
  ];
}
