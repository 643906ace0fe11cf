import { type Freeze, formatPlace, Images, type Lab, readKernelSymbols } from "../lab/index.js";
import { nodeImageSource } from "../node/index.js";

/**
 * The place in the kernel where a machine froze, as `function+0xoffset`.
 * @returns undefined for a place outside of the kernel's own code, in a module for example,
 *   and when the list of symbols is not to be had: a report without the name is better than
 *   none.
 */
export async function symbolizeFreeze(lab: Lab, freeze: Freeze): Promise<string | undefined> {
  try {
    const images = await Images.open(nodeImageSource());
    const symbols = await readKernelSymbols(images, lab.machine.arch);
    const place = symbols.find(freeze.instructionPointer);
    return place && formatPlace(place);
  } catch {
    return undefined;
  }
}
