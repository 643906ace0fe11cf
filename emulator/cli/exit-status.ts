/** What the command's exit status means; `kspace --help` says the same. */
export const EXIT_OK = 0;
/** A module, a program or a section of the course did not do what it should. */
export const EXIT_FAILED = 1;
/** The command line or a file on it cannot be used. */
export const EXIT_USAGE = 2;

/** What a shell shows for a process that a signal ended: 128 and the signal's number. */
export function exitStatusOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}
