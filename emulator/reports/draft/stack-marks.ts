/** Stacks nest three or four deep: a task's, a soft interrupt's, an interrupt's, an NMI's. */
const DEEPEST = 8;
const MARK = /^\s*<(<?)(\/?)([A-Z#][A-Z0-9_#]{1,20}|unknown)>>?\s*/;

/**
 * Which stack the frames lie on, from the marks in a trace: `<IRQ>` … `</IRQ>`, and in kernels
 * until 4.9 `<IRQ>` … `<EOI>`, `<<EOE>>` (arch/x86/kernel/dumpstack_64.c, stack_type_name()).
 */
export class StackMarks {
  #stacks: string[] = [];

  #taskOpen = false;

  /** `<TASK>` has come (since 5.17), and `</TASK>` not yet: the trace is not over. */
  get isTaskOpen(): boolean {
    return this.#taskOpen;
  }

  /** The innermost stack, `task` for a task's own. */
  get current(): string {
    return this.#stacks.at(-1) ?? "task";
  }

  reset(): void {
    this.#stacks = [];
  }

  /** Takes the marks at the front of a line, and gives the rest of it; undefined without marks. */
  take(text: string): string | undefined {
    let rest = text;
    for (let count = 0; count < DEEPEST; count++) {
      const match = MARK.exec(rest);
      if (match === null) return count === 0 ? undefined : rest;
      const [whole, , slash, name = ""] = match;
      rest = rest.slice(whole.length);
      if (name === "TASK") this.#taskOpen = slash === "";
      if (slash === "/" || name === "EOI" || name === "EOE") this.#stacks.pop();
      else if (name !== "TASK" && this.#stacks.length < DEEPEST) this.#stacks.push(name);
    }
    return rest;
  }
}
