import type { Origin } from "./changes.js";
import { FileError } from "./errors.js";
import type { Space } from "./space.js";

/**
 * A part of the files that has limits and rules of its own, as a file system that is mounted
 * somewhere: what is made in a directory belongs to the directory's volume, and nothing moves
 * from one to another.
 */
export interface Volume {
  readonly space: Space;
  /** When not, the guest is told that the file system is read-only, root or not. */
  readonly guestMayWrite: boolean;
}

/** @throws FileError EROFS when it is the guest that wants to change what is not its own */
export function requireWritable({ guestMayWrite }: Volume, origin: Origin): void {
  if (guestMayWrite || origin === "host") return;
  throw new FileError("EROFS", "these files are the host's; copy them to change them");
}

/** @throws FileError EXDEV */
export function requireSameVolume(from: Volume, to: Volume): void {
  if (from === to) return;
  throw new FileError("EXDEV", "a file cannot leave its volume; copy it");
}
