/** What lib/dump_stack.c, dump_stack_print_info() says. */
export interface CpuLine {
  readonly cpu: number | undefined;
  readonly pid: number | undefined;
  readonly comm: string | undefined;
  /** The letters as printed, empty for "Not tainted"; undefined where they are cut off. */
  readonly taint: string | undefined;
  readonly kernel: string | undefined;
}

/** A name of a task may hold blanks, and is at most 15 (workers: 63) characters. */
const COMM = "(?<comm>\\S.{0,63}?)";
/** Red Hat's kernels have a row of dashes where the upstream ones have nothing. */
const TAINT =
  "(?:Kdump: loaded )?(?:Not tainted|Tainted: (?<taint>[A-Z ]{1,32}?))(?: {1,8}-[- ]{2,32}-)?";
const RELEASE = "(?<kernel>\\d[\\w.+~-]{2,127})";

const FORMS = [
  // The user came with 6.12.
  new RegExp(
    `^CPU: (?<cpu>\\d{1,5}) (?:UID: \\d{1,10} )?PID: (?<pid>\\d{1,10}) Comm: ${COMM} +${TAINT} +${RELEASE}`,
  ),
  // Until 3.9.
  new RegExp(`^Pid: (?<pid>\\d{1,10}), comm: ${COMM} +${TAINT} +\\(?${RELEASE}`),
  // On a line of its own until 3.9.
  /^CPU (?<cpu>\d{1,5}) *$/,
  // Cut off behind the task.
  /^CPU: (?<cpu>\d{1,5}) (?:UID: \d{1,10} )?PID: (?<pid>\d{1,10}) Comm: (?<comm>\S{1,64})/,
];

/** Reads the line that says where and in which kernel it happened; undefined where it is none. */
export function readCpuLine(text: string): CpuLine | undefined {
  const line = text.trimStart();
  for (const form of FORMS) {
    const groups = form.exec(line)?.groups;
    if (groups === undefined) continue;
    return {
      cpu: groups.cpu === undefined ? undefined : Number(groups.cpu),
      pid: groups.pid === undefined ? undefined : Number(groups.pid),
      comm: groups.comm,
      taint: groups.kernel === undefined ? undefined : (groups.taint ?? ""),
      kernel: groups.kernel,
    };
  }
  return undefined;
}

/** `6.1.0 #1 Not tainted` (lockdep's print_kernel_ident()), `      Tainted: G W 4.19.0 #1` (hung tasks). */
const IDENTS = [
  /^(?<kernel>\d[\w.+~-]{2,127}) #\S{1,64} (?:Not tainted|Tainted: (?<taint>[A-Z ]{1,32}))/,
  /^\s*(?:Not tainted|Tainted: (?<taint>[A-Z ]{1,32}?))(?: {1,8}-[- ]{2,32}-)? {1,16}(?<kernel>\d[\w.+~-]{2,127}) #/,
];

/** Reads a line that says only which kernel it is. */
export function readKernelIdent(text: string): Pick<CpuLine, "taint" | "kernel"> | undefined {
  for (const form of IDENTS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return { taint: groups.taint ?? "", kernel: groups.kernel };
  }
  return undefined;
}

/** How the scheduler shows a task: sched_show_task(), the second form until 5.10. */
const TASK_LINES = [
  /^\s*task:(?<comm>\S.{0,63}?) +state:\S.*? pid: {0,8}(?<pid>\d{1,10}) /,
  /^\s*(?<comm>\S.{0,14}?) {1,16}[RSDTtXZPI](?: {1,4}running task {1,8}| {1,2}[0-9a-f]{8,16} {1,8}| {0,8})\d{1,8} {1,8}(?<pid>\d{1,10}) {1,8}\d{1,10} 0x[0-9a-f]{8}/,
  /^\s*comm "(?<comm>.{1,64})", pid (?<pid>\d{1,10}), jiffies /,
  /^\s*in_atomic\(\): .*\bpid: (?<pid>\d{1,10}), name: (?<comm>.{1,64})$/,
  /^(?<comm>\S.{0,63})\/(?<pid>\d{1,10}) (?:is (?:trying|leaving|freeing)|just changed|\[HC\d)/,
];

/** Reads a line that says which task it is about; undefined where it is none. */
export function readTaskLine(text: string): CpuLine | undefined {
  for (const form of TASK_LINES) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    return {
      cpu: undefined,
      pid: Number(groups.pid),
      comm: groups.comm,
      taint: undefined,
      kernel: undefined,
    };
  }
  return undefined;
}
