import { describe, expect, it } from "vitest";
import { dumpedStack, kindOf, oneReport } from "../test-support/one-report.js";

const HEAD = `CPU 0/KVM invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0
${dumpedStack(["dump_header+0x4a/0x1f4", "oom_kill_process.cold+0xb/0x10", "out_of_memory+0x101/0x510"])}
Mem-Info:
active_anon:1 inactive_anon:13022 isolated_anon:0
Node 0 DMA free:1024kB min:100kB low:120kB high:140kB
Tasks state (memory values in pages):
[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
[     42]     0    42   250000   200000  1700000        0             0 a.out
`;

describe("out of memory", () => {
  it("ends with the process that is killed, and blames no function", () => {
    const report = oneReport(
      `${HEAD}Out of memory: Killed process 42 (a.out) total-vm:1000000kB, anon-rss:800000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1700kB oom_score_adj:0`,
    );
    expect(report.kind).toBe("out-of-memory");
    expect(report.title).toBe("Out of memory");
    expect(report.comm).toBe("CPU 0/KVM");
    expect(report.culprit).toBeUndefined();
    expect(report.corrupted).toBeUndefined();
  });

  it("is cut off without it", () => {
    expect(oneReport(HEAD).corrupted).toMatch(/^The end is cut off/);
  });

  it("is named by the panic when nothing is left to kill", () => {
    const report = oneReport(`${HEAD}Out of memory and no killable processes...
Kernel panic - not syncing: System is deadlocked on memory
---[ end Kernel panic - not syncing: System is deadlocked on memory ]---`);
    expect(report.title).toBe("kernel panic: System is deadlocked on memory");
  });

  it("is none when a program says so", () => {
    expect(kindOf("a.out[42]: Out of memory: cannot allocate 64 bytes")).toBeUndefined();
    expect(kindOf("Out of memory!")).toBeUndefined();
  });
});
