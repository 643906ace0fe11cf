import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Disassembler,
  formatListing,
  icedDisassembler,
  listTrap,
} from "../disassembly/index.js";
import { findReports } from "../index.js";
import { REPORT_KINDS, type Report, type ReportKind } from "../report.js";
import { explain } from "./index.js";
import { codeOf, frameOf, registersOf, reportOf } from "./test-support/report.js";

let disassembler: Disassembler;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
});

const CULPRIT = frameOf("foo_work+0x10/0x40 [foo]", { role: "instruction" });

async function sentenceOf(kind: ReportKind, facts: Partial<Report>): Promise<string> {
  const report = reportOf({ kind, frames: [CULPRIT], culprit: CULPRIT, ...facts });
  return (await explain(report, { disassembler })).sentence;
}

describe("traps", () => {
  it("names the divisor that is 0", async () => {
    const facts = {
      code: codeOf("90 <f7> f1"),
      registers: registersOf("EAX: 00000007 ECX: 00000000"),
    };
    expect(
      await sentenceOf("divide-error", { ...facts, text: ["divide error: 0000 [#1] SMP"] }),
    ).toBe("`foo_work()` divided by zero: the divisor, in %ecx, is 0.");
  });

  it("says when the quotient is what does not fit", async () => {
    const facts = { code: codeOf("90 <f7> f1"), registers: registersOf("ECX: 00000002") };
    expect(await sentenceOf("divide-error", facts)).toContain("divided by 2 (in %ecx)");
  });

  it("knows what a freed list entry has in its pointers", async () => {
    const text = [
      "general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] SMP",
    ];
    // mov %rax,0x8(%rdx), as list_del() writes next->prev.
    const facts = {
      arch: "x86-64" as const,
      code: codeOf("90 <48> 89 42 08"),
      registers: registersOf("RDX: dead00000000011a RAX: 0000000000000001"),
    };
    expect(await sentenceOf("general-protection", { ...facts, text })).toContain(
      "it is LIST_POISON2: what list_del() leaves in the `prev` of an entry that it has removed",
    );
  });

  it("knows what SLUB writes over freed memory", async () => {
    const facts = {
      arch: "x86-64" as const,
      text: ["general protection fault: 0000 [#1] SMP"],
      code: codeOf("90 <48> 8b 43 10"),
      registers: registersOf("RBX: 6b6b6b6b6b6b6b6b"),
    };
    const sentence = await sentenceOf("general-protection", facts);
    expect(sentence).toContain("used 0x6b6b6b6b6b6b6b7b as an address");
    expect(sentence).toContain("(0x6b6b6b6b6b6b6b6b, in %rbx)");
    expect(sentence).toContain("POISON_FREE");
  });

  it("knows a string that lay in a pointer's place", async () => {
    const facts = {
      arch: "x86-64" as const,
      code: codeOf("90 <48> 8b 03"),
      // Lowest byte first: "/var/log".
      registers: registersOf("RBX: 676f6c2f7261762f"),
    };
    expect(await sentenceOf("general-protection", facts)).toContain('reads as the text "/var/log"');
  });

  it("knows a string that lay in a function pointer's place", async () => {
    const facts = {
      arch: "x86-64" as const,
      frames: [
        frameOf("x", { symbol: undefined, role: "instruction", address: 0x4141414141414141n }),
      ],
    };
    expect(await sentenceOf("general-protection", facts)).toContain(
      'jumped to 0x4141414141414141, which is no address that the processor has (not canonical); it reads as the text "AAAAAAAA"',
    );
  });

  it("takes an address in front of NULL for no error code", async () => {
    const facts = {
      arch: "x86-64" as const,
      text: ["BUG: unable to handle page fault for address: ffffffffffffffe0"],
      code: codeOf("90 <8b> 40 e0"),
      registers: registersOf("RAX: 0000000000000000"),
    };
    expect(await sentenceOf("page-fault", facts)).toContain(
      "it is 0x20 bytes in front of where a NULL pointer (in %rax) points",
    );
    const error = {
      ...facts,
      code: codeOf("90 <8b> 00"),
      registers: registersOf("RAX: ffffffffffffffe0"),
    };
    expect(await sentenceOf("page-fault", error)).toContain("it is ERR_PTR(-EPIPE): an error code");
  });

  it("says nothing of registers that do not lead to the fault", async () => {
    const facts = {
      arch: "x86-64" as const,
      text: ["BUG: unable to handle page fault for address: ffffc900c6665000"],
      code: codeOf("90 <48> 8b 03"),
      registers: registersOf("RBX: 6b6b6b6b6b6b6b6b"),
    };
    expect(await sentenceOf("page-fault", facts)).toBe(
      "`foo_work()` read from address 0xffffc900c6665000: nothing is mapped there.",
    );
  });

  it("knows which model-specific register was not there", async () => {
    const facts = {
      arch: "x86-64" as const,
      code: codeOf("90 <0f> 32"),
      registers: registersOf("RCX: 000000000000038d"),
    };
    expect(await sentenceOf("general-protection", facts)).toBe(
      "`foo_work()` read the model-specific register 0x38d, which this processor does not have.",
    );
  });

  it("tells what the processor objected to in a page fault", async () => {
    const text = [
      "BUG: unable to handle page fault for address: c14000f0",
      "#PF: supervisor write access in kernel mode",
      "#PF: error_code(0x0003) - permissions violation",
    ];
    const facts = {
      code: codeOf("90 <89> 02"),
      registers: registersOf("EDX: c14000f0 EAX: 00000001 CR2: c14000f0"),
    };
    expect(await sentenceOf("page-fault", { ...facts, text })).toBe(
      "`foo_work()` wrote 4 bytes to address 0xc14000f0: the page is there, but it is read-only.",
    );
  });
});

