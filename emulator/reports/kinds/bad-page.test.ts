import { expect, it } from "vitest";
import { dumpedStack, oneReport } from "../test-support/one-report.js";

it("names who freed a page of bad state", () => {
  const report = oneReport(`BUG: Bad page state in process a.out  pfn:0a1b2
page:00000000d4e5f6a7 refcount:0 mapcount:1 mapping:0000000000000000 index:0x0 pfn:0xa1b2
flags: 0x100000000000000(node=0|zone=1)
raw: 0100000000000000 dead000000000100 dead000000000122 0000000000000000
page dumped because: nonzero mapcount
Modules linked in: hello(O)
${dumpedStack(["bad_page.cold+0x9b/0xa0", "free_pcp_prepare+0x14c/0x1b0", "free_unref_page+0x1d/0x130", "hello_release+0x20/0x40 [hello]"])}`);
  expect(report.kind).toBe("bad-page");
  expect(report.title).toBe("BUG: Bad page state in hello_release");
  expect(report.comm).toBe("a.out");
  expect(report.corrupted).toBeUndefined();
});

it("needs no stack for a counter that is not zero at the end", () => {
  const report = oneReport(
    "BUG: Bad rss-counter state mm:00000000d4e5f6a7 type:MM_ANONPAGES val:3",
  );
  expect(report.title).toBe("BUG: Bad rss-counter state");
  expect(report.corrupted).toBeUndefined();
});
