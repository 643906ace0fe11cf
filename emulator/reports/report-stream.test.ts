import { describe, expect, it } from "vitest";
import { findReports, type ReportBeginning, ReportStream } from "./report-stream.js";
import { oopsBody } from "./test-support/one-report.js";

/** The lines with the kernel's time in front, a millisecond apart. */
function console(log: string, from = 10): string {
  return log
    .split("\n")
    .map((line, index) => `[${(from + index / 1000).toFixed(6).padStart(12)}] ${line}\n`)
    .join("");
}

const OOPS = `BUG: kernel NULL pointer dereference, address: 0000000000000000
Oops: 0000 [#1] PREEMPT SMP
${oopsBody("hello_read+0x12/0x60 [hello]")}`;
const WARNING = `------------[ cut here ]------------
WARNING: CPU: 1 PID: 42 at drivers/misc/hello.c:77 hello_open+0x12/0x60 [hello]
${oopsBody("hello_open+0x12/0x60 [hello]")}`;

describe("ReportStream", () => {
  it("says that a report begins before it is over", () => {
    const begun: ReportBeginning[] = [];
    const stream = new ReportStream({ onBegin: (beginning) => begun.push(beginning) });
    expect(
      stream.push(
        "[   10.000000] usb 1-1: new device\n[   10.500000] BUG: kernel NULL pointer dereference, address: 0\n[",
      ),
    ).toEqual([]);
    stream.push("   10.500001] #PF: supervisor read access in kernel mode\n");
    expect(begun).toEqual([
      {
        kind: "null-dereference",
        message: "BUG: kernel NULL pointer dereference, address: 0",
        seconds: 10.5,
        line: 2,
      },
    ]);
    expect(stream.end()).toHaveLength(1);
  });

  it("gives a report when the log goes on with something else", () => {
    const stream = new ReportStream();
    const healthy = Array(10)
      .fill("usb 1-1: new high-speed USB device number 2 using xhci_hcd")
      .join("\n");
    expect(stream.push(console(OOPS))).toEqual([]);
    const [report] = stream.push(console(healthy, 11));
    expect(report?.title).toBe(
      "BUG: unable to handle kernel NULL pointer dereference in hello_read",
    );
    expect(report?.text.at(-1)).toMatch(/end trace/);
    expect(stream.end()).toEqual([]);
  });

  it("gives a report when the next one begins", () => {
    const stream = new ReportStream();
    stream.push(console(OOPS));
    expect(stream.push(console(WARNING, 11)).map(({ kind }) => kind)).toEqual(["null-dereference"]);
    expect(stream.end().map(({ kind }) => kind)).toEqual(["warning"]);
  });

  it("gives a report when the kernel has been silent, and when it boots anew", () => {
    const stream = new ReportStream();
    stream.push(console(OOPS));
    expect(stream.push("[  100.000000] usb 1-1: new device\n")).toHaveLength(1);
    stream.push(console(OOPS, 200));
    expect(stream.push("[    0.000000] Linux version 6.1.0-kspace (gcc) #1\n")).toHaveLength(1);
  });

  it("reads records, and passes over those of programs", () => {
    const stream = new ReportStream();
    const reports = OOPS.split("\n").flatMap((text, index) => [
      ...stream.push({ text, seconds: 10 + index / 1000, level: 4, facility: 0 }),
      ...stream.push({ text: "kernel BUG at fs/fake.c:1!", seconds: 10, level: 4, facility: 1 }),
    ]);
    reports.push(...stream.end());
    expect(reports.map(({ kind, corrupted }) => [kind, corrupted])).toEqual([
      ["null-dereference", undefined],
    ]);
    expect(reports[0]?.seconds).toBe(10);
  });

  it("counts records that are missing as lost", () => {
    const stream = new ReportStream();
    const lines = OOPS.split("\n");
    for (const [index, text] of lines.entries()) {
      stream.push({ text, seconds: 10, missing: index === 5 ? 3 : 0 });
    }
    expect(stream.end()[0]?.corrupted).toMatch(/lost 3 messages/);
  });

  it("keeps apart what two processors say at the same time, by their caller ids", () => {
    const oops = OOPS.split("\n");
    const warning = WARNING.split("\n");
    const mixed = oops.flatMap((line, index) => [
      `[   10.000001][  T${41}] ${line}`,
      ...(warning[index] === undefined ? [] : [`[   10.000001][  T42] ${warning[index]}`]),
    ]);
    const reports = findReports(mixed.join("\n"));
    expect(reports.map(({ title }) => title).sort()).toEqual([
      "BUG: unable to handle kernel NULL pointer dereference in hello_read",
      "WARNING in hello_open",
    ]);
    for (const report of reports) {
      expect(report.corrupted).toBeUndefined();
      expect(report.frames.filter(({ symbol }) => symbol === "vfs_write")).toHaveLength(1);
    }
  });

  it("leaves out what programs write in between", () => {
    const lines = console(OOPS).split("\n");
    lines.splice(3, 0, "Segmentation fault", "root@buster:~# ");
    const [report] = findReports(lines.join("\n"));
    expect(report?.text).toEqual(OOPS.split("\n"));
    expect(report?.lines).toEqual([1, OOPS.split("\n").length + 2]);
  });

  it("takes the kernel's release and the processor's width from what came before", () => {
    const [, stall] = findReports(
      `Linux version 6.1.0-kspace (gcc) #1\n${OOPS}\nBUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 37s!\nShowing busy workqueues and worker pools:`,
    );
    expect(stall).toMatchObject({ kernel: "6.1.0-kspace", arch: "x86-64" });
  });

  it("goes on with a report in whose first lines lockdep spoke up", () => {
    const reports = findReports(`rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:

=============================
[ BUG: Invalid wait context ]
6.1.0 #1 Tainted: G           O
-----------------------------
swapper/0/0 is trying to lock:
ffffffff8344e018 (&port_lock_key){-...}-{3:3}, at: serial8250_console_write+0x530/0x800
stack backtrace:
CPU: 0 PID: 0 Comm: swapper/0 Tainted: G           O       6.1.0 #1
Call Trace:
 dump_stack_lvl+0x4c/0x5f
 serial8250_console_write+0x530/0x800
rcu: \tTasks blocked on level-0 rcu_node (CPUs 0-1): P39
task:a.out           state:R  running task     stack:0     pid:42    ppid:1      flags:0x00004000
Call Trace:
 hello_spin+0x13/0x40 [hello]
 hello_write+0x20/0x60 [hello]`);
    expect(reports.map(({ title }) => title)).toEqual([
      "INFO: rcu detected stall in hello_spin",
      "WARNING: locking bug in serial8250_console_write",
    ]);
    expect(reports.map(({ pid }) => pid)).toEqual([42, 0]);
  });

  it("gives a report up that did not go on behind lockdep's", () => {
    const stream = new ReportStream();
    stream.push("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n");
    stream.push(
      "WARNING: bad unlock balance detected!\nCall Trace:\n hello_write+0x20/0x60 [hello]\n",
    );
    const unrelated = "usb 1-1: new high-speed USB device number 2 using xhci_hcd\n".repeat(50);
    expect(
      stream
        .push(unrelated)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["lockdep", "rcu-stall"]);
    expect(stream.end()).toEqual([]);
  });

  it("can be used on after the end", () => {
    const stream = new ReportStream();
    stream.push(console(OOPS));
    expect(stream.end()).toHaveLength(1);
    stream.push(console(WARNING));
    const [report] = stream.end();
    expect(report?.lines[0]).toBe(OOPS.split("\n").length + 1);
  });

  it("finds nothing in a trace that somebody asked for", () => {
    const trace = [
      "sysrq: Show backtrace of all active CPUs",
      "NMI backtrace for cpu 1",
      "CPU: 1 PID: 42 Comm: bash Not tainted 6.1.0 #1",
      "Call Trace:",
      " <TASK>",
      " dump_stack_lvl+0x45/0x5a",
      " nmi_cpu_backtrace.cold+0x32/0x68",
      " sysrq_handle_showallcpus+0x17/0x30",
      " vfs_write+0xa5/0x1a0",
      " </TASK>",
    ];
    expect(findReports(trace.join("\n"))).toEqual([]);
  });

  it("finds a report whose start is cut off by what is there", () => {
    const body = OOPS.split("\n").slice(4).join("\n");
    const [report] = findReports(`${body}\nCR2: 0000000000000000`);
    expect(report?.corrupted).toMatch(/^The start is cut off/);
    expect(report?.culprit?.symbol).toBe("hello_read");
  });
});
