import { expect, it } from "vitest";
import { readCpuLine, readKernelIdent, readTaskLine } from "./cpu-line.js";

it.each([
  [
    "CPU: 1 PID: 42 Comm: a.out Tainted: G        W  O       6.1.0-kspace #1",
    { cpu: 1, pid: 42, comm: "a.out", taint: "G        W  O", kernel: "6.1.0-kspace" },
  ],
  [
    "CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.10.0-8-amd64 #1 Debian 5.10.46-4",
    { comm: "swapper/0", taint: "", kernel: "5.10.0-8-amd64" },
  ],
  // Since 6.12, and with kexec's kernel loaded.
  [
    "CPU: 1 UID: 0 PID: 1059 Comm: kworker/u8:6 Kdump: loaded Not tainted 6.15.0-next-20250606 #0 PREEMPT(full)",
    { cpu: 1, pid: 1059, comm: "kworker/u8:6", kernel: "6.15.0-next-20250606" },
  ],
  [
    "CPU: 2 PID: 99 Comm: Web Content Tainted: P           OE     5.4.0-29-generic #33-Ubuntu",
    { comm: "Web Content", taint: "P           OE", kernel: "5.4.0-29-generic" },
  ],
  [
    "CPU: 2 PID: 76 Comm: kworker/2:1 Kdump: loaded Tainted: G             L ------------   3.10.0-957.el7.x86_64 #1",
    { pid: 76, comm: "kworker/2:1", taint: "G             L", kernel: "3.10.0-957.el7.x86_64" },
  ],
  [
    "CPU: 2 PID: 76 Comm: a.out Tainted: G           OE    --------- -  - 4.18.0-240.el8.x86_64 #1",
    { comm: "a.out", taint: "G           OE", kernel: "4.18.0-240.el8.x86_64" },
  ],
  // Until 3.9.
  ["CPU 1 ", { cpu: 1, pid: undefined }],
  [
    "Pid: 77, comm: a.out Not tainted 3.2.0-4-amd64 #1 Debian 3.2.65-1",
    { pid: 77, comm: "a.out", kernel: "3.2.0-4-amd64", cpu: undefined },
  ],
  [
    "CPU: 1 PID: 42 Comm: a.out Tainted",
    { cpu: 1, pid: 42, comm: "a.out", taint: undefined, kernel: undefined },
  ],
])("%s", (line, expected) => {
  expect(readCpuLine(line)).toMatchObject(expected);
});

it.each([
  ["task:a.out           state:D stack:0     pid:42   ppid:1      flags:0x00000002", "a.out", 42],
  [
    "task:rcu_preempt     state:R  running task     stack:28872 pid:   14 ppid:     2 flags:0x00004000",
    "rcu_preempt",
    14,
  ],
  ["kworker/u4:2    D24184    24      2 0x80004000", "kworker/u4:2", 24],
  ["nfsd            R  running task        0  4191      2 0x00000008", "nfsd", 4191],
  ["in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 42, name: a.out", "a.out", 42],
  ["a.out/42 is trying to acquire lock:", "a.out", 42],
  ["swapper/0/0 [HC0[0]:SC1[1]:HE1:SE0] takes:", "swapper/0", 0],
  ['  comm "a.out", pid 42, jiffies 4294942863 (age 13.760s)', "a.out", 42],
])("%s", (line, comm, pid) => {
  expect(readTaskLine(line)).toMatchObject({ comm, pid });
});

it("reads which kernel it is where nothing else stands with it", () => {
  expect(readKernelIdent("6.1.0-kspace #1 Not tainted")).toEqual({
    taint: "",
    kernel: "6.1.0-kspace",
  });
  expect(readKernelIdent("      Tainted: G           OE     4.15.0-74-generic #84-Ubuntu")).toEqual(
    {
      taint: "G           OE",
      kernel: "4.15.0-74-generic",
    },
  );
  expect(readKernelIdent("1.2 #3 is the best")).toBeUndefined();
});
