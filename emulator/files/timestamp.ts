/** A point in time, to the nanosecond, as `struct timespec` has it. */
export interface Timestamp {
  /** Whole seconds since 1970-01-01T00:00:00Z; negative before. A safe integer. */
  readonly seconds: number;
  /** 0 to 999,999,999, always added. */
  readonly nanoseconds: number;
}

/** @param milliseconds since 1970, with fractions, as `Date.now()` and its kin count. */
export function timestampFromMilliseconds(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  const rest = Math.round((milliseconds - seconds * 1000) * 1e6);
  return rest < 1e9
    ? { seconds, nanoseconds: rest }
    : { seconds: seconds + 1, nanoseconds: rest - 1e9 };
}
