// samestep serve: hosts matches, serves the demo page, records what is played.
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SamestepError } from "../../error.js";
import type { Conditions } from "../../netsim/conditions.js";
import { ReplayRecorder } from "../../replay/recorder.js";
import { SPECTATOR_DELAY_SECONDS_MAX } from "../../sequencer/joining/crowd.js";
import { createServer, type LogEntry, PORT_FIRST, type Server, type ServerOptions } from "../../server/server.js";
import { readPrivateKey } from "../../signing/keys.js";
import { readGame } from "../games.js";
import { Exit, type Io } from "../io.js";
import { NETWORK_HELP, NETWORK_OPTIONS, readNetwork } from "../network.js";
import { reasonOf } from "../reasons.js";
import { readArgs, wholeNumber, wrong } from "../usage.js";

const DEMO = fileURLToPath(new URL("../../../demo", import.meta.url));

/** What shells expect of a program that Ctrl-C ended: 128 and the signal's number. */
const INTERRUPTED = 130;

const PORT_MAX = 65_535;

const HELP = `samestep serve [--port N] [--host H] [--static DIR] [--record DIR | --no-record]
               [--game FILE [--sign KEYFILE]] [--spectator-delay SECONDS] [--network NAME]

Hosts matches: every room is one match, opened by its first player. Prints the address of its page.

  --port N         8080 or the next free port; also from PORT in the environment
  --host H         127.0.0.1, this machine only; 0.0.0.0 lets the network in
  --static DIR     the files to serve; by default the demo
  --record DIR     where each match becomes a .replay file; by default replays
  --no-record      record nothing
  --game FILE      play this game's matches here too, so that this server's hash is the truth;
                   may be given several times. Rooms of other games are refused
  --sign KEYFILE   sign how those matches end; a key of samestep keygen
  --spectator-delay SECONDS
                   who looks on sees each match so much later: 0 to 8, by default 0
  --log            tell everything that happens on stderr, one JSON object a line

A bad network for everybody, in both directions:
${NETWORK_HELP}

Examples
  samestep serve
  samestep serve --port 9000 --network mobile
  samestep serve --delay 80 --jitter 20 --loss 2
  samestep serve --game build/game.wasm --sign samestep.key

Exit code: 130 after Ctrl-C, 0 after SIGTERM, 1 a game or key is refused, 2 wrong usage, 4 the port is in use
`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  static: { type: "string" },
  record: { type: "string" },
  "no-record": { type: "boolean" },
  ...NETWORK_OPTIONS,
  log: { type: "boolean" },
  game: { type: "string", multiple: true },
  sign: { type: "string" },
  "spectator-delay": { type: "string" },
} as const;

/** Options of one value; `--game` is read apart. */
type Plain = Exclude<keyof typeof OPTIONS, "game">;
type Given = { [name in Plain]?: (typeof OPTIONS)[name]["type"] extends "string" ? string : boolean } & {
  game?: string[];
};

/** Runs until it is told to stop. Returns its exit code. */
export async function serve(args: string[], io: Io): Promise<number> {
  const parsed = readArgs(args, io, { name: "serve", help: HELP, options: OPTIONS });
  if (typeof parsed === "number") return parsed;
  if (parsed.positionals.length > 0) return wrong(io, "serve", `nothing to do with '${parsed.positionals[0]}'`);
  const options = readOptions(parsed.values, io);
  if (typeof options === "string") return wrong(io, "serve", options);
  Object.assign(options, await readGames(parsed.values));
  let server: Server;
  try {
    server = await createServer(options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "BAD_USAGE") return wrong(io, "serve", (error as Error).message);
    const environment = code === "PORT_BUSY" || code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND";
    if (!environment) throw error;
    io.err(`samestep serve: ${(error as Error).message}`);
    return Exit.environment;
  }
  greet(server, options, io);
  const signal = await stopSignal();
  await server.close();
  return signal === "SIGINT" ? INTERRUPTED : Exit.ok;
}

