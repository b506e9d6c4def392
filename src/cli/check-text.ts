// What a certificate tells a person: the game, every obligation in a line, and below it where it is broken.
import { styleText } from "node:util";
import type { Verdict } from "../proof/certificate.js";
import type { Checked, CheckedFinding, CheckedObligation, Identity } from "./commands/check.js";
import { counted, playersOf } from "./counting.js";
import type { Io } from "./io.js";

/** Places shown of one obligation; all of them are in --json. */
const FINDINGS_SHOWN = 8;

const MARKS: Readonly<Record<Verdict, string>> = {
  proven: styleText("green", "✓"),
  refused: styleText("red", "✗"),
  noticed: styleText("yellow", "!"),
  undecided: styleText("yellow", "?"),
};

export function printCertificate({ file, ok, game, obligations }: Checked, io: Io): void {
  io.out(`${file}  ${game.kind === undefined ? "no game" : `${game.kind} game`}`);
  for (const line of identityLines(game)) io.out(`    ${line}`);
  for (const each of obligations) printObligation(each, io);
  const count = (verdict: Verdict) => obligations.filter((each) => each.verdict === verdict).length;
  const counts = (["proven", "noticed", "undecided", "refused"] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  io.out(`\n${ok ? "proven" : "REFUSED"}: of ${counted(obligations.length, "obligation")} ${counts.join(", ")}`);
  if (ok && game.kind === "arena")
    io.out("Stores to addresses outside of the state no proof can see: samestep synctest plays the game to find them.");
}

function identityLines(game: Identity): string[] {
  const { gameHash, schemaHash, functions, memoryPages, stateBytes, framesPerSecond, players, producers } = game;
  const sizes = [
    counted(game.bytes, "byte"),
    functions === undefined ? "" : counted(functions, "function"),
    memoryPages === undefined ? "" : `${counted(memoryPages, "page")} of memory`,
    stateBytes === undefined ? "" : `${counted(stateBytes, "byte")} of state`,
  ];
  return [
    gameHash === undefined ? "" : `game ${gameHash}  schema ${schemaHash}`,
    sizes.filter(Boolean).join(" · "),
    players === undefined ? "" : `${playersOf(players)} · ${framesPerSecond} frames a second`,
    producers === undefined || producers.length === 0 ? "" : `made by ${producers.join(", ")}`,
  ].filter(Boolean);
}

function printObligation({ rule, claim, verdict, reason, findings }: CheckedObligation, io: Io): void {
  const why = reason === undefined ? "" : `  ${reason}`;
  io.out(`${MARKS[verdict]} ${verdict.padEnd(9)}  ${claim}  ${styleText("dim", `[${rule}]`)}${why}`);
  for (const finding of findings.slice(0, FINDINGS_SHOWN)) io.out(`      ${finding.message}${placeOf(finding)}`);
  if (findings.length > FINDINGS_SHOWN)
    io.out(`      and ${counted(findings.length - FINDINGS_SHOWN, "more place")}: --json shows them`);
}

function placeOf({ function: name, offset, source }: CheckedFinding): string {
  if (name === undefined || offset === undefined) return "";
  const line = source === undefined ? "" : `, ${source.file}:${source.line}:${source.column}`;
  return `\n        in ${name}, at byte 0x${offset.toString(16)}${line}`;
}
