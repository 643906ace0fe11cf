import { describe, expect, it } from "vitest";
import { findReports } from "../report-stream.js";
import { oneReport, oopsBody } from "../test-support/one-report.js";

const BODY = oopsBody("refcount_warn_saturate+0xa6/0x100", [
  "kref_put+0x10/0x20",
  "hello_put+0x20/0x40 [hello]",
]);

describe("reference counts", () => {
  it.each([
    "refcount_t: underflow; use-after-free.",
    "refcount_t: addition on 0; use-after-free.",
    "refcount_t: saturated; leaking memory.",
  ])("%s", (message) => {
    const report = oneReport(`------------[ cut here ]------------
${message}
WARNING: CPU: 1 PID: 42 at lib/refcount.c:28 refcount_warn_saturate+0xa6/0x100
${BODY}`);
    expect(report.kind).toBe("refcount");
    expect(report.title).toBe("WARNING: refcount bug in hello_put");
    expect(report.message).toBe(message);
  });

  it("takes the message when it comes behind the WARNING", () => {
    const report =
      oneReport(`WARNING: CPU: 1 PID: 42 at lib/refcount.c:187 refcount_sub_and_test+0x4d/0x60
refcount_t: underflow; use-after-free.
${BODY}`);
    expect(report.message).toBe("refcount_t: underflow; use-after-free.");
    expect(report.kind).toBe("refcount");
  });

  it("says which network device has a reference too many, each time", () => {
    const line = "unregister_netdevice: waiting for lo to become free. Usage count = 2";
    const reports = findReports(`[  100.000000] ${line}\n[  110.000000] ${line}\n`);
    expect(reports.map(({ title }) => title)).toEqual(
      Array(2).fill("unregister_netdevice: waiting for DEV to become free"),
    );
    expect(reports[0]?.corrupted).toBeUndefined();
  });
});
