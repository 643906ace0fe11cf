import { LabError } from "./errors.js";
import { type CommandResult, type Doom, describeEnd } from "./outcome.js";

const HOME = "/home/";

/** The path in the host's tree of a file that the guest sees under `/home`. */
export function treePath(guestPath: string): string | undefined {
  return guestPath.startsWith(HOME) ? guestPath.slice(HOME.length) : undefined;
}

/** A file outside of the host's tree could not be read or written. */
export function guestFileError(verb: "read" | "write", path: string, result: CommandResult): Error {
  const said = new TextDecoder().decode(result.stderr).trim();
  return new LabError("guest-file", `Could not ${verb} ${path}: ${said || result.outcome}`);
}

/** What the guest cannot do in its state, and what helps. */
export function guestDown(doom: Doom): LabError {
  return new LabError("guest-down", `${describeDoom(doom)} Restore a checkpoint first.`);
}

function describeDoom(doom: Doom): string {
  switch (doom.outcome) {
    case "panic":
      return `The kernel panicked: ${doom.message}.`;
    case "frozen":
      return `The guest is frozen (${doom.freeze.reason}).`;
    case "dead":
      return describeEnd(doom.cause);
  }
}
