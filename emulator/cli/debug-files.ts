import {
  type DebugFile,
  Images,
  isDebugInfoError,
  type KernelFacts,
  ModuleFiles,
  openDebugFile,
  openKernelSources,
  ReportDecoder,
  readHome,
  readKernelFacts,
  readModuleInfo,
  SourceReader,
} from "../lab/index.js";
import { nodeImageSource } from "../node/index.js";
import { InputError } from "./errors.js";
import { readHostFile } from "./host-files.js";
import { HostSources } from "./host-sources.js";

/** A file with debug information that the user named. */
export interface HostDebugFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly debugInfo: DebugFile;
}

/** What a command knows of code that is not in a guest. */
export interface DebugFiles {
  readonly images: Images;
  readonly kernel: KernelFacts;
  readonly vmlinux: HostDebugFile | undefined;
  readonly modules: readonly HostDebugFile[];
  readonly decoder: ReportDecoder;
  /** Reads a source file that the debug information names. */
  readSource(path: string): Promise<string | undefined>;
}

/** @throws InputError for a file that cannot be used, LabError for images that cannot be read. */
export async function openDebugFiles(
  vmlinuxPath: string | undefined,
  modulePaths: readonly string[],
): Promise<DebugFiles> {
  const [images, vmlinux, modules] = await Promise.all([
    Images.open(nodeImageSource()),
    vmlinuxPath === undefined ? undefined : openHostFile(vmlinuxPath),
    Promise.all(modulePaths.map(openHostFile)),
  ]);
  const byName = new Map<string, HostDebugFile[]>();
  for (const module of modules) {
    const name = moduleName(module);
    byName.set(name, [...(byName.get(name) ?? []), module]);
  }
  const kernel = await readKernelFacts(images, "i686");
  const home = await readHome(images, "i686");
  const courseModules = new ModuleFiles(home, "/home");
  const hostSources = new HostSources(modulePaths);
  const ownSources = new SourceReader(await openKernelSources(images, "i686"), home);
  const readSource = async (path: string): Promise<string | undefined> =>
    (await hostSources.read(path)) ?? ownSources.read(path);
  const decoder = new ReportDecoder({
    images,
    kernelRelease: kernel.release,
    ...(vmlinux && { vmlinux: vmlinux.debugInfo }),
    // In the lab's own guest it may well be one of the course's, which are of several builds.
    moduleFiles: (module, report) =>
      byName.get(module) ??
      (report.kernel === kernel.release ? courseModules.candidates(module) : []),
    readSource,
  });
  return { images, kernel, vmlinux, modules, decoder, readSource };
}

async function openHostFile(path: string): Promise<HostDebugFile> {
  const bytes = await readHostFile(path);
  try {
    return { path, bytes, debugInfo: openDebugFile(bytes) };
  } catch (error) {
    if (!isDebugInfoError(error)) throw error;
    throw new InputError(`${path} cannot be used: ${error.message}`, { cause: error });
  }
}

function moduleName({ path, bytes }: HostDebugFile): string {
  const name = readModuleInfo(bytes)?.name;
  if (name !== undefined) return name;
  throw new InputError(`${path} is no kernel module: it has no .modinfo section that says so.`);
}