describe("stalls", () => {
  it("says how long a processor has been where", async () => {
    const text = ["watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [insmod:123]"];
    expect(await sentenceOf("soft-lockup", { text })).toBe(
      "CPU 0 has been in `foo_work()` for 22 s on behalf of `insmod` without letting another task run.",
    );
  });

  it("says what a task waits in, and for whom", async () => {
    const text = ["INFO: task a.out:12 blocked for more than 10 seconds."];
    const frames = [
      "__schedule+0x1/0x2",
      "schedule+0x1/0x2",
      "mutex_lock+0x1/0x2",
      "foo_write+0x1/0x2 [foo]",
    ];
    expect(
      await sentenceOf("hung-task", { text, frames: frames.map((frame) => frameOf(frame)) }),
    ).toBe(
      "`a.out` (pid 12) has waited for more than 10 s in `mutex_lock()`, called from `foo_write()`.",
    );
  });

  it("says what RCU waits for", async () => {
    const text = [
      "rcu: INFO: rcu_sched self-detected stall on CPU",
      "rcu: \t0-....: (5249 ticks this GP) idle=1a4/1/0x40000002 softirq=41/41 fqs=2624",
      "\t(t=5250 jiffies g=-1107 q=2)",
    ];
    expect(await sentenceOf("rcu-stall", { text })).toBe(
      "RCU has waited 5250 timer ticks for CPU 0 to come by a moment at which it uses no data that RCU protects (a task switch, idle, or user space); it was in `foo_work()`.",
    );
  });
});

