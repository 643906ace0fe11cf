import type { HostCommand } from "../../console/index.js";
import type { BuildSession, FinishedModule } from "../../toolchain/index.js";
import { buildMessages, type NotBuilt, whyNotBuilt } from "./build-end.js";
import type { GuestFolder } from "./guest-folder.js";
import type { MakefileModule } from "./kbuild-makefile.js";
import { EXPORTS_FILE, ofModules, withoutModule } from "./symvers.js";

/** As GNU make ends when something could not be made. */
const STATUS_FAILED = 2;

/** A module that has to be built, with all that it is built of. */
export interface DueModule extends MakefileModule {
  readonly options: readonly string[];
  readonly sourceOptions: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface MakeModulesOptions {
  readonly folder: GuestFolder;
  readonly command: HostCommand;
  readonly session: BuildSession;
  readonly keepGoing: boolean;
  readonly silent: boolean;
  /** The names of all modules of the folder, which may use each other's exports. */
  readonly modules: readonly string[];
}

/**
 * Builds modules of one folder, and says what it does in kbuild's words.
 * @returns the exit status
 * @throws CommandError, FileError, and what a build throws
 */
export async function makeModules(
  due: readonly DueModule[],
  options: MakeModulesOptions,
): Promise<number> {
  const { folder, keepGoing, modules } = options;
  const maker = new ModuleMaker(options);
  const known = await folder.read(EXPORTS_FILE);
  const paths = modules.map((name) => folder.absolute(name));
  let exports = ofModules(known === undefined ? "" : new TextDecoder().decode(known), paths);
  let status = 0;
  let queue = due;
  while (queue.length > 0 && (status === 0 || keepGoing)) {
    const failed: Failed[] = [];
    /** They may use what a module exports that is built after them. */
    const postponed: Failed[] = [];
    for (const module of queue) {
      if (queue === due) maker.sayCompiled(module);
      const others = withoutModule(exports, folder.absolute(module.name));
      const build = await maker.build(module, others);
      if (build.outcome === "built") exports = others + build.exports;
      else if (isUnlinked(build)) postponed.push({ module, build });
      else failed.push({ module, build });
      if (failed.length > 0 && !keepGoing) break;
    }
    // Nothing new is exported that they could wait for.
    if (postponed.length === queue.length) failed.push(...postponed.splice(0));
    for (const one of failed.slice(0, keepGoing ? failed.length : 1)) maker.sayFailed(one);
    if (failed.length > 0) status = STATUS_FAILED;
    queue = postponed.map(({ module }) => module);
  }
  // Of several modules it is noted also that they export nothing.
  if (exports !== "" || known !== undefined || modules.length > 1) {
    folder.write(EXPORTS_FILE, exports, 0o644);
  }
  return status;
}

interface Failed {
  readonly module: DueModule;
  readonly build: NotBuilt;
}

/** It was compiled, and modpost did not find all that it uses. */
function isUnlinked(build: NotBuilt): boolean {
  return build.outcome === "failed" && build.step === "modpost";
}

class ModuleMaker {
  readonly #options: MakeModulesOptions;

  constructor(options: MakeModulesOptions) {
    this.#options = options;
  }

  sayCompiled({ sources, name }: DueModule): void {
    for (const source of sources) this.#say("CC [M]", source.replace(/\.c$/, ".o"));
    if (sources.length > 1) this.#say("LD [M]", `${name}.o`);
  }

  sayFailed({ module, build }: Failed): void {
    const { folder, command } = this.#options;
    const isChecked = build.outcome !== "timed-out" && build.step === "modpost";
    if (isChecked) this.#say("MODPOST", EXPORTS_FILE);
    command.stderr(buildMessages(build));
    const target = folder.absolute(isChecked ? EXPORTS_FILE : `${module.name}.o`);
    command.stderr(`make: *** [${target}] ${whyNotBuilt(build) ?? "Error 1"}\n`);
  }

  /** @param exports of other modules */
  async build(module: DueModule, exports: string): Promise<FinishedModule> {
    const { folder, session, command } = this.#options;
    const { name, sources, options, sourceOptions, files } = module;
    const newest = newestOf(folder, files.keys());
    const build = await session.buildModule(
      {
        ...{ name, folder: folder.name, sources, files, options, sourceOptions },
        exports: exports === "" ? [] : [exports],
        colours: command.stderrIsTerminal && command.colours,
      },
      command.signal,
    );
    if (build.outcome !== "built") return build;
    command.stderr(buildMessages(build));
    this.#say("MODPOST", EXPORTS_FILE);
    this.#say("CC [M]", `${name}.mod.o`);
    folder.write(`${name}.ko`, build.module, 0o644);
    // What was written to a source meanwhile is not in it: it is no newer than what is.
    if (newestOf(folder, files.keys()) > newest) folder.setModified(`${name}.ko`, newest);
    this.#say("LD [M]", `${name}.ko`);
    return build;
  }

  /** kbuild's quiet form of a command: scripts/Kbuild.include, `quiet_cmd`. */
  #say(what: string, file: string): void {
    const { command, folder, silent } = this.#options;
    if (!silent) command.stdout(`  ${what.padEnd(7)} ${folder.absolute(file)}\n`);
  }
}

/** When the newest of some files was last written. */
export function newestOf(folder: GuestFolder, paths: Iterable<string>): bigint {
  let newest = 0n;
  for (const path of paths) {
    const modified = folder.modified(path) ?? 0n;
    if (modified > newest) newest = modified;
  }
  return newest;
}
