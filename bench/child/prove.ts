// Proves one module in a fresh process, as a page that opens does: the file is the argument, milliseconds the answer.
import { readFile } from "node:fs/promises";
import { prove } from "../../src/proof/proof.js";
import { answer } from "../child.js";

const bytes = await readFile(process.argv[2]!);
const begin = performance.now();
const proof = prove(bytes);
const milliseconds = performance.now() - begin;
if (!proof.ok) throw new Error(`${process.argv[2]} is refused: ${proof.findings[0]!.message}`);
answer(milliseconds);
