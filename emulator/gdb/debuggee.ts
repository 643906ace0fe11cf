/** A command that a person gives as `monitor NAME ARGUMENT`. */
export interface MonitorCommand {
  readonly name: string;
  /** How its arguments are written, `[COUNT]` for example; empty where it takes none. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly summary: string;
  /**
   * @param print shows text, ended by newlines where it shall end.
   * @throws an error whose message is shown.
   */
  run(argument: string, print: (text: string) => Promise<void>): Promise<void>;
}

/** What can be done with the debugged machine that the protocol does not know of. */
export interface Debuggee {
  readonly monitorCommands: readonly MonitorCommand[];
  /** The debugger lets the target run, for however short. */
  onResume?(): void;
  /** The debugger's user wants it dead. By default it is only left alone. */
  onKill?(): void;
}
