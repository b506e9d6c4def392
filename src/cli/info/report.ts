// What samestep info says of the report of a desync: where, whose fault, and what the two sides ran.
import { type DesyncReport, type DesyncSide, REPORT_SCHEMA } from "../../session/evidence/report.js";
import { AUTHORITY } from "../../wire/limits.js";
import { type About, firstOf, type Unknown, unknown } from "../about.js";
import { counted } from "../counting.js";

const FIELDS_SHOWN = 12;

/** Undefined where the bytes are no JSON object at all. */
export function aboutReport(bytes: Uint8Array): About | Unknown | undefined {
  const value = objectOf(bytes);
  if (value === undefined) return undefined;
  const schema = "schema" in value ? String(value.schema) : undefined;
  if (schema?.startsWith("samestep.desync/") && schema !== REPORT_SCHEMA)
    return unknown(`a report ${schema}; this version of Samestep reads ${REPORT_SCHEMA}`);
  if (schema?.startsWith("samestep.") && schema !== REPORT_SCHEMA)
    return unknown(`no report of a desync, but what samestep ${schema.slice(9).split("/")[0]} --json has written`);
  if (schema !== REPORT_SCHEMA) return unknown("JSON, but no report of a desync");
  return isReport(value) ? about(value) : unknown("a report of a desync with parts that make no sense");
}

/** The report in a file; a text says why it is none. */
export function readReport(bytes: Uint8Array): DesyncReport | string {
  const value = objectOf(bytes);
  if (value === undefined || !("schema" in value) || value.schema !== REPORT_SCHEMA)
    return `it is no report of a desync (${REPORT_SCHEMA})`;
  return isReport(value) ? value : "it is a report of a desync with parts that make no sense";
}

function objectOf(bytes: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function about(report: DesyncReport): About {
  const { frame, noticed, verdict, why, differs, sides, fields, leaves, inputs, config, note } = report;
  const { blamed, agree, of, own, took, healed, start } = report;
  return {
    kind: "report",
    title: `the report of a desync${own === undefined ? "" : ` by ${partyOf(sides[own])}`}`,
    rows: [
      [
        "frame",
        `${frame}, the first whose ${differs === "state" ? "state differs" : `${differs} differ`}; noticed at ${noticed}`,
      ],
      ["verdict", `${verdict}: ${why}`],
      ["blamed", blamed.length === 0 ? "nobody: two differ, and no third decides" : blame(blamed, agree, of)],
      ["sides", sides.flatMap(sideLines)],
      ["fields", fields.length === 0 ? (note ?? "none") : fieldLines(report)],
      [
        "leaves",
        leaves.length === 0 ? "none" : `${leaves.map(({ index }) => index).join(", ")}, with both sides' bytes`,
      ],
      [
        "inputs",
        inputs.map(({ seat, begin, inputs: held }) => `${seat}: frames ${begin} to ${begin + held.length - 1}`),
      ],
      [
        "start",
        start ? `the state of frame ${frame - 1} is in it: samestep blame can play the step again` : "not in it",
      ],
      [
        "match",
        `${counted(config.players, "player")}, ${config.framesPerSecond} frames a second, seed 0x${config.seed}`,
      ],
      ["took", `${took.ms} ms${took.roundTrips === undefined ? "" : `, ${took.roundTrips} round trips`}`],
      ...(healed === undefined ? [] : [["healed", `at frame ${healed}`] as [string, string]]),
    ],
    json: { report },
  };
}

function partyOf({ party }: DesyncSide): string {
  return party === AUTHORITY ? "the server" : `seat ${party}`;
}

function blame(blamed: number[], agree: number, of: number): string {
  return `${blamed.map((seat) => `seat ${seat}`).join(", ")}; ${agree} of ${of} compute the same`;
}

function sideLines(side: DesyncSide): string[] {
  const { hash, identity } = side;
  const ran =
    identity === undefined
      ? "nothing is known of what it ran"
      : [`build ${identity.game}`, `Samestep ${identity.samestep}`, identity.engine, identity.platform]
          .filter((part) => part !== "")
          .join(", ");
  return [`${partyOf(side)}: ${hash}`, `  ${ran}`];
}

function fieldLines({ fields, sides }: DesyncReport): string[] {
  const [a, b] = sides.map(partyOf);
  const lines = fields.map(({ path, values }) => `${path}  ${a} ${values[0]}   ${b} ${values[1]}`);
  return firstOf(lines, FIELDS_SHOWN);
}

/** Whether all that is told here has its shape: anybody may have written the file. */
function isReport(value: object): value is DesyncReport {
  const report = value as DesyncReport;
  const { frame, noticed, verdict, why, differs, blamed, sides, fields, leaves, inputs, config, took, own } = report;
  return (
    [frame, noticed, report.agree, report.of].every(isNumber) &&
    [verdict, why, differs].every(isText) &&
    [undefined, 0, 1].includes(own) &&
    isList(blamed, isNumber) &&
    isList(sides, isSide) &&
    sides.length === 2 &&
    isList(fields, ({ path, values }) => isText(path) && isList(values, isText)) &&
    isList(leaves, ({ index }) => isNumber(index)) &&
    isList(inputs, (one) => isNumber(one.seat) && isNumber(one.begin) && isList(one.inputs, isText)) &&
    isNumber(config?.players) &&
    isNumber(config.framesPerSecond) &&
    isText(config.seed) &&
    isNumber(took?.ms)
  );
}

function isSide({ party, hash, identity }: DesyncSide): boolean {
  if (!isNumber(party) || !isText(hash)) return false;
  return identity === undefined || [identity.game, identity.samestep, identity.engine, identity.platform].every(isText);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isList<T>(value: readonly T[], is: (item: T) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => item !== null && item !== undefined && is(item));
}
