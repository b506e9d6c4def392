// What a strict majority is.

/** Whether more than half of those who may vote do. */
export function hasMajorityOf(electors: readonly number[], voters: ReadonlySet<number>): boolean {
  return 2 * electors.filter((seat) => voters.has(seat)).length > electors.length;
}
