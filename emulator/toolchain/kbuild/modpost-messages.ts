import type { Diagnostic } from "../diagnostics.js";

/** What modpost puts in front of a message: scripts/mod/modpost.c, modpost_log. */
const MESSAGE = /^(FATAL|ERROR|WARNING): modpost: (.*)$/;
const UNDEFINED = /^"([^"]+)" \[.*\] undefined!$/;

/** Reads what modpost prints; lines that are no message are passed over. */
export function parseModpost(text: string): Diagnostic[] {
  return text.split("\n").flatMap((line) => {
    const [, kind, message] = MESSAGE.exec(line) ?? [];
    if (kind === undefined || message === undefined) return [];
    const severity =
      kind === "WARNING" ? "warning" : kind === "ERROR" ? "error" : ("fatal error" as const);
    return [{ severity, message }];
  });
}

/** The symbol that a message of modpost says to be exported by nobody. */
export function undefinedSymbol({ message }: Diagnostic): string | undefined {
  return UNDEFINED.exec(message)?.[1];
}

/** The names that a Module.symvers lists: scripts/mod/modpost.c, write_dump. */
export function exportedNames(symvers: string): string[] {
  return symvers.split("\n").flatMap((line) => {
    const [, name] = line.split("\t");
    return name === undefined ? [] : [name];
  });
}
