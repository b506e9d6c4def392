#!/usr/bin/env node
// The samestep command: one file for each of its commands, loaded when called.
import { SamestepError } from "../error.js";
import { Exit, type Io } from "./io.js";
import { nearest } from "./usage.js";

type Command = (args: string[], io: Io) => Promise<number>;

const COMMANDS: Record<string, { what: string; load: () => Promise<Command> }> = {
  build: {
    what: "compile a game and prove that it is deterministic",
    load: async () => (await import("./build.js")).build,
  },
  serve: { what: "host matches and the demo page", load: async () => (await import("./serve.js")).serve },
  verify: {
    what: "re-simulate replays and compare every hash",
    load: async () => (await import("./verify.js")).verify,
  },
  synctest: {
    what: "roll back every frame of a game and compare",
    load: async () => (await import("./synctest.js")).synctest,
  },
};

const HELP = `samestep: deterministic lockstep and rollback

${Object.entries(COMMANDS)
  .map(([name, { what }]) => `  samestep ${name.padEnd(10)} ${what}`)
  .join("\n")}

samestep COMMAND --help shows examples.
`;

const io: Io = {
  out: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
  err: (text) => process.stderr.write(text.endsWith("\n") ? text : `${text}\n`),
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.out(HELP);
    return name === undefined ? Exit.usage : Exit.ok;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    io.err(`samestep: there is no command ${name}${meant ? `; did you mean ${meant}?` : ""}\nSee: samestep help`);
    return Exit.usage;
  }
  try {
    return await (await command.load())(args, io);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    io.err(`samestep ${name}: ${error.message} [${error.code}]`);
    return Exit.failed;
  }
}

process.exitCode = await main(process.argv.slice(2));
