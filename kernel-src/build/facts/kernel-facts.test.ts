import { expect, test } from "vitest";
import { selectSymbols } from "./kernel-facts.js";

const label = (name: string, start: number) => ({ name, start, size: 0 });
const code = (name: string, start: number) => ({ name, start, size: 16 });

/** Everything that must be there, a few that only a pattern asks for, and one too many. */
const symbols = [
  label("_stext", 0xc1000000),
  code("do_exit", 0xc1000100),
  code("osq_lock", 0xc1000200),
  code("mutex_spin_on_owner", 0xc1000300),
  code("rwsem_spin_on_owner", 0xc1000400),
  code("rwsem_down_write_slowpath", 0xc1000500),
  code("rwsem_down_read_slowpath", 0xc1000580),
  code("panic", 0xc1000600),
  code("nmi_panic", 0xc1000680),
  code("__delay", 0xc1000700),
  code("__const_udelay", 0xc1000800),
  code("delay_loop", 0xc1000900),
  code("delay_tsc", 0xc1000a00),
  label("__lock_text_start", 0xc1000b00),
  code("_raw_spin_lock", 0xc1000b00),
  code("_raw_spin_lock_irqsave", 0xc1000b80),
  code("_raw_write_lock", 0xc1000bc0),
  code("queued_spin_lock_slowpath", 0xc1000c00),
  code("queued_read_lock_slowpath", 0xc1000d00),
  code("queued_write_lock_slowpath", 0xc1000e00),
  label("__lock_text_end", 0xc1000f00),
  label("_etext", 0xc1001000),
  { name: "__per_cpu_offset", start: 0xc1002000, size: 8 },
  { name: "jiffies", start: 0xc1002010, size: 0 },
  { name: "panic_cpu", start: 0xc1002020, size: 4 },
  { name: "current_task", start: 0xc1003000, size: 4 },
  { name: "runqueues", start: 0xc1003100, size: 2000 },
  { name: "panic_timeout", start: 0xc1004000, size: 4 },
  { name: "oops_in_progress", start: 0xc1004004, size: 4 },
];

test("a function has its end, a variable has none", () => {
  const selected = selectSymbols(symbols);
  expect(selected.osq_lock).toEqual({ start: 0xc1000200, end: 0xc1000210 });
  expect(selected.runqueues).toEqual({ start: 0xc1003100 });
  expect(selected._stext).toEqual({ start: 0xc1000000 });
});

test("takes a family as far as it is there, and nothing else", () => {
  const names = Object.keys(selectSymbols(symbols));
  expect(names).toContain("rwsem_down_read_slowpath");
  expect(names).toContain("_raw_write_lock");
  expect(names).toContain("nmi_panic");
  expect(names).not.toContain("do_exit");
});

test("names what a host needs and the kernel does not have", () => {
  const without = symbols.filter(({ name }) => name !== "runqueues" && name !== "delay_tsc");
  expect(() => selectSymbols(without)).toThrow("Not in the kernel: runqueues, delay_tsc.");
});
