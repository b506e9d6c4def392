// Every bench by its name, in the order in which a full run takes them.
import { COPIED, copies } from "./copies.js";
import { delta } from "./delta.js";
import { firstFrames } from "./first-frames.js";
import { GARBAGE_FLAGS, garbage } from "./garbage.js";
import { hash } from "./hash.js";
import { kernelTcp, LONG, SHORT } from "./kernel-tcp.js";
import { ledger, ledgerAside } from "./ledger.js";
import type { Figure } from "./measure.js";
import { nan } from "./nan.js";
import { SIZES } from "./peers/workload.js";
import { against, PEERS } from "./peers.js";
import { proof } from "./proof.js";
import { rollbackOfEntities, rollbackOfFighter } from "./rollback.js";
import { sparse } from "./sparse.js";
import { strategy } from "./strategy.js";
import { tick } from "./tick.js";
import { verification } from "./verification.js";

/** Each part runs in a process of its own. */
export interface Part {
  run: () => Promise<Figure[]>;
  /** Flags for Node. */
  flags?: readonly string[];
  /** Runs only in a run of all benches, or only when its bench is named. By default in both. */
  when?: "all" | "named";
}

export const BENCHES: Readonly<Record<string, readonly Part[]>> = {
  copies: COPIED.map((copied) => ({ run: () => copies(copied) })),
  hash: [{ run: hash }],
  rollback: [{ run: rollbackOfFighter }, ...SIZES.map((size) => ({ run: () => rollbackOfEntities(size) }))],
  peers: SIZES.flatMap((size) => PEERS.map((peer) => ({ run: () => against(peer, size) }))),
  tick: [{ run: tick }],
  garbage: [{ run: garbage, flags: GARBAGE_FLAGS }],
  delta: [{ run: delta }],
  sparse: [{ run: sparse }],
  proof: [{ run: proof }],
  "first-frames": [{ run: firstFrames }],
  strategy: [{ run: strategy }],
  nan: [{ run: nan }],
  verification: [{ run: verification }],
  ledger: [{ run: ledger }, { run: ledgerAside }],
  "kernel-tcp": [
    { run: () => kernelTcp(SHORT), when: "all" },
    { run: () => kernelTcp(LONG), when: "named" },
  ],
};
