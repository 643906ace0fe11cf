import { CommandError } from "./guest-folder.js";

/** What a call of `cc` is to make. */
export type CcProduct = "program" | "object" | "assembly" | "preprocessed" | "nothing";

/** A call of `cc`, as it was typed. */
export interface CcCall {
  readonly product: CcProduct;
  /** What is compiled and linked, in this order; libraries (`-lm`) are among the options. */
  readonly inputs: readonly string[];
  readonly output: string | undefined;
  /** For clang, as they are. */
  readonly options: readonly string[];
}

/** Options whose value may be the next word. */
const WITH_VALUE = /^-(D|U|I|L|l|u|x|include|imacros|isystem|iquote|idirafter|Xlinker)$/;
/** What clang takes that needs nothing beside the files it is given (clang --help). */
const KNOWN =
  /^-([DUILlOgWfmu].*|x|w|s|P|C|std=.+|ansi|pedantic(-errors)?|pthread|pipe|static|no-pie|nostdlib|nostdinc|nostartfiles|nodefaultlibs|nolibc|include|imacros|isystem.*|iquote.*|idirafter.*|Xlinker)$/;
/** Options that ask for what is not here, and what to say of it. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^-(shared|rdynamic)$/, "the guest's programs are static: there are no shared libraries"],
  [/^-(pie|static-pie)$/, "the guest's programs are static, and at a fixed address"],
  [/^(-target|--target=.*|-m16|-mx32|-arch)$/, "it builds for the guest's processor alone"],
  [/^-fuse-ld=(?!lld$)/, "the linker is lld"],
  [/^-(fplugin|fpass-plugin)/, "plug-ins cannot be loaded"],
  [/^-(fprofile|fcoverage|fsanitize)/, "the library that it needs is not here"],
  [/^-(Wa,|Xassembler)/, "the assembler is a part of the compiler"],
  [/^-Wp,-M/, "rules for make are not written"],
];
/** What compilers read that this one cannot. */
const REFUSED_INPUTS: readonly (readonly [RegExp, string])[] = [
  [/\.(cc|cpp|cxx|C|hpp|m|mm|f|f90)$/, "it compiles C alone"],
  [/\.(s|S|asm)$/, "there is no assembler beside it; put the instructions into asm() of a C file"],
  [/\.(so|so\..*)$/, "the guest's programs are static: there are no shared libraries"],
  [/\.ko$/, "that is a kernel module; modules are built by make"],
];
const INPUT = /\.(c|i|o|a)$/;

/**
 * Reads the arguments of `cc`, but for those that only ask it about itself.
 * @throws CommandError for what this compiler does not do
 */
export function parseCcArguments(args: readonly string[]): CcCall {
  const words = [...args];
  const inputs: string[] = [];
  const options: string[] = [];
  let product: CcProduct = "program";
  let output: string | undefined;
  const nextValue = (option: string): string => {
    const value = words.shift();
    if (value === undefined) throw new CommandError(`argument to '${option}' is missing`);
    return value;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const step = PRODUCTS.get(word);
    if (step !== undefined) {
      product = step;
    } else if (word.startsWith("-o")) {
      output = word === "-o" ? nextValue(word) : word.slice("-o".length);
    } else if (word.startsWith("-") && word !== "-") {
      checkOption(word);
      const value = WITH_VALUE.test(word) ? nextValue(word) : undefined;
      if (word === "-x") checkLanguage(value);
      options.push(word, ...(value === undefined ? [] : [value]));
    } else {
      checkInput(word);
      inputs.push(word);
    }
  }
  const strange = options.includes("-x") ? undefined : inputs.find((input) => !INPUT.test(input));
  if (strange !== undefined) {
    throw new CommandError(`${strange}: the names of C files end in .c, or say -x c`);
  }
  if (inputs.length === 0) throw new CommandError("no input files");
  return { product, inputs, output, options };
}

const PRODUCTS: ReadonlyMap<string, CcProduct> = new Map([
  ["-c", "object"],
  ["-S", "assembly"],
  ["-E", "preprocessed"],
  ["-fsyntax-only", "nothing"],
]);

function checkOption(option: string): void {
  const [, why] = REFUSED.find(([pattern]) => pattern.test(option)) ?? [];
  if (why !== undefined) throw new CommandError(`${option}: ${why}`);
  if (KNOWN.test(option)) return;
  throw new CommandError(`unknown argument '${option}'; --help says what is known here`);
}

function checkLanguage(language: string | undefined): void {
  if (language === "c" || language === "none") return;
  throw new CommandError(`-x ${language}: it compiles C alone`);
}

function checkInput(input: string): void {
  if (input === "-") throw new CommandError("it reads files, and no standard input");
  if (input.startsWith("@")) throw new CommandError(`${input}: write the options out`);
  const [, why] = REFUSED_INPUTS.find(([pattern]) => pattern.test(input)) ?? [];
  if (why !== undefined) throw new CommandError(`${input}: ${why}`);
}
