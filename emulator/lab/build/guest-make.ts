import type { HostCommand } from "../../console/index.js";
import { absolutePath } from "../../toolchain/wasi/file-layer.js";
import { CommandError, GuestFolder } from "./guest-folder.js";
import { MAKE_HELP, MAKE_VERSION } from "./guest-make-help.js";
import type { GuestToolsHost } from "./guest-tools.js";
import { type KbuildMakefile, MAKEFILE_NAMES, readFolderMakefile } from "./kbuild-makefile.js";
import { type MakeCall, parseMakeArguments } from "./make-arguments.js";
import { type DueModule, makeModules, newestOf } from "./make-modules.js";
import { shellWords } from "./shell-words.js";
import { EXPORTS_FILE } from "./symvers.js";

/** Names that Makefiles give to where the kernel's headers are. */
const KERNEL_VARIABLE = /^(KDIR|KERNELDIR|KERNEL_DIR|KERNEL_SRC|KSRC|KERNEL)$/;
/** What cannot be chosen here, with the values that say what is the case anyway. */
const FIXED: Readonly<Record<string, RegExp>> = {
  ARCH: /^x86$/,
  CC: /^(clang(-16)?|gcc|cc)$/,
  CROSS_COMPILE: /^$/,
  W: /^0?$/,
  C: /^0?$/,
};
/** The kernel's Makefile, `clean`: what builds of modules leave in their folder. */
const CLEANED = /(\.(o|ko|mod|mod\.c)$|^\..*\.cmd$|^Module\.symvers$|^modules\.order$)/;

/**
 * The guest's `make`.
 * @returns the exit status
 * @throws CommandError, FileError, and what a build throws
 */
export async function guestMake(host: GuestToolsHost, command: HostCommand): Promise<number> {
  const call = parseMakeArguments(command.args);
  if (call.asks !== undefined) {
    command.stdout(call.asks === "help" ? MAKE_HELP : MAKE_VERSION);
    return 0;
  }
  checkVariables(call, host.kernel.release);
  const path = modulesFolder(call, command.folder, host.kernel.release);
  const make = new Make(host, command, call, new GuestFolder(host.files, path, command.caller));
  const isElsewhere = path !== command.folder && call.directories.length > 0 && !call.silent;
  if (isElsewhere) command.stdout(`make: Entering directory '${path}'\n`);
  const status = await make.run();
  if (isElsewhere) command.stdout(`make: Leaving directory '${path}'\n`);
  return status;
}

/** One call of `make`, in the folder of its modules. */
class Make {
  readonly #host: GuestToolsHost;
  readonly #command: HostCommand;
  readonly #call: MakeCall;
  readonly #folder: GuestFolder;

  constructor(host: GuestToolsHost, command: HostCommand, call: MakeCall, folder: GuestFolder) {
    this.#host = host;
    this.#command = command;
    this.#call = call;
    this.#folder = folder;
  }

