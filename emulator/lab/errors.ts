export type LabErrorCode =
  /** The lab was closed; open a new one. */
  | "closed"
  /** The guest panicked, froze or died; restore a checkpoint first. */
  | "guest-down"
  /** The guest did not come up. */
  | "boot-failed"
  /** A file in the guest could not be read or written. */
  | "guest-file"
  /** A checkpoint of another lab, engine or kernel. */
  | "foreign-checkpoint"
  /** A file of the image set is not there. */
  | "image-missing"
  /** A file of the image set is not what the manifest says. */
  | "image-corrupt"
  /** A module that this kernel cannot load; `ModuleError` has the facts. */
  | "bad-module"
  /** A program that this guest cannot run; `ProgramError` has the facts. */
  | "bad-program";

/** Every error that a lab throws on purpose. The message says what to do. */
export class LabError extends Error {
  override readonly name: string = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
