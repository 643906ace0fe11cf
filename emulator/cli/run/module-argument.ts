import { InputError } from "../errors.js";

/** A module on the command line: a file of the host, and the parameters to load it with. */
export interface ModuleArgument {
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A parameter's name is a C identifier; the kernel takes `-` for `_` (kernel/params.c). */
const PARAMETER = /^([A-Za-z_][\w-]*)=(.*)$/s;

/**
 * Reads `MODULE.ko[,param=value…]`. A part between two commas that has no `=` continues the
 * value in front of it, so `list=1,2,3` is one parameter; double quotes keep a comma or a
 * blank inside a value: `text="a,b=c"`, or a comma in the file's name. The quotes themselves
 * are taken away.
 * @throws InputError
 */
export function parseModuleArgument(argument: string): ModuleArgument {
  const [quotedFile = "", ...parts] = splitAtCommas(argument);
  const file = unquote(quotedFile);
  if (file === "") {
    throw new InputError(`"${argument}" names no module: it must begin with a file's name.`);
  }
  const params = new Map<string, string>();
  let last: string | undefined;
  for (const part of parts) {
    const [, name, value] = PARAMETER.exec(part) ?? [];
    if (name !== undefined && value !== undefined) {
      params.set(name, unquote(value));
      last = name;
    } else if (last !== undefined && !part.includes("=")) {
      params.set(last, `${params.get(last)},${unquote(part)}`);
    } else {
      throw new InputError(
        `"${part}" in "${argument}" is no module parameter: write NAME=VALUE, and quote a ` +
          'value with both "," and "=" in it: NAME="a,b=c".',
      );
    }
  }
  return { file, params: Object.fromEntries(params) };
}

/** Splits at the commas that are not between double quotes. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === "," && !quoted) {
      parts.push(part);
      part = "";
    } else {
      part += character;
    }
  }
  if (quoted) throw new InputError(`"${text}" has a quotation mark that is never closed.`);
  return [...parts, part];
}

function unquote(value: string): string {
  return value.replaceAll('"', "");
}
