/**
 * The floating-point core by itself, for the comparison with a processor: a function per
 * instruction as ../../../native/float-cases.c has it. Operands and result are slots of 16 bytes, what
 * is returned are the exceptions.
 */
export * from "./sse";
export * from "./x87";

const slots = memory.data(64, 16);

/** Where the caller puts the operands (two slots), and finds the result (the third). */
export function slotsAddress(): usize {
  return slots;
}
