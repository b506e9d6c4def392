// A verification as JUnit's XML, which the test pages of most CI systems read: a test case for each replay.
import { basename, dirname } from "node:path";
import type { Line } from "./file.js";
import { told } from "./text.js";

/** What differs or is forged is a failure; what could not be verified is an error. */
export function junitOf(lines: Line[]): string {
  const marks = lines.map((line) => told(line).mark);
  const count = (mark: string): number => marks.filter((each) => each === mark).length;
  const ms = lines.reduce((sum, line) => sum + (line.ms ?? 0), 0);
  const counts = { tests: lines.length, failures: count("✗"), errors: count("!"), time: seconds(ms) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "samestep verify", ...counts })}>`,
    `  <testsuite${attributes({ name: "samestep verify", ...counts, skipped: 0 })}>`,
    ...lines.flatMap(testCase),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function testCase(line: Line): string[] {
  const { file, result, ms = 0 } = line;
  const { mark, text, more } = told(line);
  const named = attributes({ classname: dirname(file), name: basename(file), file, time: seconds(ms) });
  if (mark === "✓") return [`    <testcase${named}/>`];
  const fault = mark === "✗" ? "failure" : "error";
  const body = [text, ...more].map(escaped).join("\n");
  return [
    `    <testcase${named}>`,
    `      <${fault}${attributes({ type: result, message: text })}>${body}</${fault}>`,
    "    </testcase>",
  ];
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** Of what a game says in a trap, XML 1.0 has no spelling for most control characters and for half a surrogate pair. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r -\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\t", "&#9;");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(4);
}
