export type UserModeErrorCode =
  /** The file is no static ELF program for x86-64 or i386 Linux. */
  | "not-a-program"
  /** The guest's memory is used up while the program is loaded. */
  | "out-of-memory"
  /** The engine has ended a run in a way that no program can bring about. */
  | "engine-stopped";

/** A program cannot be run at all; what a program does wrong is told by how it has ended. */
export class UserModeError extends Error {
  override readonly name = "UserModeError";
  readonly code: UserModeErrorCode;

  constructor(code: UserModeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
