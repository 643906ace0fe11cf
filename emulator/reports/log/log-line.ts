/** A line of a log, its prefixes read and taken off. */
export interface LogLine {
  /** The message; its own leading blanks are kept. */
  readonly text: string;
  /** Where it stands in the log, counting from 1; `last` differs where the line was wrapped. */
  readonly first: number;
  readonly last: number;
  /** Since boot. */
  readonly seconds: number | undefined;
  /** As in syslog(3): 0 is an emergency, 7 is for debugging. */
  readonly level: number | undefined;
  /** `T123` for a task, `C0` for a processor: CONFIG_PRINTK_CALLER. */
  readonly caller: string | undefined;
  readonly source: LineSource;
  /** A time, a level, a program's name stood in front of the message. */
  readonly prefixed: boolean;
  /** How many characters it had as it stood in the log. */
  readonly width: number;
}

/**
 * Who wrote a line, as far as its prefixes tell.
 * `kernel`: they say that the kernel did, or hold the kernel's time.
 * `program`: they name a program, or a facility that is not the kernel's.
 * `bare`: there are none.
 */
export type LineSource = "kernel" | "program" | "bare";
