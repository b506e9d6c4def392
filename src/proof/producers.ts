// The tools that made a module, as they say themselves in its section `producers`: for people, and no part of any proof.
// The layout: https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md
import { Malformed, type ModuleShape } from "./binary.js";
import { printable } from "./finding.js";
import { Reader } from "./reader.js";

const SECTION = "producers";
/** Of the section's three fields, those that name tools; the third names languages. */
const TOOLS = ["processed-by", "sdk"];

/** Each as `name version`; none where nothing was recorded, or nothing that can be read. */
export function producersOf({ customs }: ModuleShape): string[] {
  const section = customs.find(({ name }) => name === SECTION);
  if (section === undefined) return [];
  const tools: string[] = [];
  const reader = new Reader(section.contents, 0, section.contents.length);
  try {
    for (let fields = reader.u32(); fields > 0; fields--) {
      const field = reader.name();
      for (let values = reader.u32(); values > 0; values--) {
        const tool = printable(`${reader.name()} ${reader.name()}`);
        if (TOOLS.includes(field)) tools.push(tool);
      }
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  return tools;
}
