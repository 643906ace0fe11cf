/** Sequence numbers are 16 bits wide and go around. */
export function sequenceAfter(sequence: number, steps = 1): number {
  return (sequence + steps) & 0xffff;
}

/** Steps from one number forward to another. */
export function sequenceDistance(from: number, to: number): number {
  return (to - from) & 0xffff;
}

/** Half of the numbers are ahead of one, the other half behind it. */
export function isAhead(sequence: number, of: number): boolean {
  const distance = sequenceDistance(of, sequence);
  return distance > 0 && distance < 0x8000;
}
