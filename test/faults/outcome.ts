// What the reports of a match were worth, held against the truth: plain data, the same in any thread.
import type { DesyncReport } from "../../src/session/evidence/report.js";
import { AUTHORITY } from "../../src/wire/limits.js";
import { type WayName, wayOf } from "./kinds.js";
import { type Aftermath, playLive, type Stage } from "./live.js";
import { differingLeaves, LEAF_BYTES } from "./places.js";
import { type FaultPlan, type MatchPlan, type Plan, planOf, type Task } from "./plan.js";
import type { Parting } from "./truth.js";

/**
 * "shown": confirmed states or inputs differ, and it was to be reported. "masked": nothing of it was ever confirmed.
 * "stopped": the faulty machine could not go on. "clean": a match without a fault.
 */
export type Fate = "shown" | "masked" | "stopped" | "clean";

export interface Outcome {
  task: Task;
  fate: Fate;
  /** In a few words, to find it again. */
  what: string;
  /** Of shown ones. */
  right: { frame: boolean; fields: boolean; verdict: boolean; rest: boolean } | undefined;
  roundTrips: number | undefined;
  /** What is wrong, in sentences; nothing, where all is as it should be. */
  complaints: string[];
  verdict: string | undefined;
  way: WayName | undefined;
}

/** A path is never faster than its two hosts: who ticks every 4 ms, and repeats after a frame, takes so long. */
const ROUND_TRIP_MS_LEAST = 16;

export async function run(task: Task, stage: Stage): Promise<Outcome> {
  const plan = planOf(task);
  const told = { task, what: wording(plan), way: plan.fault?.way };
  const nothing = { right: undefined, roundTrips: undefined, complaints: [], verdict: undefined };
  try {
    const aftermath = await playLive(plan, stage);
    if (aftermath === undefined) return { ...told, ...nothing, fate: "masked" };
    if (plan.fault === undefined)
      return { ...told, ...nothing, fate: "clean", complaints: ofClean(plan.match, aftermath) };
    if (aftermath.parting === undefined) return { ...told, ...nothing, ...ofMasked(aftermath) };
    return { ...told, ...ofShown(plan.match, plan.fault, aftermath, aftermath.parting) };
  } catch (error) {
    const complaints = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { ...told, ...nothing, fate: plan.fault === undefined ? "clean" : "shown", complaints };
  }
}

function wording({ match, fault }: Plan): string {
  const { game, players, authority, roundTripMs, loss } = match;
  const place = `${game}, ${players} players${authority ? ", authority" : ""}, ${roundTripMs} ms, ${(100 * loss).toFixed(1)} %`;
  return fault === undefined ? place : `${fault.way} from frame ${fault.frame} on machine ${fault.victim}: ${place}`;
}

function ofClean({ frames }: MatchPlan, { reports, ended, agreedEnd, noticedAt, parting }: Aftermath): string[] {
  const complaints: string[] = [];
  if (reports.some((report) => report !== undefined)) complaints.push("an alarm without a fault");
  if (noticedAt !== undefined) complaints.push("hashes were asked for without a fault");
  if (parting !== undefined) complaints.push(`states differ at frame ${parting.frame}, and nothing was planted`);
  if (ended !== undefined) complaints.push(ended);
  if (agreedEnd < frames / 2) complaints.push(`agreed on ${agreedEnd} of ${frames} frames only`);
  return complaints;
}

function ofMasked({ reports, ended }: Aftermath): { fate: Fate; complaints: string[] } {
  const alarm = reports.some((report) => report !== undefined);
  return {
    fate: ended === undefined ? "masked" : "stopped",
    complaints: alarm ? ["an alarm about a fault that never showed"] : [],
  };
}

type Judged = Pick<Outcome, "fate" | "right" | "roundTrips" | "complaints" | "verdict">;