function greet(server: Server, options: ServerOptions, io: Io): void {
  const everywhere = options.host === "0.0.0.0" || options.host === "::";
  if (options.port === undefined && server.port !== PORT_FIRST)
    io.err(`Port ${PORT_FIRST} is in use; serving on ${server.port}.`);
  io.out(everywhere ? `http://localhost:${server.port}  and from your network` : server.url);
  if (options.files === undefined) io.err(`No page to serve: ${relative("", DEMO)} is not built (npm run build).`);
  if (options.record !== undefined)
    io.err(`Every match is recorded to ${join(options.record.directory, "/")} (--no-record to leave it).`);
  for (const { gameHash } of options.games ?? []) io.err(`Game build ${gameHash} is played here too.`);
  if (options.key !== undefined) io.err(`Results are signed with key ${options.key.id}.`);
  if (options.network !== undefined) io.err(`The network is degraded: ${describe(options.network)}.`);
  io.err("Ctrl-C stops.");
}

function describe({ delayMs, jitterMs, loss }: Conditions): string {
  return `${delayMs} ms each way, jitter ${jitterMs} ms, loss ${Number((100 * loss).toFixed(2))} %`;
}

/** What the server is to do, or what is wrong with it. */
function readOptions(given: Given, io: Io): ServerOptions | string {
  const port = given.port ?? process.env.PORT;
  const portNumber = port === undefined ? undefined : wholeNumber(port, 0, PORT_MAX);
  if (port !== undefined && portNumber === undefined)
    return `a port is a whole number from 0 to ${PORT_MAX}, not '${port}'`;
  if (given.record !== undefined && given["no-record"]) return "--record and --no-record contradict each other";
  if (given.sign !== undefined && given.game === undefined)
    return "--sign signs how matches end that are played here too: name their game with --game";
  const delay = given["spectator-delay"];
  const delaySeconds = delay === undefined ? undefined : wholeNumber(delay, 0, SPECTATOR_DELAY_SECONDS_MAX);
  if (delay !== undefined && delaySeconds === undefined)
    return `a spectator delay is a whole number of seconds from 0 to ${SPECTATOR_DELAY_SECONDS_MAX}, not '${delay}'`;
  const notServed = given.static === undefined ? undefined : whyNotServed(given.static);
  if (notServed !== undefined) return notServed;
  const files = given.static ?? (existsSync(DEMO) ? DEMO : undefined);
  const network = readNetwork(given);
  if (typeof network === "string") return network;
  const directory = given.record ?? "replays";
  return {
    ...(portNumber === undefined ? {} : { port: portNumber }),
    ...(given.host === undefined ? {} : { host: given.host }),
    ...(files === undefined ? {} : { files }),
    ...(given["no-record"] ? {} : { record: { directory, recorder: (match) => new ReplayRecorder(match) } }),
    ...(network === undefined ? {} : { network }),
    ...(delaySeconds === undefined ? {} : { spectatorDelaySeconds: delaySeconds }),
    log: given.log ? (entry) => io.err(JSON.stringify(entry)) : (entry) => tellError(entry, io),
  };
}

function whyNotServed(directory: string): string | undefined {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) return `there is no directory ${directory}`;
  return found.isDirectory() ? undefined : `--static names a directory, and ${directory} is none`;
}

/** Without --log a server is quiet, but a match that is lost is told. */
function tellError({ event, room, error }: LogEntry, io: Io): void {
  if (event === "error") io.err(`samestep serve: room ${room}: ${error}`);
}

/** @throws SamestepError what is wrong with a game or the key. */
async function readGames({ game, sign }: Given): Promise<Pick<ServerOptions, "games" | "key">> {
  if (game === undefined) return {};
  const games = await Promise.all(game.map(readGame));
  if (sign === undefined) return { games };
  const text = await readFile(sign, "utf8").catch(() => {
    throw new SamestepError("BAD_KEY", `cannot read the key ${sign}: make one with samestep keygen, or check the path`);
  });
  const key = await readPrivateKey(text).catch((error) => {
    throw new SamestepError("BAD_KEY", `the key ${sign}: ${reasonOf(error)}`);
  });
  return { games, key };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      resolve(signal);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
