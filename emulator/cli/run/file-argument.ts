import { basename, posix } from "node:path";
import { InputError } from "../errors.js";

/** Where everything that a run brings along lies in the guest, and where it is run. */
export const GUEST_FOLDER = "/home/student";

/** How a file in {@link GUEST_FOLDER} is named there: `./a.out`. */
export function fromGuestFolder(guest: string): string {
  return `./${guest.slice(GUEST_FOLDER.length + 1)}`;
}

/** A file to copy into the guest. */
export interface FileArgument {
  readonly host: string;
  /** An absolute path. */
  readonly guest: string;
}

/** `C:\…` or `C:/…`: a drive of Windows, not a separator. */
const DRIVE = /^[A-Za-z]:[\\/]/;

/**
 * Reads `HOST[:GUEST]`. GUEST begins at {@link GUEST_FOLDER} unless it is absolute; without
 * it, or when it ends in `/`, the file keeps its name. The last colon separates.
 * @throws InputError
 */
export function parseFileArgument(argument: string): FileArgument {
  const colon = argument.lastIndexOf(":");
  const isSeparator = colon >= 0 && !(colon === 1 && DRIVE.test(argument));
  const host = isSeparator ? argument.slice(0, colon) : argument;
  const guest = isSeparator ? argument.slice(colon + 1) : "";
  if (host === "") throw new InputError(`"${argument}" names no file: write HOST or HOST:GUEST.`);
  if (isSeparator && guest === "") {
    throw new InputError(`"${argument}" names no place in the guest behind the colon.`);
  }
  const path = posix.resolve(GUEST_FOLDER, guest);
  const isFolder = guest === "" || guest.endsWith("/");
  return { host, guest: isFolder ? posix.join(path, basename(host)) : path };
}

/** Where a file of the host goes that is named without a place. */
export function guestPathOf(host: string): string {
  return posix.join(GUEST_FOLDER, basename(host));
}
