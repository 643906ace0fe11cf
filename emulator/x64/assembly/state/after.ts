/** What a handler says of the instruction that it has executed. */
export enum After {
  /** The following instruction is next. */
  Next = 0,
  /** `cpu.rip` is where to go on: the block ends. */
  Jump = 1,
  /** Nothing was done, an exception is pending (`Processor.raise`). */
  Fault = 2,
  /** The same instruction goes on: a string instruction has done a part of its repetitions. */
  Repeat = 3,
  /** The instruction is done, and the run ends with `cpu.stop` behind it. */
  Stop = 4,
}

/** Why a run has ended. */
export enum Stop {
  /** As many instructions as wanted were executed. */
  Budget = 0,
  /** HLT: only an interrupt goes on. */
  Halt = 1,
  /** An exception that the host intercepts: nothing of the instruction was done. */
  Exception = 2,
  /** The instruction at `rip` has a breakpoint of the host's. */
  Breakpoint = 3,
  /** An instruction has touched what a watchpoint of the host's is on; it is done. */
  Watchpoint = 4,
  /** A fault while a double fault was delivered: the processor is shut down. */
  Shutdown = 5,
}
