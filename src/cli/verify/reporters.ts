// How a verification is told: to a person, to a script, to readers of JUnit's XML, to GitHub.
import type { Io } from "../io.js";
import type { Line } from "./file.js";
import { junitOf } from "./junit.js";
import { printed, type Speed, summary, told } from "./text.js";

export interface Reporter {
  /** Told once for each replay, in the order of the files, as soon as it is known. */
  line(line: Line): void;
  /** Told when all are known. */
  end(lines: Line[], speed: Speed | undefined): void;
}

const QUIET = (): void => {};

/** What the names of --reporter mean. */
export const REPORTERS = {
  pretty: (io) => ({
    line: (line) => io.out(printed(line, told(line))),
    end: (lines, speed) => {
      if (lines.length > 1) io.out(`\n${summary(lines, speed)}`);
    },
  }),
  json: (io) => ({
    line: QUIET,
    end: (lines, speed) => {
      const ok = lines.every(({ result }) => result === "equal");
      io.out(JSON.stringify({ schema: "samestep.verify/1", ok, speed, replays: lines }, undefined, 2));
    },
  }),
  junit: (io) => ({ line: QUIET, end: (lines) => io.out(junitOf(lines)) }),
  github: (io) => ({
    line: (line) => {
      const words = told(line);
      io.out(words.mark === "✓" ? printed(line, words) : githubError(line.file, line.result, words));
    },
    end: (lines, speed) => io.out(summary(lines, speed)),
  }),
} as const satisfies Record<string, (io: Io) => Reporter>;

export type ReporterName = keyof typeof REPORTERS;

export function isReporter(name: string): name is ReporterName {
  return Object.hasOwn(REPORTERS, name);
}

/**
 * A workflow command, which GitHub shows beside the file:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
function githubError(file: string, result: string, { text, more }: { text: string; more: string[] }): string {
  const message = [text, ...more].join("\n");
  return `::error file=${property(file)},title=${property(`samestep verify: ${result}`)}::${escaped(message)}`;
}

/** A command ends with its line, and `%` begins what stands for a character. */
function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property ends with a comma, and all of them with a colon. */
function property(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
