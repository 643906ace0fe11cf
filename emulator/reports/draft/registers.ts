/** The lines of arch/x86/kernel/process_32.c and process_64.c, __show_regs(). */
const REGISTER_LINE =
  /^\s*(?:R[A-DS][XPI]|R(?:BP|SP|SI|DI|8|9|0[89]|1[0-5])|E[A-D]X|E(?:SI|DI|BP|SP)|EFLAGS|[C-G]S|ds|CR[0-4]|DR[0-7]|PKRU|ORIG_E?R?AX)(?:: {0,4}[0-9a-f]{4}| ?<[0-9a-f]{8})/i;
const REGISTER = /\b(knlGS|[A-Za-z][A-Za-z0-9_]{1,7}): {0,2}(?:([0-9a-f]{4}):)?([0-9a-f]{4,16})\b/g;
/** `RSP <ffff880012345678>`, in the summary that kernels until 4.12 end an oops with. */
const SUMMARY = /^\s*(RSP|ESP) <([0-9a-f]{8,16})>/;

/** Whether a line lists registers. */
export function isRegisterLine(text: string): boolean {
  return REGISTER_LINE.test(text);
}

/** The registers of a line, by lower-case name. */
export function readRegisters(text: string): [name: string, value: bigint][] {
  const summary = SUMMARY.exec(text);
  if (summary !== null) return [[(summary[1] ?? "").toLowerCase(), BigInt(`0x${summary[2]}`)]];
  return [...text.matchAll(REGISTER)].map(([, name, , value]) => [
    (name ?? "").toLowerCase(),
    BigInt(`0x${value}`),
  ]);
}

/** Whether a stack pointer's selector is one of user mode: `RSP: 002b:…`. */
export function isUserStackPointer(text: string): boolean {
  const selector = /^\s*[RE]SP: ([0-9a-f]{4}):/.exec(text)?.[1];
  return selector !== undefined && (Number.parseInt(selector, 16) & 3) === 3;
}
