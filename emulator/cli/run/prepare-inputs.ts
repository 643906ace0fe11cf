import { checkModule, checkProgram, type Lab } from "../../lab/index.js";
import { InputError } from "../errors.js";
import type { InputFile, InputModule, RunInputs } from "./inputs.js";

export interface PreparedModule extends InputModule {
  /** The kernel's, which need not be the file's. */
  readonly name: string;
}

/**
 * Checks modules and test, and copies them and the other files into the guest.
 * @returns the modules
 * @throws LabError for a file that the guest cannot take, InputError for one that it cannot have.
 */
export async function prepareInputs(
  lab: Lab,
  { modules, test, files }: RunInputs,
): Promise<PreparedModule[]> {
  const prepared = modules.map((module): PreparedModule => {
    const { name } = checkModule(module.host, module.bytes, lab.machine.arch, lab.kernel);
    return { ...module, name };
  });
  if (test) checkProgram(test.host, test.bytes, lab.machine.arch);
  for (const file of [...files, ...modules, ...(test ? [test] : [])]) {
    await copyIntoGuest(lab, file);
  }
  return prepared;
}

async function copyIntoGuest(lab: Lab, { host, guest, bytes, mode }: InputFile): Promise<void> {
  try {
    await lab.writeFile(guest, bytes, mode);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`${host} cannot be copied to ${guest} in the guest: ${reason}`, { cause });
  }
}
