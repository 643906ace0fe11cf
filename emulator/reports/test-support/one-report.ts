import { formatFrame, type Report } from "../report.js";
import { findReports } from "../report-stream.js";

/** The only report of a log. */
export function oneReport(log: string): Report {
  const reports = findReports(log);
  const [report] = reports;
  if (report === undefined || reports.length !== 1) {
    throw new Error(`Expected one report, found ${reports.map(({ title }) => title).join("; ")}.`);
  }
  return report;
}

/** The kind of the report that a line begins, when nothing else is there. */
export function kindOf(line: string): string | undefined {
  return findReports(line)[0]?.kind;
}

/** The culprit as the kernel writes it. */
export function culpritOf(report: Report): string | undefined {
  return report.culprit === undefined ? undefined : formatFrame(report.culprit);
}

/** A whole x86-64 oops of 6.x behind its first lines, in `symbol` and called by vfs_write(). */
export function oopsBody(symbol: string, frames: readonly string[] = []): string {
  return [
    "CPU: 1 PID: 42 Comm: a.out Tainted: G           O       6.1.0-kspace #1",
    "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014",
    `RIP: 0010:${symbol}`,
    "Code: 48 89 e5 41 54 49 89 fc 53 48 8b 07 <0f> 0b 48 89 c3 5b 41 5c",
    "RSP: 0018:ffffc90000197e50 EFLAGS: 00010246",
    "RAX: 0000000000000000 RBX: ffff888003a1c000 RCX: 0000000000000006",
    "Call Trace:",
    " <TASK>",
    ...frames.map((frame) => ` ${frame}`),
    " vfs_write+0xa5/0x1a0",
    " ksys_write+0x57/0xd0",
    " do_syscall_64+0x53/0x110",
    " entry_SYSCALL_64_after_hwframe+0x44/0xa9",
    "RIP: 0033:0x7f4912559504",
    "RAX: ffffffffffffffda RBX: 0000000000000006 RCX: 00007f4912559504",
    " </TASK>",
    "Modules linked in: hello(O)",
    "---[ end trace 0000000000000000 ]---",
  ].join("\n");
}

/** A stack that a checker prints: dump_stack(), what the checker adds, and then the caller. */
export function dumpedStack(frames: readonly string[]): string {
  return [
    "CPU: 1 PID: 42 Comm: a.out Not tainted 6.1.0-kspace #1",
    "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-1 04/01/2014",
    "Call Trace:",
    " <TASK>",
    " dump_stack_lvl+0x45/0x5a",
    ...frames.map((frame) => ` ${frame}`),
    " ksys_write+0x57/0xd0",
    " do_syscall_64+0x53/0x110",
    " entry_SYSCALL_64_after_hwframe+0x44/0xa9",
    " </TASK>",
  ].join("\n");
}
