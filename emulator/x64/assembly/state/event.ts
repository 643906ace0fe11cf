/** What an exception or interrupt comes of (SDM vol. 3A, 6.3 to 6.5). */
export enum EventKind {
  /** The instruction at RIP cannot be executed: the handler returns to it. */
  Fault = 0,
  /** Between two instructions: traps, instruction breakpoints. */
  Trap = 1,
  /** INT n, INT3, INTO: the program asked for it. */
  Software = 2,
  /** INT1, which is no software interrupt for the checks of privilege (SDM vol. 2A, INT n). */
  SoftwareDebug = 3,
  /** Interrupts and NMI. */
  External = 4,
}

/** What is held back after an instruction, for one more (SDM vol. 3A, 6.8.3). */
export enum Shadow {
  None = 0,
  /** STI: maskable interrupts. */
  Interrupts = 1,
  /** MOV SS, POP SS: these, NMI, and debug exceptions. */
  All = 2,
}
