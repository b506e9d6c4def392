// The hash up to which all players agree, as the page shows it.
import type { FighterMatch } from "./live-seat.js";
import { hex32 } from "./wording.js";

/** Undefined before the first frames were compared. */
export function agreedHash({ agreed }: FighterMatch): { end: number; hash: string } | undefined {
  return agreed && { end: agreed.end, hash: hex32(agreed.chain) };
}