describe("checks", () => {
  it("says in which direction a reference count went wrong", async () => {
    const text = ["refcount_t: underflow; use-after-free."];
    expect(await sentenceOf("refcount", { text })).toContain("put more often than it was taken");
    const added = ["refcount_t: addition on 0; use-after-free."];
    expect(await sentenceOf("refcount", { text: added })).toContain("had already reached 0");
  });

  it("says which pointers of a list disagree", async () => {
    const text = [
      "list_del corruption. prev->next should be c1a2b3c4, but was 00000000. (prev=c1a2b300)",
    ];
    expect(await sentenceOf("list-corruption", { text })).toBe(
      "`foo_work()` was about to remove an entry from a list, and its neighbours disagree: `prev->next` should be c1a2b3c4 but was 00000000.",
    );
  });

  it("says why sleeping is forbidden", async () => {
    const text = [
      "BUG: sleeping function called from invalid context at mm/slab.h:494",
      "in_atomic(): 1, irqs_disabled(): 1, non_block: 0, pid: 49, name: insmod",
      "preempt_count: 1, expected: 0",
    ];
    const sentence = await sentenceOf("sleeping-in-atomic", { text });
    expect(sentence).toContain("(the check stands at mm/slab.h:494)");
    expect(sentence).toContain("interrupts are off, and preemption is off");
  });

  it("names two locks and where they are taken", async () => {
    const text = [
      "WARNING: possible circular locking dependency detected",
      "6.1.0 #1 Tainted: G           O",
      "------------------------------------------------------",
      "insmod/49 is trying to acquire lock:",
      "c8a01020 (lock_a){+.+.}-{2:2}, at: take_both+0x20/0x50 [foo]",
      "but task is already holding lock:",
      "c8a01000 (lock_b){+.+.}-{2:2}, at: take_both+0x10/0x50 [foo]",
    ];
    expect(await sentenceOf("lockdep", { text })).toBe(
      "`insmod` (pid 49) takes `lock_a` (in `take_both()`) while it holds `lock_b` (in `take_both()`), and elsewhere they are taken in the other order: when both happen at once, each waits for the other for ever.",
    );
  });

  it("says how far an access was off, and whose object it was", async () => {
    const text = [
      "BUG: KASAN: slab-out-of-bounds in foo_work+0x10/0x40 [foo]",
      "Write of size 1 at addr ffff888003988a40 by task insmod/49",
      "The buggy address belongs to the object at ffff888003988a00",
      " which belongs to the cache kmalloc-64 of size 64",
      "The buggy address is located 0 bytes to the right of",
      " 64-byte region [ffff888003988a00, ffff888003988a40)",
    ];
    const frames = [
      CULPRIT,
      frameOf("kasan_save_stack+0x1/0x2", { trace: "allocated" }),
      frameOf("__kmalloc+0x1/0x2", { trace: "allocated" }),
      frameOf("foo_init+0x1/0x2 [foo]", { trace: "allocated" }),
    ];
    expect(await sentenceOf("kasan", { text, frames, arch: "x86-64" })).toBe(
      "`foo_work()` wrote 1 byte right behind the end of an object of 64 bytes (slab cache `kmalloc-64`); it was allocated by `foo_init()`.",
    );
  });

  it("counts KFENCE's distances from where the object ends", async () => {
    // 32 bytes right of a 32-byte object is the first byte behind it: kfence_report_error().
    const text = [
      "BUG: KFENCE: out-of-bounds write in foo_work+0x10/0x40 [foo]",
      "Out-of-bounds write at 0x(____ptrval____) (36B right of kfence-#27):",
      "kfence-#27: 0x(____ptrval____)-0x(____ptrval____), size=32, cache=kmalloc-32",
    ];
    expect(await sentenceOf("kfence", { text })).toBe(
      "`foo_work()` wrote 4 bytes past the end of an object of 32 bytes (slab cache `kmalloc-32`).",
    );
  });

  it("says what SLUB found in an object, and whose it was", async () => {
    const text = [
      "BUG kmalloc-64 (Tainted: G           O   ): Poison overwritten",
      "0xc1a2b3c4-0xc1a2b3c4 @offset=64. First byte 0x6c instead of 0x6b",
      "Allocated in foo_open+0x20/0x50 [foo] age=12 cpu=0 pid=49",
      "Freed in foo_release+0x10/0x20 [foo] age=2 cpu=0 pid=49",
    ];
    expect(await sentenceOf("slab", { text })).toBe(
      "Somebody has written to an object of the slab cache `kmalloc-64` after it was freed (0x6c where 0x6b belongs); the object was allocated by `foo_open()` and last freed by `foo_release()`; that was found in `foo_work()`.",
    );
  });

  it("says who touched the same memory at the same time", async () => {
    const text = [
      "BUG: KCSAN: data-race in foo_read / foo_write",
      "write to 0xffff888003988a40 of 4 bytes by task 49 on cpu 1:",
      "read to 0xffff888003988a40 of 4 bytes by task 50 on cpu 0:",
      "value changed: 0x00000001 -> 0x00000002",
    ];
    expect(await sentenceOf("kcsan", { text })).toBe(
      "`foo_read()` writes and `foo_write()` reads the same 4 bytes (at 0xffff888003988a40) at the same time, with nothing that orders them; the value changed from 0x00000001 to 0x00000002 in between.",
    );
  });

  it("quotes what UBSAN found", async () => {
    const text = [
      "UBSAN: array-index-out-of-bounds in foo.c:12:5",
      "index 5 is out of range for type 'int [4]'",
    ];
    expect(await sentenceOf("ubsan", { text })).toContain(
      "index 5 is out of range for type 'int [4]'",
    );
  });

  it("says who was killed for memory, and who had asked", async () => {
    const text = [
      "a.out invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0",
      "Out of memory: Killed process 61 (a.out) total-vm:204800kB, anon-rss:102400kB, file-rss:4kB",
    ];
    expect(await sentenceOf("out-of-memory", { text })).toBe(
      "The machine had no memory left when `a.out` asked for a page, so the kernel killed `a.out` (pid 61), which held 100 MiB of its own.",
    );
  });

  it("says how init ended", async () => {
    const text = ["Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b"];
    expect(await sentenceOf("panic", { text })).toContain("(killed by signal 11)");
  });
});

