#!/usr/bin/env node
// The samestep command: one file for each of its commands, loaded when called.
import { SamestepError } from "../error.js";
import { VERSION } from "../version.js";
import { Exit, type Io } from "./io.js";
import { nearest } from "./usage.js";

type Command = (args: string[], io: Io) => Promise<number>;

const COMMANDS: Record<string, { what: string; load: () => Promise<Command> }> = {
  build: {
    what: "compile a game and prove that it is deterministic",
    load: async () => (await import("./commands/build.js")).build,
  },
  check: {
    what: "prove that a game is deterministic, obligation by obligation",
    load: async () => (await import("./commands/check.js")).check,
  },
  wrap: {
    what: "make a game of a module from C, Rust, Zig or WebAssembly text",
    load: async () => (await import("./commands/wrap.js")).wrap,
  },
  serve: { what: "host matches and the demo page", load: async () => (await import("./commands/serve.js")).serve },
  verify: {
    what: "re-simulate replays and compare every hash",
    load: async () => (await import("./commands/verify.js")).verify,
  },
  record: {
    what: "play a match of bots and write its replay",
    load: async () => (await import("./commands/record.js")).record,
  },
  info: {
    what: "say what a replay, a game, a report or a snapshot is",
    load: async () => (await import("./commands/info.js")).info,
  },
  replay: {
    what: "play a replay under changed code and tell what changes",
    load: async () => (await import("./commands/replay.js")).replay,
  },
  diff: {
    what: "compare two replays, reports or snapshots, or a replay and a build",
    load: async () => (await import("./commands/diff.js")).diff,
  },
  bisect: {
    what: "the first frame and field where two builds part; for git bisect run",
    load: async () => (await import("./commands/bisect.js")).bisect,
  },
  blame: {
    what: "the function and line that made a frame come out otherwise",
    load: async () => (await import("./commands/blame.js")).blame,
  },
  minimise: {
    what: "shrink a failing replay to the least that still fails",
    load: async () => (await import("./commands/minimise.js")).minimise,
  },
  keygen: {
    what: "make the keys with which a server signs results",
    load: async () => (await import("./commands/keygen.js")).keygen,
  },
  synctest: {
    what: "roll back every frame of a game and compare",
    load: async () => (await import("./commands/synctest.js")).synctest,
  },
};

const HELP = `samestep: deterministic lockstep and rollback

${Object.entries(COMMANDS)
  .map(([name, { what }]) => `  samestep ${name.padEnd(10)} ${what}`)
  .join("\n")}

samestep COMMAND --help shows examples and exit codes; samestep --version says which this is.
`;

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
    io.out(`samestep ${VERSION}`);
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
    // A full disk, a file where a folder should be: what a command does not answer itself.
    if (error instanceof Error && "syscall" in error) {
      io.err(`samestep ${name}: ${error.message}`);
      return Exit.environment;
    }
    // The compiler is needed by `build` alone, and is therefore left to the project that builds.
    if (!(error instanceof Error) || !error.message.includes("Cannot find package 'assemblyscript'")) throw error;
    io.err(`samestep ${name}: the compiler is missing. Install it: npm i -D assemblyscript@0.28.20`);
    return Exit.environment;
  }
}

// Whoever reads what we print may stop early, as `head` does: that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  io.err(`samestep: ${error.message}`);
  process.exit(Exit.environment);
});
process.exitCode = await main(process.argv.slice(2));
