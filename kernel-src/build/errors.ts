export type BuildErrorCode =
  /** The command line asks for something that there is not. */
  | "usage"
  /** Another build uses the same folder. */
  | "busy"
  /** packages.json or another file of the sources is not what it must be. */
  | "bad-source"
  /** Host packages are missing, and this process may not install them. */
  | "packages-missing"
  /** Debian's archive has the package, but no longer in the pinned version. */
  | "version-gone"
  /** apt cannot reach or cannot verify the archive. */
  | "apt-failed"
  /** A program of the build ended with a status other than 0. */
  | "command-failed"
  /** A line of a configuration fragment does not hold in the final configuration. */
  | "config-mismatch";

/** What goes wrong in a build; the message says what to do. */
export class BuildError extends Error {
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BuildError";
    this.code = code;
  }
}
