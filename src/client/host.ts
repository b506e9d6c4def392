// What a page can say of where it runs, for reports of a desync.
import type { HostIdentity } from "../session/evidence/witness.js";

/** A browser's own words; empty where there is no browser. */
export function hostIdentity(): HostIdentity {
  const { navigator } = globalThis as { navigator?: { userAgent?: string; platform?: string } };
  return { engine: navigator?.userAgent ?? "", platform: navigator?.platform ?? "" };
}
