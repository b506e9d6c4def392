// Runs one part of a bench: its name and the part's number are the arguments, its figures the answer.
import { BENCHES } from "../benches.js";
import { answer } from "../child.js";

const [name = "", index = ""] = process.argv.slice(2);
answer(await BENCHES[name]![Number(index)]!.run());
