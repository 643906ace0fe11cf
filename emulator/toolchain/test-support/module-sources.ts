// This file is for tests alone.
import type { ModuleSources } from "../kbuild/module-builder.js";
import { readArchive } from "./images.js";

/** A module as it is built here, and the one that the kernel's own build made of it. */
export interface BuiltModule {
  readonly sources: ModuleSources;
  readonly module: Uint8Array;
}

/** The options of kernel-src/modules/Makefile. */
const TEST_OPTIONS = ["-g", "-Wno-infinite-recursion"];
/** Of kernel-src/course/Makefile. */
const COURSE_OPTIONS = ["-g"];

const SECTIONS = ["1-load", "2-fops", "3-locking", "4-debugging"];

/** The course's modules, by the folders of its sections. */
export function courseModules(): Map<string, BuiltModule> {
  const files = readArchive("i686/course.tar.gz");
  const modules = SECTIONS.map((section) => {
    const folder = `home/student/${section}`;
    return [section, moduleOf(files, folder, folder, "hello", COURSE_OPTIONS)] as const;
  });
  return new Map(modules);
}

/** The modules that the other tests load. */
export function testModules(): Map<string, BuiltModule> {
  return allModules("i686/modules.tar.gz", "home/student/modules", TEST_OPTIONS);
}

/** Sample modules of the kernel's source, by folder and name. */
export function sampleModules(): Map<string, BuiltModule> {
  return allModules("i686/samples.tar.gz", "home/student/samples", []);
}

/** @param home where the archive's files are in the guest */
function allModules(
  archive: string,
  home: string,
  options: readonly string[],
): Map<string, BuiltModule> {
  const files = readArchive(archive);
  const paths = [...files.keys()].flatMap((path) =>
    path.endsWith(".ko") ? [path.slice(0, -".ko".length)] : [],
  );
  const modules = paths.map((path) => {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? "" : path.slice(0, slash);
    const inGuest = slash < 0 ? home : `${home}/${folder}`;
    return [path, moduleOf(files, folder, inGuest, path.slice(slash + 1), options)] as const;
  });
  return new Map(modules);
}

function moduleOf(
  archive: ReadonlyMap<string, Uint8Array>,
  folder: string,
  inGuest: string,
  name: string,
  options: readonly string[],
): BuiltModule {
  const prefix = folder === "" ? "" : `${folder}/`;
  const files = [...archive].flatMap(([path, bytes]) =>
    path.startsWith(prefix) && /\.[ch]$/.test(path)
      ? [[path.slice(prefix.length), bytes] as const]
      : [],
  );
  const module = archive.get(`${prefix}${name}.ko`);
  if (module === undefined) throw new Error(`The images have no ${name}.ko.`);
  return {
    sources: {
      name,
      folder: `/${inGuest}`,
      sources: [`${name}.c`],
      files: new Map(files),
      options,
    },
    module,
  };
}
