#!/usr/bin/env node
// The samestep command: one file for each of its commands, loaded when called.
import { readFile } from "node:fs/promises";
import { SamestepError } from "../error.js";
import { Exit, type Io } from "./io.js";
import { nearest } from "./usage.js";

type Command = (args: string[], io: Io) => Promise<number>;

const COMMANDS: Record<string, { what: string; load: () => Promise<Command> }> = {
  build: {
    what: "compile a game and prove that it is deterministic",
    load: async () => (await import("./build.js")).build,
  },
  wrap: {
    what: "make a game of a module from C, Rust, Zig or WebAssembly text",
    load: async () => (await import("./wrap.js")).wrap,
  },
  serve: { what: "host matches and the demo page", load: async () => (await import("./serve.js")).serve },
  verify: {
    what: "re-simulate replays and compare every hash",
    load: async () => (await import("./verify.js")).verify,
  },
  keygen: {
    what: "make the keys with which a server signs results",
    load: async () => (await import("./keygen.js")).keygen,
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

samestep COMMAND --help shows examples and exit codes; samestep --version says which this is.
`;

async function version(): Promise<string> {
  const manifest = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

const io: Io = {
  out: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
  err: (text) => process.stderr.write(text.endsWith("\n") ? text : `${text}\n`),
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined) {
    io.err(HELP);
    return Exit.usage;
  }
  if (name === "--version" || name === "-v") {
    io.out(`samestep ${await version()}`);
    return Exit.ok;
  }
  if (name === "help" && args.length > 0) return main([args[0]!, "--help"]);
  if (name === "help" || name === "--help" || name === "-h") {
    io.out(HELP);
    return Exit.ok;
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
    if (error instanceof SamestepError) {
      io.err(`samestep ${name}: ${error.message} [${error.code}]`);
      return Exit.failed;
    }
    // The compiler is needed by `build` alone, and is therefore left to the project that builds.
    if (!(error instanceof Error) || !error.message.includes("Cannot find package 'assemblyscript'")) throw error;
    io.err(`samestep ${name}: the compiler is missing. Install it: npm i -D assemblyscript@0.28.20`);
    return Exit.environment;
  }
}

process.exitCode = await main(process.argv.slice(2));
