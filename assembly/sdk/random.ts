// Random numbers whose state lives in the arena, so that a rollback rolls the dice back too.
// PCG-XSH-RR 64/32 (O'Neill 2014, pcg-random.org) on its default stream; the state is two u32 because a view reads them as numbers.
const MULTIPLIER: u64 = 6364136223846793005;
const INCREMENT: u64 = 1442695040888963407;

@state
export class Random {
  hi: u32;
  lo: u32;

  /** Starts the sequence of this seed. A Random that was never seeded starts at state zero. */
  seed(low: u32, high: u32): void {
    this.hi = 0;
    this.lo = 0;
    this.next();
    const seeded = this.state() + (((<u64>high) << 32) | <u64>low);
    this.keep(seeded);
    this.next();
  }

  /** 32 random bits. */
  next(): u32 {
    const before = this.state();
    this.keep(before * MULTIPLIER + INCREMENT);
    return rotr<u32>(<u32>(((before >> 18) ^ before) >> 27), <u32>(before >> 59));
  }

  /** From 0 to n - 1. No number is favoured by more than n / 2^32. */
  below(n: u32): u32 {
    return <u32>((<u64>this.next() * <u64>n) >> 32);
  }

  /** From low to high, both included. */
  between(low: i32, high: i32): i32 {
    assert(low <= high, "Random.between: low is above high");
    // A u64 product, because all 2^32 integers are a fair range.
    const range = <u64>(<i64>high - <i64>low + 1);
    return <i32>(<i64>low + <i64>((<u64>this.next() * range) >> 32));
  }

  private state(): u64 {
    return ((<u64>this.hi) << 32) | <u64>this.lo;
  }

  private keep(state: u64): void {
    this.hi = <u32>(state >> 32);
    this.lo = <u32>state;
  }
}
