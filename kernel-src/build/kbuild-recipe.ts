import { BuildError } from "./errors.js";

/**
 * How the kernel's build makes a module: recorded from a module that it made, for the compiler beside
 * the guest (`emulator/toolchain/kbuild/recipe.ts` reads it).
 */
export interface KbuildRecipe {
  /** The folder that all of it runs in: the kernel's tree, by the name that debug information gives it. */
  readonly tree: string;
  /** Options of clang for any source, without those that name the source or its module. */
  readonly compile: readonly string[];
  /** Options of modpost, without those that name files. */
  readonly modpost: readonly string[];
  /** Options of ld.lld that make one object of several. */
  readonly merge: readonly string[];
  /** Options of ld.lld that make the module of its objects. */
  readonly link: readonly string[];
}

/** The commands that kbuild left beside a module called `hello`. */
export interface RecordedCommands {
  /** Of `.hello.mod.o.cmd`: no options of the module's own Makefile are in it. */
  readonly compile: string;
  /** Of `.Module.symvers.cmd`. */
  readonly modpost: string;
  /** Of `.hello.ko.cmd`. */
  readonly link: string;
}

/**
 * Records how a module was made.
 *
 * @param module its name
 * @param tree what the debug information calls the kernel's tree
 * @throws BuildError `bad-source` when the commands are not of the form that kbuild gives them
 */
export function recordRecipe(
  commands: RecordedCommands,
  module: string,
  tree: string,
): KbuildRecipe {
  const link = options(commands.link, "ld.lld-16", ["-o"]);
  const ofModules = link.indexOf("--build-id=sha1");
  if (ofModules < 0) throw unexpected("the linker is not told to make a build ID");
  return {
    tree,
    compile: compileOptions(options(commands.compile, "clang-16", ["-o"]), module),
    modpost: options(commands.modpost, "scripts/mod/modpost", ["-o", "-i", "-T"]),
    // scripts/Makefile.modfinal has those of scripts/Makefile.build, and from here on its own.
    merge: link.slice(0, ofModules),
    link,
  };
}

/** Takes the options away that name the source, its module, or a folder of the building machine. */
function compileOptions(all: readonly string[], module: string): string[] {
  const named = [
    `-DKBUILD_BASENAME="${module}.mod"`,
    `-DKBUILD_MODNAME="${module}"`,
    `-D__KBUILD_MODNAME=kmod_${module}`,
  ];
  for (const option of named) {
    if (!all.includes(option)) throw unexpected(`it lacks ${option}`);
  }
  return all.filter(
    (option) =>
      !named.includes(option) &&
      option !== "-c" &&
      !option.startsWith("-Wp,-MMD,") &&
      // The folders have those names here already that the maps give them.
      !option.startsWith("-ffile-prefix-map="),
  );
}

/**
 * The options of a program in a recorded command: what begins with a dash, and the values of options
 * with a separate one.
 *
 * @param withFile the options that name a file, which are left out
 */
function options(command: string, program: string, withFile: readonly string[]): string[] {
  const [, text = ""] = /^\S+ := (.*)$/m.exec(command) ?? [];
  const words = splitWords(text);
  const start = words.indexOf(program);
  if (start < 0) throw unexpected(`it does not run ${program}`);
  const end = words.findIndex((word, index) => index > start && word.endsWith(";"));
  const kept: string[] = [];
  const rest = words.slice(start + 1, end < 0 ? undefined : end);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (!word.startsWith("-")) continue; // A file.
    if (withFile.includes(word)) {
      at++;
      continue;
    }
    kept.push(word);
    const value = rest[at + 1];
    if (SEPARATE_VALUE.includes(word) && value !== undefined) {
      kept.push(value);
      at++;
    }
  }
  return kept;
}

/** Of the options that kbuild uses, those whose value is a word of its own. */
const SEPARATE_VALUE = ["-include", "-m", "-z", "-T"];

/** Splits a command as the shell does, quotes included. */
function splitWords(command: string): string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

function unexpected(why: string): BuildError {
  return new BuildError("bad-source", `A command that kbuild recorded is not as expected: ${why}.`);
}
