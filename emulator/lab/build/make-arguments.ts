import { CommandError } from "./guest-folder.js";

/** A call of `make`, as it was typed. */
export interface MakeCall {
  /** Empty for the first that the Makefile has. */
  readonly goals: readonly string[];
  /** `-C`: where it is run instead. */
  readonly directories: readonly string[];
  /** `NAME=value`. */
  readonly variables: Readonly<Record<string, string>>;
  /** `-B`: as if nothing had been built. */
  readonly alwaysMake: boolean;
  /** `-k`: other modules are built when one cannot be. */
  readonly keepGoing: boolean;
  /** `-s`: what is done is not said. */
  readonly silent: boolean;
  readonly asks: "help" | "version" | undefined;
}

/** Long names of GNU make's options, and the short ones that they stand for. */
const LONG: ReadonlyMap<string, string> = new Map([
  ["--always-make", "-B"],
  ["--keep-going", "-k"],
  ["--silent", "-s"],
  ["--quiet", "-s"],
  ["--help", "-h"],
  ["--version", "-v"],
  ["--directory", "-C"],
  ["--jobs", "-j"],
  ["--print-directory", "-w"],
  ["--no-print-directory", "-w"],
]);

/**
 * Reads the arguments of `make`.
 * @throws CommandError for options of GNU make that this one does not have
 */
export function parseMakeArguments(args: readonly string[]): MakeCall {
  const goals: string[] = [];
  const directories: string[] = [];
  const variables: Record<string, string> = {};
  const flags = new Set<string>();
  const words = args.flatMap(shortened);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name, value] = /^([A-Za-z_][\w.-]*)[:?+]?=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) {
      variables[name] = value;
    } else if (!word.startsWith("-") || word === "-") {
      goals.push(word);
    } else if (word.startsWith("-C")) {
      const directory = word === "-C" ? words.shift() : word.slice("-C".length);
      if (directory === undefined) throw new CommandError("option requires an argument -- 'C'");
      directories.push(directory);
    } else if (word.startsWith("-j")) {
      // How many jobs run at once makes no difference to what is built.
      if (word === "-j" && /^\d+$/.test(words[0] ?? "")) words.shift();
    } else {
      for (const flag of word.slice(1)) flags.add(known(flag, word));
    }
  }
  return {
    goals,
    directories,
    variables,
    alwaysMake: flags.has("B"),
    keepGoing: flags.has("k"),
    silent: flags.has("s"),
    asks: flags.has("h") ? "help" : flags.has("v") ? "version" : undefined,
  };
}

/** A long option as the short one, with its value as the next word. */
function shortened(word: string): string[] {
  if (!word.startsWith("--")) return [word];
  const [name = "", ...value] = word.split("=");
  const short = LONG.get(name);
  if (short === undefined) throw unknown(word);
  return value.length > 0 ? [short, value.join("=")] : [short];
}

function known(flag: string, word: string): string {
  if ("BkshvwS".includes(flag)) return flag;
  throw unknown(word);
}

function unknown(word: string): CommandError {
  return new CommandError(`this make has no option ${word}; make --help says which it has`);
}
