/** A message of the kernel, as its ring buffer has it. */
export interface LogRecord {
  /** The kernel's number of the message; it counts from 0 at boot. */
  readonly sequence: number;
  /** syslog(2): 0 is an emergency, 7 is for debugging. */
  readonly level: number;
  /** As in syslog(3): 0 is the kernel. */
  readonly facility: number;
  /** Since boot, by the kernel's clock. */
  readonly nanoseconds: bigint;
  /** May hold newlines. */
  readonly text: string;
  /** The task or processor that wrote it. */
  readonly caller: { readonly kind: "task" | "cpu"; readonly id: number };
  /** A fragment of a line that could not be appended to the record that it belongs to. */
  readonly continuation: boolean;
  /** Its text could not be read any more: it was overwritten or is being written. */
  readonly textLost: boolean;
  /** What dev_printk adds: SUBSYSTEM, DEVICE. */
  readonly dictionary: Readonly<Record<string, string>>;
}
