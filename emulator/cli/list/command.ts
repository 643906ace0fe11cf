import type { Command } from "commander";
import {
  type DebugFile,
  type DebugInfo,
  formatSourceListing,
  isDebugInfoError,
  listAt,
  listInIndex,
  readKernelDebugInfo,
  type SourceListing,
} from "../../lab/index.js";
import type { CliContext } from "../context.js";
import { type DebugFiles, type HostDebugFile, openDebugFiles } from "../debug-files.js";
import { InputError } from "../errors.js";
import { EXIT_OK } from "../exit-status.js";
import { Printer } from "../streams.js";
import { visible } from "../text-layout.js";
import { type PlaceArgument, parsePlaceArgument } from "./place-argument.js";

interface ListCommandOptions {
  readonly vmlinux?: string;
  readonly module?: string;
}

const HELP = `
Prints what gdb's "list *(PLACE)" does: the source line that the code at PLACE
was made of, with the lines around it. PLACE is a function and an offset as a
trace shows them: hello_write+0x35, or hello_write+0x35/0x60 [hello].

Without --module or --vmlinux it is a place in the lab's own kernel.

Examples:
  kspace list 'hello_write+0x35' --module hello.ko
  kspace list 'vfs_write+0xa5'

Exit status: 0 when the line was found, 2 when the place or a file cannot be
used.`;

/** A file with fewer functions is told with all of them. */
const MOST_NAMES = 12;

/** Adds `kspace list`. */
export function addListCommand(
  program: Command,
  context: CliContext,
  finish: (exitStatus: number) => void,
): void {
  program
    .command("list")
    .description("the source line at a place in the code, as gdb lists it")
    .argument("<place>", "a function and an offset: hello_write+0x35")
    .option("--module <file.ko>", "the module that the function is in")
    .option("--vmlinux <file>", "the kernel that the function is in")
    .addHelpText("after", HELP)
    .action(async (place: string, options: ListCommandOptions) => {
      await list(context, parsePlaceArgument(place), options);
      finish(EXIT_OK);
    });
}

async function list(
  context: CliContext,
  place: PlaceArgument,
  { module, vmlinux }: ListCommandOptions,
): Promise<void> {
  if (module !== undefined && vmlinux !== undefined) {
    throw new InputError("The function is in the module or in the kernel: give one of the two.");
  }
  const files = await openDebugFiles(vmlinux, module === undefined ? [] : [module]);
  const file = files.vmlinux ?? files.modules[0];
  const listing =
    file === undefined ? await listInKernel(place, files) : await listInFile(place, file, files);
  const printer = new Printer(context.stdout);
  for (const line of formatSourceListing(listing).split("\n")) printer.line(visible(line));
}

async function listInFile(
  place: PlaceArgument,
  file: HostDebugFile,
  files: DebugFiles,
): Promise<SourceListing> {
  const { symbol, offset } = place;
  requireFunction(place, file.debugInfo, file.path, () => names(file.debugInfo));
  try {
    return await listAt(file.debugInfo, symbol, offset, files.readSource);
  } catch (error) {
    if (!isDebugInfoError(error)) throw error;
    throw new InputError(`${file.path} cannot be used: ${error.message}`, { cause: error });
  }
}

async function listInKernel(place: PlaceArgument, files: DebugFiles): Promise<SourceListing> {
  const index = await readKernelDebugInfo(files.images, "i686");
  const kernel = `the lab's kernel, Linux ${files.kernel.release}`;
  requireFunction(place, index, kernel, () => "A module's functions need --module.");
  return listInIndex(index, place.symbol, place.offset, files.readSource);
}

/** @throws InputError when there is no such function, or it is not as large as was said. */
function requireFunction(
  { symbol, offset, size }: PlaceArgument,
  debugInfo: DebugInfo,
  where: string,
  hint: () => string,
): void {
  if (debugInfo.resolve(symbol, 0) === undefined) {
    throw new InputError(`There is no function ${symbol} in ${where}. ${hint()}`);
  }
  if (size !== undefined && debugInfo.resolve(symbol, 0, size) === undefined) {
    throw new InputError(
      `${symbol} in ${where} is not 0x${size.toString(16)} bytes long: the place is of another build.`,
    );
  }
  if (debugInfo.resolve(symbol, offset) === undefined) {
    throw new InputError(`${symbol}+0x${offset.toString(16)} lies behind the code of ${where}.`);
  }
}

function names(file: DebugFile): string {
  const all = [...new Set([...file.symbols()].map(({ name }) => name))];
  return all.length > 0 && all.length <= MOST_NAMES ? `It has ${all.join(", ")}.` : "";
}
