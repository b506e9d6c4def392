// npm run matrix: every recorded match in every engine that this machine has; one state for all, or who has another and where.
import { matrix } from "./command.js";

process.exitCode = await matrix(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
});
