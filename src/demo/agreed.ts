// The hash up to which all players agree, out of the match's own record.
import { parseReplay } from "../replay/format.js";
import type { FighterMatch } from "./live-seat.js";
import { hex32 } from "./wording.js";

/** Undefined before the first frames were compared. */
export function agreedHash(match: FighterMatch): { end: number; hash: string } | undefined {
  const { agreedEnd, confirmedEnd } = match.stats;
  if (agreedEnd === 0 || confirmedEnd === 0) return undefined;
  const parsed = parseReplay(match.replay());
  if (parsed.kind !== "replay") return undefined;
  const check = parsed.replay.checks.findLast(({ frame }) => frame <= agreedEnd);
  return check === undefined ? undefined : { end: check.frame, hash: hex32(check.chain) };
}
