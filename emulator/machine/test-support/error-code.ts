import { MachineError } from "../machine.js";

/** The code of the MachineError that an action ends with; undefined where it does not. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof MachineError) return error.code;
    throw error;
  }
  return undefined;
}