  async run(): Promise<number> {
    const { goals, keepGoing } = this.#call;
    let status = 0;
    for (const goal of goals.length > 0 ? goals : ["all"]) {
      status = Math.max(status, await this.#make(goal));
      if (status > 0 && !keepGoing) break;
    }
    return status;
  }

  async #make(goal: string): Promise<number> {
    if (goal === "help") {
      this.#command.stdout(MAKE_HELP);
      return 0;
    }
    const makefile = await readFolderMakefile(this.#folder, this.#call.variables);
    if (makefile === undefined) {
      throw new CommandError(
        this.#call.goals.length > 0
          ? `No rule to make target '${goal}'`
          : "No targets specified and no makefile found",
      );
    }
    return goal === "clean" ? this.#clean() : this.#build(goal, makefile);
  }

  async #clean(): Promise<number> {
    const built = (await this.#folder.names(".")).filter((name) => CLEANED.test(name));
    if (built.length > 0 && !this.#call.silent) {
      this.#command.stdout(`  CLEAN   ${this.#folder.name}\n`);
    }
    for (const name of built) this.#folder.remove(name);
    return 0;
  }

  async #build(goal: string, makefile: KbuildMakefile): Promise<number> {
    const wanted = await this.#wanted(goal, makefile);
    const due = wanted.filter((module) => this.#isDue(module, makefile));
    if (due.length === 0) {
      if (!this.#call.silent) this.#command.stdout(`make: Nothing to be done for '${goal}'.\n`);
      return 0;
    }
    return makeModules(due, {
      folder: this.#folder,
      command: this.#command,
      session: await this.#host.builds.session(),
      keepGoing: this.#call.keepGoing,
      silent: this.#call.silent,
      modules: makefile.modules.map(({ name }) => name),
    });
  }

  /** The modules that a goal is about, with their files. */
  async #wanted(goal: string, makefile: KbuildMakefile): Promise<DueModule[]> {
    const { modules, sourceOptions } = makefile;
    const isAll = goal === "all" || goal === "modules";
    const named = modules.filter(({ name }) => isAll || goal === `${name}.ko`);
    if (named.length === 0) throw noRule(goal, makefile);
    const { module: recipe } = await this.#host.builds.recipes();
    const options = [...makefile.options, ...shellWords(this.#call.variables.KCFLAGS ?? "")];
    return Promise.all(
      named.map(async (module) => {
        const build = { ...module, options, sourceOptions };
        const files = await this.#folder.collect(build, recipe.tree);
        const missing = module.sources.find((source) => !files.has(source));
        if (missing !== undefined) {
          throw new CommandError(
            `No rule to make target '${this.#folder.absolute(missing)}', ` +
              `needed by '${this.#folder.absolute(`${module.name}.ko`)}'`,
          );
        }
        return { ...build, files };
      }),
    );
  }

  #isDue({ name, files }: DueModule, { modules }: KbuildMakefile): boolean {
    const built = this.#folder.modified(`${name}.ko`);
    if (built === undefined || this.#call.alwaysMake) return true;
    // What the other modules export would not be known.
    if (modules.length > 1 && this.#folder.stat(EXPORTS_FILE) === undefined) return true;
    return newestOf(this.#folder, [...files.keys(), ...MAKEFILE_NAMES]) > built;
  }
}

function noRule(goal: string, { modules }: KbuildMakefile): CommandError {
  if (modules.length === 0) {
    return new CommandError(
      "the Makefile names no module in obj-m: this make builds kernel modules alone, " +
        "and gcc builds programs",
    );
  }
  return new CommandError(
    `No rule to make target '${goal}': this make knows all, modules, ` +
      `${modules.map(({ name }) => `${name}.ko`).join(", ")}, clean and help`,
  );
}

/** @throws CommandError for what cannot be as it is asked */
function checkVariables({ variables }: MakeCall, release: string): void {
  for (const [name, value] of Object.entries(variables)) {
    if (KERNEL_VARIABLE.test(name) && !isKernelFolder(value, release)) {
      throw new CommandError(
        `${name}=${value}: there are only the headers of this kernel, /lib/modules/${release}/build`,
      );
    }
    if (FIXED[name]?.test(value) === false) {
      throw new CommandError(`${name} cannot be chosen here: modules are built for this kernel`);
    }
  }
}

/**
 * The folder that a call is for: `make -C KERNEL M=FOLDER`, `make -C FOLDER`, or where it is called.
 * @throws CommandError
 */
function modulesFolder(
  { directories, variables }: MakeCall,
  from: string,
  release: string,
): string {
  let path = from;
  let isKernel = false;
  for (const directory of directories) {
    isKernel = isKernelFolder(directory, release);
    if (!isKernel) path = absolutePath(path, directory);
  }
  if (variables.M !== undefined) return absolutePath(path, variables.M);
  if (!isKernel) return path;
  throw new CommandError("The kernel itself is not built here; for modules, add M=$PWD");
}

/** Where the headers of this kernel would be, and its sources are. */
function isKernelFolder(path: string, release: string): boolean {
  const folder = path.replace(/\/+$/, "");
  return folder === `/lib/modules/${release}/build` || /^\/usr\/src\/linux[^/]*$/.test(folder);
}