describe("the source of a check", () => {
  it("is quoted when it is at hand", async () => {
    const report = reportOf({
      kind: "bug",
      text: ["kernel BUG at fs/foo.c:2!"],
      frames: [CULPRIT],
      culprit: CULPRIT,
    });
    const readSource = async (): Promise<string> => "{\n\tBUG_ON(list_empty(&foo->list));\n}";
    expect((await explain(report, { readSource })).sentence).toBe(
      "`foo_work()` came to the BUG() at fs/foo.c:2: `list_empty(&foo->list)` was true, which its author holds to be impossible.",
    );
  });
});

describe("any report", () => {
  it("is explained, also when it says nothing", async () => {
    for (const kind of REPORT_KINDS) {
      const { sentence } = await explain(reportOf({ kind, arch: undefined }), { disassembler });
      expect(sentence).toMatch(/^[`A-Z].*\.$/);
      expect(sentence).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  // Patterns that try each beginning with each end would take longer than a test may.
  it("is explained, also when its lines are endless", async () => {
    const pieces = [
      "(a ",
      "&x: ",
      "1: 2 ",
      "BUG: KASAN: x in ",
      "refcount_t: ",
      "task a:1 ",
      "[1, 2) 'x' ",
    ];
    const text = pieces.map((piece) => piece.repeat(200_000));
    for (const kind of REPORT_KINDS) {
      const { sentence } = await explain(reportOf({ kind, text }), { disassembler });
      expect(sentence.length, kind).toBeLessThan(3000);
    }
  });

  it("of the corpus is explained in one sentence", async () => {
    for (const log of await corpus()) {
      for (const report of findReports(log)) {
        const { sentence, evidence } = await explain(report, { disassembler });
        expect(sentence).toMatch(/^[`A-Z].*\.$/);
        expect([sentence, ...evidence].join("\n")).not.toMatch(/undefined\b|NaN|\[object/);
        formatListing(await listTrap(report, disassembler));
      }
    }
  });

  it("with damaged lines is explained, too", async () => {
    let state = 3;
    const next = (limit: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const reports = (await corpus()).flatMap((log) => [...findReports(log)]);
    for (const report of reports) {
      const text = report.text.flatMap((line) => {
        if (next(5) === 0) return [];
        return next(3) === 0 ? [line.slice(next(line.length), next(line.length + 1))] : [line];
      });
      const kind = REPORT_KINDS[next(REPORT_KINDS.length)] ?? "bug";
      const code = report.code && { ...report.code, trapOffset: next(report.code.bytes.length) };
      const { sentence } = await explain({ ...report, kind, text, code }, { disassembler });
      expect(sentence).toMatch(/^\S.*\.$/s);
    }
  });
});

async function corpus(): Promise<string[]> {
  const folder = "emulator/reports/corpus";
  const files = await readdir(folder, { recursive: true });
  const logs = files.filter((file) => file.endsWith(".log"));
  expect(logs.length).toBeGreaterThan(50);
  return Promise.all(logs.map((file) => readFile(join(folder, file), "utf8")));
}
