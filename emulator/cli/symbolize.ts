import type { Freeze, Lab } from "../lab/index.js";

/**
 * The place where a machine froze, as `function+0xoffset`, with ` [module]` behind it.
 * @returns undefined for a place in no function, and when the symbols are not to be had: a report
 *   without the name is better than none.
 */
export async function symbolizeFreeze(lab: Lab, freeze: Freeze): Promise<string | undefined> {
  try {
    await lab.readSymbols();
    return lab.codePlace(freeze.instructionPointer);
  } catch {
    return undefined;
  }
}
