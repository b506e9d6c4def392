// samestep keygen: a pair of keys, for a server to sign the results of its matches, and for everybody to check them.
import { rm, writeFile } from "node:fs/promises";
import { generateKeys } from "../../signing/keys.js";
import { Exit, type Io } from "../io.js";
import { readArgs, wrong } from "../usage.js";

/** The private half is its owner's to read, and nobody else's. */
const PRIVATE_MODE = 0o600;

const HELP = `samestep keygen [--out NAME]

Makes a pair of Ed25519 keys. Writes two files, and never over others:
  NAME.key   the private half: samestep serve --sign NAME.key. Readable by you alone; keep it so
  NAME.pub   the public half: samestep verify --key NAME.pub. Give it to everybody

  -o, --out NAME   by default samestep

Example
  samestep keygen --out tournament

Exit code: 0 written, 2 wrong usage, 4 a file is there already, or cannot be written
`;

export async function keygen(args: string[], io: Io): Promise<number> {
  const options = { out: { type: "string", short: "o" } } as const;
  const parsed = readArgs(args, io, { name: "keygen", help: HELP, options });
  if (typeof parsed === "number") return parsed;
  if (parsed.positionals.length > 0)
    return wrong(io, "keygen", `nothing to do with '${parsed.positionals[0]}': name the files with --out`);
  const name = parsed.values.out ?? "samestep";
  const { privatePem, publicPem, id } = await generateKeys();
  const [privateFile, publicFile] = [`${name}.key`, `${name}.pub`];
  try {
    await writeFile(privateFile, privatePem, { flag: "wx", mode: PRIVATE_MODE });
  } catch (error) {
    return refused(privateFile, error, io);
  }
  try {
    await writeFile(publicFile, publicPem, { flag: "wx" });
  } catch (error) {
    await rm(privateFile); // half a pair is of no use
    return refused(publicFile, error, io);
  }
  io.out(`${privateFile}  ${publicFile}  key ${id}`);
  return Exit.ok;
}

function refused(file: string, error: unknown, io: Io): number {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === "EEXIST"
      ? "is there already: results signed with it could not be checked any more"
      : `cannot be written: ${message}`;
  io.err(`samestep keygen: ${file} ${why}. Choose another name with --out`);
  return Exit.environment;
}
