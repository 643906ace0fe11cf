import { expect, it } from "vitest";
import { oneReport, oopsBody } from "../test-support/one-report.js";

it("is one report with the WARN() behind its message, blamed on who frees", () => {
  const report = oneReport(`------------[ cut here ]------------
ODEBUG: free active (active state 0) object type: timer_list hint: hello_timer+0x0/0x30 [hello]
WARNING: CPU: 1 PID: 42 at lib/debugobjects.c:505 debug_print_object+0x6e/0x90
${oopsBody("debug_print_object+0x6e/0x90", ["__debug_check_no_obj_freed+0x1c5/0x210", "kfree+0x9a/0x130", "hello_release+0x20/0x40 [hello]"])}`);
  expect(report.kind).toBe("debug-objects");
  expect(report.title).toBe("WARNING: ODEBUG bug in hello_release");
  expect(report.corrupted).toBeUndefined();
});
