// The link of the traced run: every IP packet of a TUN device goes through netsim's Link, seeded, each way on its own.
import { read, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PERFECT } from "../../src/netsim/conditions.js";
import { Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { LEG } from "../stripes/screens.js";

const PACKET_BYTES_MAX = 2048;
const SOURCE = 12;
const DESTINATION = 16;
const TCP = 9;

/** Each server's port, and the loss on the way to it and back. */
const { fd, servers } = workerData as { fd: number; servers: { port: number; loss: number }[] };
const paths = servers.map(({ port, loss }) => ({ port, up: leg(2 * port, loss), down: leg(2 * port + 1, loss) }));
const links = paths.flatMap(({ up, down }) => [up, down]);
// No Buffer: its `slice` shares what that of a Uint8Array copies, and the link copies so.
const packet = new Uint8Array(PACKET_BYTES_MAX);
const view = new DataView(packet.buffer);
let timer: NodeJS.Timeout | undefined;

parentPort!.on("message", (cut: boolean) => {
  for (const link of links) link.cut = cut;
});

function leg(seed: number, loss: number): Link {
  const link = new Link(new Random(seed), "datagram");
  link.conditions = { ...PERFECT, ...LEG, loss };
  return link;
}

/**
 * Both ends live behind one device: the server at its address, the clients' view of him at the next one. So the two
 * addresses are swapped, which leaves every checksum right, and the packet comes back in from the other end.
 */
function take(length: number): void {
  if (length < 20 || packet[0]! >> 4 !== 4) return; // IPv6 asks for its neighbours; nobody is there
  const source = view.getUint32(SOURCE);
  view.setUint32(SOURCE, view.getUint32(DESTINATION));
  view.setUint32(DESTINATION, source);
  const head = 4 * (packet[0]! & 15);
  if (packet[TCP] !== 6) return;
  const [from, to] = [view.getUint16(head), view.getUint16(head + 2)];
  const path = paths.find(({ port }) => port === from || port === to);
  (path?.port === to ? path.up : path?.down)?.send(packet.subarray(0, length), performance.now());
}

function deliver(): void {
  const now = performance.now();
  for (const link of links) link.deliver(now, (bytes) => void writeSync(fd, bytes));
  const next = Math.min(...links.map(({ nextAt }) => nextAt));
  clearTimeout(timer);
  if (next < Infinity) timer = setTimeout(deliver, Math.max(0, next - performance.now()));
}

function listen(): void {
  read(fd, packet, 0, PACKET_BYTES_MAX, null, (error, length) => {
    if (error) throw error;
    take(length);
    deliver();
    listen();
  });
}

listen();
parentPort!.postMessage("ready");
