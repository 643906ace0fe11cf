import { describe, expect, it } from "vitest";
import { culpritOf, dumpedStack, oneReport } from "../test-support/one-report.js";

const RULE = "=".repeat(66);
const STACK = dumpedStack([
  "print_report+0x16f/0x4a6",
  "kasan_report+0xb4/0x140",
  "memcpy+0x24/0x60",
  "hello_read.isra.0+0x41/0x70 [hello]",
]);

function report(first: string, access: string): string {
  return `${RULE}
${first}
${access}

${STACK}

Allocated by task 41:
 kasan_save_stack+0x1e/0x40
 __kasan_kmalloc+0xaa/0xb0
 hello_open+0x20/0x60 [hello]

Freed by task 41:
 kasan_save_stack+0x1e/0x40
 kfree+0x9a/0x130
 hello_release+0x20/0x40 [hello]

The buggy address belongs to the object at ffff888003a1c000
 which belongs to the cache kmalloc-64 of size 64
The buggy address is located 0 bytes inside of
 64-byte region [ffff888003a1c000, ffff888003a1c040)

Memory state around the buggy address:
 ffff888003a1bf00: 00 00 00 00 fc fc fc fc 00 00 00 00 fc fc fc fc
>ffff888003a1c000: fa fb fb fb fb fb fb fb fc fc fc fc fc fc fc fc
                   ^
${RULE}`;
}

describe("KASAN", () => {
  it.each([
    // print_error_description() of 6.4 and later, of 4.19, of 4.4.
    [
      "BUG: KASAN: slab-use-after-free in memcpy+0x24/0x60",
      "Read of size 8 at addr ffff888003a1c000 by task a.out/42",
      "KASAN: slab-use-after-free Read",
    ],
    [
      "BUG: KASAN: use-after-free in memcpy+0x24/0x60",
      "Write of size 8 at addr ffff888003a1c000 by task a.out/42",
      "KASAN: use-after-free Write",
    ],
    [
      "BUG: KASAN: slab-out-of-bounds in hello_read+0x41/0x70 [hello] at addr ffff888003a1c000",
      "Read of size 8 by task a.out/42",
      "KASAN: slab-out-of-bounds Read",
    ],
    [
      "BUG: KASAN: double-free or invalid-free in hello_read+0x41/0x70 [hello]",
      "",
      "KASAN: invalid-free",
    ],
    [
      "BUG: KASAN: double-free in hello_read+0x41/0x70 [hello]",
      "Free of addr ffff888003a1c000 by task a.out/42",
      "KASAN: invalid-free",
    ],
  ])("%s", (first, access, title) => {
    const found = oneReport(report(first, access));
    expect(found.kind).toBe("kasan");
    expect(found.title).toBe(`${title} in hello_read`);
    expect(culpritOf(found)).toBe("hello_read.isra.0+0x41/0x70 [hello]");
    expect(found.corrupted).toBeUndefined();
    expect(found.text.at(-1)).toBe(RULE);
  });

  it("keeps its stacks apart", () => {
    const found = oneReport(
      report(
        "BUG: KASAN: slab-use-after-free in memcpy+0x24/0x60",
        "Read of size 8 at addr ffff888003a1c000 by task a.out/42",
      ),
    );
    const traceOf = (symbol: string): string | undefined =>
      found.frames.find((frame) => frame.symbol === symbol)?.trace;
    expect(traceOf("hello_read.isra.0")).toBe("call");
    expect(traceOf("hello_open")).toBe("allocated");
    expect(traceOf("hello_release")).toBe("freed");
  });

  it("is cut off when the state of the memory is missing", () => {
    const cut = report(
      "BUG: KASAN: use-after-free in memcpy+0x24/0x60",
      "Read of size 8 at addr ffff888003a1c000 by task a.out/42",
    ).split("Memory state")[0];
    expect(oneReport(cut ?? "").corrupted).toMatch(/^The end is cut off/);
  });
});
