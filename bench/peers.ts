// One rollback frame of the shared workload, with all that our session does, against the engines that a user would pick.
import type { Game } from "../src/simulation/game.js";
import { benchGame } from "./bench-games.js";
import { type Figure, rounds, us } from "./measure.js";
import { colyseus } from "./peers/colyseus.js";
import { HandObjects, HandTyped, KEEPINGS } from "./peers/hand.js";
import { type Claim, ifInstalled } from "./peers/installed.js";
import { netplayjs } from "./peers/netplayjs.js";
import { rollbackNetcode } from "./peers/rollback-netcode.js";
import { type Implementation, played, type Size } from "./peers/workload.js";
import { PortRig, SessionRig } from "./rigs.js";

export interface Peer {
  name: string;
  /** How many times as fast as it we promise to be. */
  budget: { "4k": number; "64k": number };
  /** Which of ours it is held against: the core alone against a core, the whole session against an engine. */
  against: "core" | "core and hash" | "session";
  create: (size: Size) => Promise<Implementation | { frame(): void }>;
}

const objects = (name: keyof typeof KEEPINGS, budget: number): Peer => ({
  ...{ name, budget: { "4k": budget, "64k": budget }, against: "core" },
  create: async (size) => new HandObjects(size, KEEPINGS[name]),
});

export const PEERS: readonly Peer[] = [
  {
    ...{ name: "hand-written typed arrays", budget: { "4k": 1.4, "64k": 1.4 }, against: "core" },
    create: async (size) => new HandTyped(size, { checksum: false }),
  },
  {
    ...{ name: "hand-written typed arrays, FNV for each save", budget: { "4k": 2.5, "64k": 2.5 } },
    against: "core and hash",
    create: async (size) => new HandTyped(size, { checksum: true }),
  },
  objects("objects, cloned by hand", 1.4),
  objects("objects, structuredClone", 28),
  objects("objects, JSON", 28),
  {
    ...{ name: "rollback-netcode at its best", budget: { "4k": 3.5, "64k": 2.5 }, against: "session" },
    create: (size) => rollbackNetcode(size, "best"),
  },
  {
    ...{ name: "rollback-netcode as its README shows", budget: { "4k": 28, "64k": 28 }, against: "session" },
    create: (size) => rollbackNetcode(size, "readme"),
  },
  {
    ...{ name: "netplayjs, host", budget: { "4k": 100, "64k": 100 }, against: "session" },
    create: (size) => netplayjs(size, "host"),
  },
  {
    ...{ name: "netplayjs, client", budget: { "4k": 100, "64k": 100 }, against: "session" },
    create: (size) => netplayjs(size, "client"),
  },
  {
    ...{ name: "Colyseus 0.18 prediction", budget: { "4k": 10, "64k": 10 }, against: "session" },
    create: colyseus,
  },
];

const OURS: Record<Peer["against"], (game: Game) => Promise<Implementation>> = {
  core: async (game) => new PortRig(await game.simulation(), { hashes: false }),
  "core and hash": async (game) => new PortRig(await game.simulation(), { hashes: true }),
  session: async (game) => new SessionRig(await game.simulation()),
};

/** Ours and one peer in turn, in a process that has seen no other: a shared one would spoil what V8 learns of each. */
export async function against(peer: Peer, size: Size): Promise<Figure[]> {
  const claim: Claim = {
    what: `a rollback frame of ${size.entities} entities against ${peer.name}`,
    ...{ budget: peer.budget[size.name], sense: "least" },
    against: `as fast, our ${peer.against === "session" ? "whole session" : peer.against}`,
  };
  return [await ifInstalled(claim, () => measure(claim, peer, size))];
}

async function measure(claim: Claim, peer: Peer, size: Size): Promise<Figure> {
  const game = await benchGame(`entities-${size.name}`);
  const proved = await peer.create(size);
  if ("finish" in proved) prove(peer.name, played(proved), played(await OURS[peer.against](game)));
  const theirs = await peer.create(size);
  const ours = await OURS[peer.against](game);
  const time = rounds(
    [
      { name: "ours", run: () => ours.frame() },
      { name: "theirs", run: () => theirs.frame() },
    ],
    { rounds: 7, seconds: 0.1 },
  );
  const value = `${us(time.us("ours"))}, theirs ${us(time.us("theirs"))}`;
  return { ...claim, value, ratio: time.ratio("theirs", "ours") };
}

function prove(name: string, theirs: number, ours: number): void {
  if (theirs === ours) return;
  throw new Error(`${name} ends in state ${theirs}, our session in ${ours}: they do not play the same match`);
}
