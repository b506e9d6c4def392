// One and three sockets over real kernel TCP that loses packets: measured beside what the seeded network predicts.
import { spawnSync } from "node:child_process";
import { answerOf } from "./child.js";
import { type Figure, median } from "./measure.js";
import { predicted } from "./stripes/predicted.js";
import { BASE_MS, LEG, latency, percent, told } from "./stripes/screens.js";

/**
 * A TUN device in a network namespace of its own, which needs no rights but that of making one. Node can neither make the
 * device nor hand it on, so three lines of Perl do, and become Node.
 */
const IN_NAMESPACE = [
  "unshare",
  ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]),
  ...["--net", "perl", "-e"],
  `$^F = 255; open(T, "+<", "/dev/net/tun") or die "no /dev/net/tun: $!"; my $r = pack("a16Sx22", "tun0", 0x1001);
  ioctl(T, 0x400454ca, $r) or die "no TUN device: $!"; $ENV{TUN_FD} = fileno(T);
  system("ip addr add 10.99.0.1/24 dev tun0 && ip link set lo up && ip link set tun0 up") == 0 or die "no address";
  exec "node", @ARGV;`,
];

interface Traced {
  control: string;
  one: number[];
  three: number[];
  /** Three sockets over the same path without loss: what the machine itself makes late. */
  lossless: number[];
  /** Of each match: sockets that were open in the end, and hold-ups that were seen. */
  open: number[];
  holdUps: number[];
  recovered: number[];
}

interface Run {
  seconds: number;
  /** Matches at the same time over one socket for each player, as many over three, and as many without loss. */
  matches: number;
  outages: number;
}

/** In a run of all benches, and when this one is asked for: a minute after the frames that do not count. */
export const SHORT: Run = { seconds: 14, matches: 2, outages: 1 };
export const LONG: Run = { seconds: 64, matches: 2, outages: 5 };

const PREDICTED_SECONDS = 60;
const SEEDS = 5;

const PATH = `${BASE_MS} ms ± ${LEG.jitterMs}, ${100 * LEG.loss} % loss on each leg`;

const THREE = {
  what: `press to picture over three sockets, ${PATH}`,
  budget: 1.5,
  sense: "most",
  unit: "%",
  against: "of presses more than two frames late for the loss: without it, the machine alone",
} as const;

const ONE = {
  what: `press to picture over one socket, ${PATH}`,
  budget: 0.85,
  sense: "least",
  against: "of what loss makes late here is not late over three",
} as const;

const PREDICTION = {
  what: "the seeded network's prediction of late presses over one socket",
  budget: 1.25,
  sense: "most",
  against: "apart from what was measured, without the machine's",
} as const;

const OUTAGE = {
  what: "from the end of an outage of 3 s to the next frame of both players",
  budget: 500,
  sense: "most",
  unit: "ms",
  against: "in the middle of all matches and outages",
} as const;

export async function kernelTcp({ seconds, matches, outages }: Run): Promise<Figure[]> {
  if (!linkable()) {
    const notRun = "no TUN device in a namespace here: it takes unshare, ip, perl and /dev/net/tun";
    return [THREE, ONE, PREDICTION, OUTAGE].map((claim) => ({ ...claim, value: "", ratio: Number.NaN, notRun }));
  }
  const args = [seconds, matches, outages].map(String);
  const traced = await answerOf<Traced>("kernel-tcp", args, [], IN_NAMESPACE);
  const one = latency(traced.one);
  const three = latency(traced.three);
  const lossless = latency(traced.lossless);
  const lost = { one: one.late - lossless.late, three: three.late - lossless.late };
  const expected = { one: latency(await many(1)), three: latency(await many(3)) };
  const { control, holdUps, open, recovered } = traced;
  const sorted = [...recovered].sort((a, b) => a - b);
  const middle = median(sorted);
  return [
    {
      ...THREE,
      value: `${told(three)} of ${three.presses}; predicted ${told(expected.three)}; without loss ${told(lossless)}`,
      ratio: 100 * lost.three,
      also: { measured: three, predicted: expected.three, lossless, control, holdUps, open },
    },
    {
      ...ONE,
      value: `${told(one)} of ${one.presses}; predicted ${told(expected.one)}`,
      ratio: 1 - lost.three / lost.one,
      also: { measured: one, predicted: expected.one },
    },
    {
      ...PREDICTION,
      value: `${percent(expected.one.late)}, measured ${percent(one.late)}, ${percent(lost.one)} for the loss (TCP with ${control})`,
      ratio: Math.max(lost.one / expected.one.late, expected.one.late / lost.one),
    },
    {
      ...OUTAGE,
      value: `${middle.toFixed(0)} ms, the longest ${sorted.at(-1)!.toFixed(0)} ms of ${sorted.length}`,
      ratio: middle,
      also: { recovered },
    },
  ];
}

/** Whether this machine lets us have such a device. */
function linkable(): boolean {
  const [command, ...args] = IN_NAMESPACE;
  return spawnSync(command!, [...args, "--version"], { stdio: "ignore" }).status === 0;
}

async function many(sockets: number): Promise<number[]> {
  const times: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) times.push(...(await predicted(sockets, PREDICTED_SECONDS, seed)));
  return times;
}
