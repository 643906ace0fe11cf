import { expect, it } from "vitest";
import { oneReport } from "../test-support/one-report.js";

it("takes the list of busy workqueues along", () => {
  const report =
    oneReport(`BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 37s!
Showing busy workqueues and worker pools:
workqueue events: flags=0x0
  pwq 0: cpus=0 node=0 flags=0x0 nice=0 active=2/256 refcnt=3
    in-flight: 7:hello_work [hello]
    pending: vmstat_shepherd
pool 0: cpus=0 node=0 flags=0x0 nice=0 hung=37s workers=3 idle: 96 5
usb 1-1: new high-speed USB device number 2 using xhci_hcd`);
  expect(report.kind).toBe("workqueue-lockup");
  expect(report.title).toBe("BUG: workqueue lockup");
  expect(report.lines).toEqual([1, 7]);
  expect(report.corrupted).toBeUndefined();
});
