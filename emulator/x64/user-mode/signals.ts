/** How Linux ends a program that handles no signals: arch/x86/kernel/traps.c, signal(7). */
export const Signal = {
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
} as const;

/** By the exception's vector (SDM vol. 3A, table 6-1). */
const SIGNAL_OF_VECTOR: Readonly<Record<number, number>> = {
  0: Signal.SIGFPE, // #DE
  1: Signal.SIGTRAP, // #DB
  3: Signal.SIGTRAP, // #BP
  4: Signal.SIGSEGV, // #OF
  5: Signal.SIGSEGV, // #BR
  6: Signal.SIGILL, // #UD
  7: Signal.SIGILL, // #NM: Linux never leaves the x87 unit off
  10: Signal.SIGSEGV, // #TS
  11: Signal.SIGBUS, // #NP
  12: Signal.SIGBUS, // #SS
  13: Signal.SIGSEGV, // #GP
  14: Signal.SIGSEGV, // #PF
  16: Signal.SIGFPE, // #MF
  17: Signal.SIGBUS, // #AC
  19: Signal.SIGFPE, // #XM
};

/** Of vectors from here on, none is an exception: INT has asked for it. */
const FIRST_INTERRUPT = 32;

/**
 * The signal that an exception in user mode becomes; `undefined`: no program brings it about. INT
 * is refused, as it is by a Linux that has no system calls of 32 bits; in programs of 32 bits,
 * those by INT 0x80 are served before they get here.
 */
export function signalOf(vector: number): number | undefined {
  return vector >= FIRST_INTERRUPT ? Signal.SIGSEGV : SIGNAL_OF_VECTOR[vector];
}
