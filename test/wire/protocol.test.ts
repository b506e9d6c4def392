// PROTOCOL.md says what the message table says: the generated part of the page is compared, letter by letter.
import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { MESSAGES, PROTOCOL } from "../../src/wire/messages.js";

const PAGE = "PROTOCOL.md";
const BEGIN =
  "<!-- messages: written from src/wire/messages.ts by UPDATE=protocol npx vitest run test/wire/protocol -->";
const END = "<!-- end of messages -->";

function render(): string {
  const rows = Object.entries(MESSAGES).map(([type, { code, from, says, body }]) => {
    const fields = body.layout.split(/, (?=\w+: )/).join("\n");
    return `### ${code} ${type} (from ${from})\n\n${says}\n\n\`\`\`\n${fields}\n\`\`\`\n`;
  });
  return `${BEGIN}\n\nProtocol ${PROTOCOL}.\n\n${rows.join("\n")}\n${END}`;
}

it("PROTOCOL.md shows the message table", async () => {
  const page = await readFile(PAGE, "utf8");
  const before = page.slice(0, page.indexOf(BEGIN));
  const after = page.slice(page.indexOf(END) + END.length);
  if (process.env.UPDATE === "protocol" && !process.env.CI) await writeFile(PAGE, before + render() + after);
  const now = await readFile(PAGE, "utf8");
  expect(now.slice(now.indexOf(BEGIN), now.indexOf(END) + END.length)).toBe(render());
});

it("no two messages share a code", () => {
  const codes = Object.values(MESSAGES).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
