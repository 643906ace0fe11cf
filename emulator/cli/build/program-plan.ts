import { collectForBuild, type ProgramSources } from "../../lab/index.js";
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
  const build = { sources: folder.sources, options };
  const files = await collectForBuild(folder, build, folder.name);
  return { ...build, program: name, folder: folder.name, files };
}
