import { mkdir, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { GuestCommand } from "../../lab/debugger/index.js";
import { checkModule, courseSections, type Lab } from "../../lab/index.js";
import { isCFile } from "../build/c-file.js";
import { InputError } from "../errors.js";
import { fromGuestFolder, GUEST_FOLDER } from "../run/file-argument.js";
import type { InputFile, RunInputs } from "../run/inputs.js";
import { prepareInputs } from "../run/prepare-inputs.js";
import { quoteForShell } from "../run/shell-quote.js";

export interface PlannedModule {
  readonly name: string;
  /** In the guest. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** On this host, for gdb. */
  readonly file: string;
}

/** What is to be loaded and run, all of it in the guest already. */
export interface DebugPlan {
  readonly modules: readonly PlannedModule[];
  readonly test: GuestCommand | undefined;
  /** Where the modules and the test lie in the guest. */
  readonly cwd: string;
  /** Folders in debug information, and where their files are on this host. */
  readonly folders: readonly (readonly [from: string, to: string])[];
  /** Where else gdb shall look for sources on this host. */
  readonly sourceFolders: readonly string[];
}

/**
 * Copies what the user named into the guest.
 * @param folder of this host, for what was built: gdb reads modules from files
 * @throws LabError for a file that the guest cannot take, InputError for one that it cannot have.
 */
export async function planInputs(lab: Lab, inputs: RunInputs, folder: string): Promise<DebugPlan> {
  const prepared = await prepareInputs(lab, inputs);
  const modules = await Promise.all(
    prepared.map(
      async (module): Promise<PlannedModule> => ({
        name: module.name,
        path: module.guest,
        params: module.params,
        file: await fileForGdb(module, folder),
      }),
    ),
  );
  const { test } = inputs;
  return {
    modules,
    test: test && {
      line: [fromGuestFolder(test.guest), ...test.args].map(quoteForShell).join(" "),
      cwd: GUEST_FOLDER,
    },
    cwd: GUEST_FOLDER,
    folders: [],
    // A module is often built in another place than it is debugged in.
    sourceFolders: [...new Set(prepared.map(({ host }) => dirname(resolve(host))))],
  };
}

/** The module itself, or what was built of its C file. */
async function fileForGdb({ host, guest, bytes }: InputFile, folder: string): Promise<string> {
  if (!isCFile(host)) return resolve(host);
  const file = join(folder, basename(guest));
  await writeFile(file, bytes);
  return file;
}

/**
 * Takes the module and the test of one of the course's sections.
 * @param folder of this host, where gdb finds their sources afterwards.
 * @throws InputError for a number that no section has.
 */
export async function planSection(lab: Lab, number: number, folder: string): Promise<DebugPlan> {
  const section = courseSections.find((candidate) => candidate.number === number);
  if (section === undefined) {
    const numbers = courseSections.map((candidate) => candidate.number).join(", ");
    throw new InputError(`There is no section ${number}; there are ${numbers}.`);
  }
  const cwd = `${GUEST_FOLDER}/${section.id}`;
  const inTree = cwd.slice("/home/".length);
  const here = join(folder, section.id);
  await mkdir(here, { recursive: true });
  const names = lab.files.list(inTree);
  for (const name of names) {
    const path = `${inTree}/${name}`;
    if (lab.files.stat(path).kind !== "file") continue;
    await writeFile(join(here, name), lab.files.readFile(path));
    // gdb warns of sources that are newer than what was made of them.
    const { seconds } = lab.files.stat(path).modified;
    await utimes(join(here, name), seconds, seconds);
  }
  const module = lab.files.readFile(`${inTree}/hello.ko`);
  const { name } = checkModule("hello.ko", module, lab.machine.arch, lab.kernel);
  return {
    modules: [{ name, path: `${cwd}/hello.ko`, params: {}, file: join(here, "hello.ko") }],
    test: names.includes("a.out") ? { line: "./a.out", cwd } : undefined,
    cwd,
    folders: [[cwd, here]],
    sourceFolders: [],
  };
}
