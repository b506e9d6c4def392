// The hash up to which all players agree, as the page shows it.
import { hex32 } from "./wording.js";

/** Undefined before the first frames were compared. */
export function agreedHash({
  agreed,
}: {
  readonly agreed: { end: number; chain: number } | undefined;
}): { end: number; hash: string } | undefined {
  return agreed && { end: agreed.end, hash: hex32(agreed.chain) };
}
