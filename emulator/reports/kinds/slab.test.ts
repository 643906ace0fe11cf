import { describe, expect, it } from "vitest";
import { culpritOf, dumpedStack, oneReport } from "../test-support/one-report.js";

const RULE = "=".repeat(77);
const TRACKS = `Allocated in hello_open+0x20/0x60 [hello] age=10 cpu=0 pid=41
 kmalloc_trace+0x11/0x20
 hello_open+0x20/0x60 [hello]
Freed in hello_release+0x20/0x40 [hello] age=5 cpu=0 pid=41
 kfree+0x9a/0x130
 hello_release+0x20/0x40 [hello]`;
const STACK = dumpedStack([
  "check_bytes_and_report.cold+0x72/0xbb",
  "check_object+0x23b/0x280",
  "__kmem_cache_alloc_node+0x394/0x450",
  "innocent_open+0x44/0x60",
]);

function report(what: string): string {
  return `${RULE}
BUG kmalloc-64 (Tainted: G           O      ): ${what}
${"-".repeat(77)}

0xffff888003a1c040-0xffff888003a1c040 @offset=64. First byte 0x5a instead of 0xcc
${TRACKS}
Slab 0xffffea00000e8700 objects=16 used=2 fp=0xffff888003a1c080 flags=0x200(slab|zone=0)
Object 0xffff888003a1c000 @offset=0 fp=0xffff888003a1c080

Object   ffff888003a1c000: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.
Redzone  ffff888003a1c040: 5a cc cc cc cc cc cc cc                          Z.......
${STACK}
FIX kmalloc-64: Restoring Right Redzone 0xffff888003a1c040-0xffff888003a1c040=0xcc`;
}

describe("SLUB's checks", () => {
  it("blames who allocated an object whose end was overwritten", () => {
    const found = oneReport(report("Right Redzone overwritten"));
    expect(found.kind).toBe("slab");
    expect(found.title).toBe("BUG: Right Redzone overwritten in hello_open");
    expect(found.corrupted).toBeUndefined();
    expect(found.text.at(-1)).toMatch(/^FIX kmalloc-64/);
  });

  it("blames who freed an object that was written to afterwards", () => {
    const found = oneReport(report("Poison overwritten"));
    expect(found.title).toBe("BUG: Poison overwritten in hello_release");
    expect(culpritOf(found)).toBe("hello_release+0x20/0x40 [hello]");
  });

  it("blames who frees an object for the second time", () => {
    expect(oneReport(report("Object already free")).title).toBe(
      "BUG: Object already free in innocent_open",
    );
  });

  it("blames nobody for what the check came across late", () => {
    const found = oneReport(report("Wrong object count. Counter is 2 but counted were 3"));
    expect(found.title).toBe("BUG: Wrong object count");
    expect(found.culprit).toBeUndefined();
  });
});