function ofShown(match: MatchPlan, fault: FaultPlan, aftermath: Aftermath, parting: Parting): Judged {
  const { reports, noticedAt, reportedAt, ended } = aftermath;
  const victim = aftermath.victim!;
  const sides = reports.filter((report): report is DesyncReport => report?.own !== undefined);
  if (sides.length === 0 && ended !== undefined)
    return { fate: "stopped", right: undefined, roundTrips: undefined, complaints: [], verdict: undefined };
  const complaints = [
    ...frameComplaints(parting, sides),
    ...fieldComplaints(parting, victim, sides),
    ...verdictComplaints(fault, sides),
    ...otherComplaints(match, victim, sides),
  ];
  const no = (about: string): boolean => !complaints.some((complaint) => complaint.startsWith(about));
  if (sides.length === 0) complaints.push("frame: no report at all");
  const roundTripMs = Math.max(ROUND_TRIP_MS_LEAST, match.roundTripMs);
  return {
    fate: "shown",
    right: { frame: no("frame") && sides.length > 0, fields: no("fields"), verdict: no("verdict"), rest: no("rest") },
    roundTrips:
      noticedAt === undefined || reportedAt === undefined ? undefined : (reportedAt - noticedAt) / roundTripMs,
    complaints,
    verdict: sides[0]?.verdict,
  };
}

function frameComplaints({ frame, differs }: Parting, reports: DesyncReport[]): string[] {
  return reports
    .filter((report) => report.frame !== frame || report.differs !== differs)
    .map((report) => `frame: ${report.differs} at ${report.frame}, and it is ${differs} at ${frame}`);
}

function fieldComplaints(parting: Parting, victim: number, reports: DesyncReport[]): string[] {
  const complaints: string[] = [];
  for (const report of reports) {
    const found = report.fields.map(({ path }) => path).sort();
    if (found.join() !== parting.fields.join())
      complaints.push(`fields: ${short(found)} for ${short(parting.fields)}: ${report.note ?? "no note"}`);
    else if (parting.differs === "state" && !leavesRight(report, parting, victim))
      complaints.push("fields: the bytes of the leaves are others");
    else if (parting.differs === "inputs" && !recordsRight(report, parting, victim))
      complaints.push("fields: the inputs of the frame are others");
  }
  return complaints;
}

function short(names: readonly string[]): string {
  return names.length === 0
    ? "none"
    : `${names.slice(0, 4).join(", ")}${names.length > 4 ? `, ${names.length} in all` : ""}`;
}

function leavesRight(report: DesyncReport, { clean, faulty }: Parting, victim: number): boolean {
  const leaves = differingLeaves(clean, faulty).slice(0, 8);
  const told = report.leaves.map(({ index }) => index);
  return told.join() === leaves.join() && report.leaves.every(({ index, bytes }) => bothRight(index, bytes));
  function bothRight(index: number, bytes: [string, string]): boolean {
    return report.sides.every(({ party }, i) => {
      const state = party === victim ? faulty : clean;
      const leaf = state.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES);
      return Buffer.compare(Buffer.from(bytes[i]!, "base64"), leaf) === 0;
    });
  }
}

function recordsRight(report: DesyncReport, { records }: Parting, victim: number): boolean {
  return report.sides.every(
    ({ party, record }) => record === Buffer.from(records[party === victim ? 1 : 0]).toString("hex"),
  );
}

function verdictComplaints({ kind, way }: FaultPlan, reports: DesyncReport[]): string[] {
  const { verdicts } = wayOf(kind, way);
  return reports
    .filter(({ verdict }) => !verdicts.includes(verdict))
    .map(({ verdict, why }) => `verdict: ${verdict} (${why}), and it is ${verdicts.join(" or ")}`);
}

/** Who it is about, and whether both sides say the same. */
function otherComplaints({ authority, players }: MatchPlan, victim: number, reports: DesyncReport[]): string[] {
  const complaints: string[] = [];
  const known = authority || players > 2;
  for (const { blamed, sides, own } of reports) {
    const parties = sides.map(({ party }) => party);
    if (blamed.join() !== (known ? String(victim) : "")) complaints.push(`rest: blames ${blamed.join() || "nobody"}`);
    if (!parties.includes(victim)) complaints.push(`rest: is between ${parties.join(" and ")}`);
    if (authority && !parties.includes(AUTHORITY)) complaints.push("rest: the authority is no side of it");
    if (sides[own!]?.identity === undefined) complaints.push("rest: does not say what it runs itself");
  }
  const expected = authority ? 1 : 2;
  if (reports.length !== expected) complaints.push(`rest: ${reports.length} reports, and ${expected} sides make one`);
  if (new Set(reports.map(shared)).size > 1) complaints.push("rest: the two sides say different things");
  return complaints;
}

/** What two reports of one desync must have in common. */
function shared({ own, took, healed, ...rest }: DesyncReport): string {
  return JSON.stringify(rest);
}
