import { expect, it } from "vitest";
import { isAllocator, isNeverCulprit, isScheduler, nameMatcher } from "./no-culprits.js";

it.each([
  "usercopy_abort",
  "__check_object_size",
  "__check_object_size.cold.2",
  "__check_heap_object",
  "queued_spin_lock_slowpath",
  "native_queued_spin_lock_slowpath",
  "_raw_spin_lock_irqsave",
  "do_raw_spin_lock",
  "__lock_acquire.isra.0",
  "mutex_lock_nested",
  "__list_add_valid_or_report",
  "refcount_warn_saturate",
  "kasan_report",
  "__asan_report_load8_noabort",
  "memcpy_erms",
  "dump_stack_lvl",
  "panic",
  "__warn.cold",
  "report_bug",
  "asm_exc_page_fault",
  "do_error_trap",
  "page_fault",
  "_copy_from_user",
  "copy_user_enhanced_fast_string",
  "entry_SYSCALL_64_after_hwframe",
])("%s is never to blame", (symbol) => {
  expect(isNeverCulprit(symbol)).toBe(true);
});

it.each([
  "hello_write",
  "vfs_write",
  "copy_page_range",
  "get_user_pages_fast",
  "clear_page_dirty_for_io",
  "__update_and_free_hugetlb_folio",
  "atomic_notifier_call_chain",
  "rtnl_lock",
  "lock_sock_nested",
])("%s may be", (symbol) => {
  expect(isNeverCulprit(symbol)).toBe(false);
});

it("knows the kernel's allocators and its scheduler", () => {
  expect(isAllocator("kmem_cache_alloc_trace", undefined)).toBe(true);
  expect(isAllocator("hello_alloc", undefined)).toBe(false);
  expect(isAllocator("kmalloc_oob_right", "test_kasan")).toBe(false);
  expect(isScheduler("schedule_timeout", undefined)).toBe(true);
  expect(isScheduler("hello_schedule", undefined)).toBe(false);
  expect(isScheduler("schedule_jobs", "gpu")).toBe(false);
});

it("matches whole names, and with a star their beginning", () => {
  const matches = nameMatcher("down up_*");
  expect(["down", "down_read", "up_read", "up"].map(matches)).toEqual([true, false, true, false]);
});
