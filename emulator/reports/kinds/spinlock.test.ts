import { describe, expect, it } from "vitest";
import { dumpedStack, oneReport } from "../test-support/one-report.js";

describe("spinlock debugging", () => {
  it.each([
    ["BUG: spinlock bad magic on CPU#1, a.out/42", "BUG: spinlock bad magic"],
    ["BUG: spinlock recursion on CPU#1, a.out/42", "BUG: spinlock recursion"],
    ["BUG: spinlock wrong CPU on CPU#1, a.out/42", "BUG: spinlock wrong CPU"],
    ["BUG: spinlock already unlocked on CPU#1, a.out/42", "BUG: spinlock already unlocked"],
    ["BUG: spinlock lockup suspected on CPU#1, a.out/42", "BUG: spinlock lockup suspected"],
    ["BUG: rwlock recursion on CPU#1, a.out/42, ffff888003a1c010", "BUG: rwlock recursion"],
  ])("%s", (line, title) => {
    const report = oneReport(`${line}
 lock: hello_lock+0x0/0xffffffffffffa6c0 [hello], .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0
${dumpedStack(["do_raw_spin_lock.cold+0x5/0x1a", "_raw_spin_lock+0x1a/0x20", "hello_write+0x20/0x60 [hello]"])}`);
    expect(report.kind).toBe("spinlock");
    expect(report.title).toBe(`${title} in hello_write`);
    expect(report).toMatchObject({ cpu: 1, pid: 42, comm: "a.out" });
  });

  it("keeps a slash in the name of a task", () => {
    const report = oneReport(
      `BUG: spinlock bad magic on CPU#0, swapper/0/1\n${dumpedStack(["hello_init+0x20/0x60 [hello]"])}`,
    );
    expect(report).toMatchObject({ pid: 1, comm: "swapper/0" });
  });
});
