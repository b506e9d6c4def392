// What the pages tell people to type is what the commands take: every command and option of an example exists.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.js";
import { run } from "./skeet-files.js";

const PAGES = ["README.md", ...readdirSync("docs", { encoding: "utf8" }).map((name) => join("docs", name))].filter(
  (path) => path.endsWith(".md"),
);

type Command = (args: string[], io: Io) => Promise<number>;

/** What a page shows of a command: a line of a code block, with the lines that it goes on in. */
function examples(page: string): { command: string; options: string[] }[] {
  const blocks = [...readFileSync(page, "utf8").matchAll(/^ *```.*\n([\s\S]*?)^ *```/gm)].map(([, block]) => block!);
  const lines = blocks.join("\n").replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) =>
    [...line.replace(/ # .*/, "").matchAll(/(?:npx |^)samestep ([a-z]+)((?:(?!&&|npx ).)*)/g)].map(
      ([, command, rest]) => ({ command: command!, options: rest!.match(/(?<= )--[a-z-]+/g) ?? [] }),
    ),
  );
}

describe.each(PAGES)("%s", (page) => {
  it("shows no command or option that there is not", async () => {
    for (const { command, options } of examples(page)) {
      const module = (await import(`../../src/cli/commands/${command}.ts`)) as Record<string, Command>;
      const { code, text } = await run(module[command]!, "--help");
      expect(code, command).toBe(0);
      for (const option of options) expect(text, `samestep ${command}`).toContain(option);
    }
  });
});

it("finds the examples of the pages", () => {
  expect(examples("docs/verifying.md").length).toBeGreaterThan(8);
  expect(examples("docs/verifying.md")).toContainEqual({ command: "record", options: ["--out", "--network", "--bot"] });
});
