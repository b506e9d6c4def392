// Peers are packages that may be absent: what cannot be measured for that reason stays in the table as not run.
import type { Figure } from "../measure.js";

/** What a figure promises, whether it can be measured or not. */
export type Claim = Pick<Figure, "what" | "budget" | "sense" | "against">;

/** Measures, or says that the peer's package is not installed. Any other failure is ours and goes on. */
export async function ifInstalled(claim: Claim, measure: () => Promise<Figure>): Promise<Figure> {
  try {
    return await measure();
  } catch (error) {
    if (!isAbsence(error)) throw error;
    const notRun = "its package is not installed: npm ci --prefix bench";
    return { ...claim, value: "not run", ratio: Number.NaN, notRun };
  }
}

/** A package that is absent, as the engine and as the bundler say it. */
function isAbsence(error: unknown): boolean {
  return error instanceof Error && /Cannot find (package|module)|Could not resolve/.test(error.message);
}
