import type { Scene } from "../scene.js";
import { formatLocation } from "../scene.js";
import { withoutComments } from "./call-arguments.js";
import type { FunctionCode } from "./function-code.js";
import { variableStores } from "./variable-stores.js";

/** What the module shows of a variable that was NULL. */
export interface NullVariable {
  /** A clause for the sentence; undefined where the module does not tell. */
  readonly clause: string | undefined;
  readonly evidence: readonly string[];
}

const NOTHING: NullVariable = { clause: undefined, evidence: [] };

/**
 * Why a variable of a module was NULL, as far as the module itself shows it.
 * @param code the function that used it.
 * @param isConstant the code has a constant in the variable's place, which is what compilers
 *   make of a variable that nothing sets.
 */
export async function nullVariable(
  scene: Scene,
  name: string,
  file: string,
  code: FunctionCode,
  module: string,
  isConstant: boolean,
): Promise<NullVariable> {
  const { disassembler } = scene.context;
  const { relocations } = code;
  if (relocations === undefined || disassembler === undefined) return NOTHING;
  const lines = (await scene.sourceText(file))?.split("\n") ?? [];
  const declaration = fileScopeDeclaration(lines, name);
  const [variable, another] = relocations.variables(name);
  if (variable === undefined) {
    // Of a static variable that nothing sets the compiler only keeps the value.
    if (!isConstant || declaration === undefined || assignments(lines, name).length > 0)
      return NOTHING;
    return {
      clause: `\`${name}\` was never allocated: nothing in ${module}.ko ever stores to it`,
      evidence: [
        `${formatLocation({ file, line: declaration.line, function: "", column: 0 })}: ${declaration.text}`,
        `${module}.ko has no memory for \`${name}\`: the compiler saw that nothing sets it, and put 0 in its place.`,
        ...commentedOut(lines, name, file),
      ],
    };
  }
  if (another !== undefined) return NOTHING;
  const { storedBy, mayBeSetElsewhere } = variableStores(relocations, variable, disassembler);
  if (storedBy.length > 0) {
    const functions = storedBy.map((symbol) => `\`${symbol}()\``).join(", ");
    return { clause: undefined, evidence: [`In ${module}.ko ${functions} can set \`${name}\`.`] };
  }
  if (mayBeSetElsewhere) return NOTHING;
  return {
    clause: `\`${name}\` was never allocated: nothing in ${module}.ko ever stores to it`,
    evidence: [
      `No instruction of ${module}.ko stores to \`${name}\`, and none takes its address.`,
      ...commentedOut(lines, name, file),
    ],
  };
}

/** `static char *hello_mem;` at the start of a line, without a value or with 0. */
function fileScopeDeclaration(
  lines: readonly string[],
  name: string,
): { readonly line: number; readonly text: string } | undefined {
  const pattern = new RegExp(`^static\\b[^=(){}]*[\\s*]${name}\\s*(?:=\\s*(?:NULL|0)\\s*)?;`);
  const index = withoutComments(lines.join("\n"))
    .split("\n")
    .findIndex((line) => pattern.test(line));
  return index < 0 ? undefined : { line: index + 1, text: lines[index]?.trim() ?? "" };
}

/** Lines that assign to the variable or take its address. */
function assignments(lines: readonly string[], name: string): number[] {
  const pattern = new RegExp(
    `(?<![\\w.>])${name}\\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|&\\s*${name}\\b(?!\\s*(?:->|\\[))|${name}\\s*(?:\\+\\+|--)`,
  );
  return withoutComments(lines.join("\n"))
    .split("\n")
    .flatMap((line, index) =>
      pattern.test(line) && !/^static\b.*=\s*(?:NULL|0)\s*;/.test(line) ? [index + 1] : [],
    );
}

/** An assignment that stands in a comment: what a person who looks for the bug wants to see. */
function commentedOut(lines: readonly string[], name: string, file: string): string[] {
  const pattern = new RegExp(`(?<![\\w.>])${name}\\s*=(?!=)\\s*\\S`);
  const code = withoutComments(lines.join("\n")).split("\n");
  return lines.flatMap((line, index) =>
    pattern.test(line) && !pattern.test(code[index] ?? "")
      ? [
          `Only a comment sets it: ${formatLocation({ file, line: index + 1, function: "", column: 0 })}: ${line.trim()}`,
        ]
      : [],
  );
}
