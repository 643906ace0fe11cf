import { expect, it } from "vitest";
import { oneReport, oopsBody } from "../test-support/one-report.js";

it.each([
  // lib/list_debug.c: with BUG() since 4.13, with WARN() before and again with CONFIG_LIST_HARDENED.
  [
    "list_add corruption. prev->next should be next (ffff888003a1c010), but was 0000000000000000. (prev=ffff888003a1c010).",
    "kernel BUG at lib/list_debug.c:26!\ninvalid opcode: 0000 [#1] SMP",
  ],
  [
    "list_del corruption, ffff888003a1c010->next is LIST_POISON1 (dead000000000100)",
    "kernel BUG at lib/list_debug.c:45!\ninvalid opcode: 0000 [#1] SMP",
  ],
  [
    "list_add double add: new=ffff888003a1c010, prev=ffff888003a1c010, next=ffffffff82a1c010.",
    "WARNING: CPU: 1 PID: 42 at lib/list_debug.c:35 __list_add_valid+0x74/0x90",
  ],
])("%s", (message, carrier) => {
  const report = oneReport(
    `------------[ cut here ]------------\n${message}\n${carrier}\n${oopsBody("__list_add_valid+0x74/0x90", ["list_add_tail+0x5/0x20 [hello]", "hello_open+0x20/0x40 [hello]"])}`,
  );
  expect(report.kind).toBe("list-corruption");
  expect(report.title).toBe("BUG: corrupted list in hello_open");
  expect(report.message).toBe(message);
  expect(report.corrupted).toBeUndefined();
});
