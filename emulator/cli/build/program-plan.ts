import { collectSources, namedByOptions, type ProgramSources } from "../../lab/index.js";
import { refuseOtherLanguages } from "./c-file.js";
import { HostFolder } from "./host-folder.js";

/** gcc's, and the course's own. */
const DEFAULT_OPTIONS = ["-g"];

/**
 * Reads the C files of a program for the guest.
 * @throws InputError, ToolchainError `bad-request`
 */
export async function planProgram(
  paths: readonly string[],
  name: string,
  options: readonly string[] = DEFAULT_OPTIONS,
): Promise<ProgramSources> {
  for (const path of paths) refuseOtherLanguages(path);
  const folder = await HostFolder.ofSources(paths);
  const named = namedByOptions(options, folder.name, folder.name);
  const files = await collectSources(folder, [...folder.sources, ...named.files], named.folders);
  return { program: name, folder: folder.name, sources: folder.sources, files, options };
}
