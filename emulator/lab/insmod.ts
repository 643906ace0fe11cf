import type { KernelRecord } from "../console/index.js";
import type { CommandResult } from "./outcome.js";

export type ModuleParameter = string | number | boolean;

/** A module to load: a file in the guest, with parameters as `insmod` takes them. */
export interface ModuleToLoad {
  readonly path: string;
  readonly params?: Readonly<Record<string, ModuleParameter>>;
}

export type InsmodResult = CommandResult & {
  /** Symbols that the module needs and neither the kernel nor a loaded module exports. */
  readonly unknownSymbols: readonly string[];
};

/**
 * The arguments of `insmod`. A boolean is 1 or 0 (kernel/params.c, param_set_bool). busybox
 * joins the arguments with blanks as they are, and the kernel takes a value with blanks in
 * it only between double quotes (lib/cmdline.c, next_arg).
 */
export function insmodArguments(
  path: string,
  params: Readonly<Record<string, ModuleParameter>> = {},
): string[] {
  const assignments = Object.entries(params).map(([name, value]) => {
    const text = typeof value === "boolean" ? String(Number(value)) : String(value);
    return /\s/.test(text) ? `${name}="${text}"` : `${name}=${text}`;
  });
  return [path, ...assignments];
}

/** `NAME: Unknown symbol SYMBOL (err -2)`: kernel/module/main.c, simplify_symbols(). */
export function unknownSymbols(kernelLog: readonly KernelRecord[]): string[] {
  return kernelLog.flatMap(
    ({ text }) => /: Unknown symbol (\S+) \(err -?\d+\)/.exec(text)?.[1] ?? [],
  );
}
