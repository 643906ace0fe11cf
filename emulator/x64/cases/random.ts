/**
 * Numbers that look random and follow from a seed: sfc32 (Doty-Humphrey's small fast counter),
 * which needs four additions and three shifts a number and passes the usual test suites.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(...seeds: readonly number[]) {
    this.seed(...seeds);
  }

  /** From here on the numbers are those of `seeds`. */
  seed(...seeds: readonly number[]): void {
    const [a = 0, b = 0, c = 0] = seeds;
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    this.#counter = 1;
    // Until seeds that differ in a bit have nothing in common any more.
    for (let round = 0; round < 12; round++) this.u32();
  }

  /** 0 to 2^32 - 1. */
  u32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.u32() / 2 ** 32) * limit);
  }

  /** From `first` to `last`, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True `percent` times in 100. */
  percent(percent: number): boolean {
    return this.u32() < (percent / 100) * 2 ** 32;
  }

  /** @throws when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }
}
