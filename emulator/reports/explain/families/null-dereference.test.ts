import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Disassembler, icedDisassembler } from "../../disassembly/index.js";
import { explain } from "../index.js";
import {
  contextOf,
  frameAtInstruction,
  frameBehindInstruction,
  type TestModule,
} from "../test-support/compiled.js";
import { codeOf, frameOf, registersOf, reportOf } from "../test-support/report.js";

const run = promisify(execFile);

let disassembler: Disassembler;
let folder: string;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
  folder = await mkdtemp(join(tmpdir(), "kspace-null-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function sentenceOf(
  code: string,
  registers: string,
  text: readonly string[],
): Promise<string> {
  const frame = frameOf("foo_read+0x10/0x40 [foo]", { role: "instruction" });
  const report = reportOf({
    kind: "null-dereference",
    text,
    frames: [frame],
    culprit: frame,
    registers: registersOf(registers),
    code: codeOf(code),
  });
  return (await explain(report, { disassembler })).sentence;
}

describe("from instruction and registers", () => {
  const read = [
    "BUG: kernel NULL pointer dereference, address: 00000010",
    "#PF: supervisor read access in kernel mode",
    "#PF: error_code(0x0000) - not-present page",
  ];

  it("tells a member of a structure", async () => {
    expect(await sentenceOf("90 <8b> 42 10", "EDX: 00000000 CR2: 00000010", read)).toBe(
      "`foo_read()` read 4 bytes at address 0x10: a member 0x10 bytes into a structure whose pointer (in %edx) is NULL.",
    );
  });

  it("tells the pointer itself", async () => {
    const write = [
      "BUG: kernel NULL pointer dereference, address: 00000000",
      "#PF: supervisor write access in kernel mode",
      "#PF: error_code(0x0002) - not-present page",
    ];
    expect(await sentenceOf("90 <88> 02", "EDX: 00000000 CR2: 00000000", write)).toBe(
      "`foo_read()` wrote 1 byte to address 0x0: the pointer (in %edx) is NULL.",
    );
  });

  it("tells an element of an array", async () => {
    // mov (%edx,%ecx,4),%eax
    expect(
      await sentenceOf("90 <8b> 04 8a", "EDX: 00000000 ECX: 00000004 CR2: 00000010", read),
    ).toContain("it is element 0x4 (in %ecx) of an array whose pointer (in %edx) is NULL");
  });

  it("tells an error code that was used as a pointer", async () => {
    expect(await sentenceOf("90 <8b> 42 1c", "EDX: fffffff4 CR2: 00000010", read)).toContain(
      "the pointer (0xfffffff4, in %edx) is ERR_PTR(-ENOMEM)",
    );
  });

  it("tells a call through a NULL pointer", async () => {
    const jump = [
      "BUG: kernel NULL pointer dereference, address: 00000000",
      "#PF: supervisor instruction fetch in kernel mode",
      "#PF: error_code(0x0010) - not-present page",
    ];
    expect(await sentenceOf("90 <90>", "EIP: 00000000 CR2: 00000000", jump)).toBe(
      "`foo_read()` called through a function pointer that was NULL: there is no code to execute there.",
    );
  });

  it("says only what the address shows where there is no code", async () => {
    const frame = frameOf("foo_read+0x10/0x40 [foo]", { role: "instruction" });
    const report = reportOf({
      kind: "null-dereference",
      text: read,
      frames: [frame],
      culprit: frame,
    });
    expect((await explain(report)).sentence).toBe(
      "`foo_read()` read from address 0x10: so close to 0 it is no address but an offset from a NULL pointer, such as that of a structure's member.",
    );
  });
});

const clangMissing = await run("clang-16", ["--version"]).then(
  () => undefined,
  () => "clang-16 is missing",
);

const SOURCE = `
struct gadget { long a, b; struct gadget *next; };
extern struct gadget *find_gadget(int id);
extern void log_gadget(void);
struct gadget *current_gadget;

long from_variable(void) { return current_gadget->b; }
long from_first(struct gadget *g) { return g->b; }
long from_second(int id, struct gadget *g) { log_gadget(); return g->b + id; }
long from_call(int id) { return find_gadget(id)->b; }
long from_member(struct gadget *g) { return g->next->b; }
long from_either(struct gadget *g, int which)
{
	struct gadget *p = which ? g : find_gadget(which);
	log_gadget();
	return p->b;
}

static __attribute__((noinline)) void set_gadget(struct gadget *g, int b)
{
	*(volatile long *)&g->b = b;
}
static __attribute__((noinline)) long prepare_gadget(struct gadget *g) { set_gadget(g, 42); return 0; }
long start_gadget(void)
{
	struct gadget *g = 0;
	asm("" : "+r"(g));	/* hides the NULL from the compiler */
	return prepare_gadget(g);
}
`;

describe.skipIf(clangMissing !== undefined)(
  `from the function's code${clangMissing ? ` (${clangMissing})` : ""}`,
  () => {
    async function compile(bits: 32 | 64): Promise<TestModule> {
      const path = join(folder, "gadget.c");
      await writeFile(path, SOURCE);
      const output = join(folder, "gadget.o");
      const kernel = bits === 32 ? ["-mregparm=3"] : ["-mcmodel=kernel", "-mno-red-zone"];
      const flags = [
        "-c",
        "-g",
        "-O2",
        "-ffreestanding",
        "-fno-pic",
        "-fno-omit-frame-pointer",
        "-fno-optimize-sibling-calls",
      ];
      await run("clang-16", [...flags, `-m${bits}`, ...kernel, "-o", output, path]);
      return { name: "gadget", file: await readFile(output), sources: new Map([[path, SOURCE]]) };
    }

    async function sentenceAt(module: TestModule, name: string, bits: 32 | 64): Promise<string> {
      const member = bits === 32 ? 4 : 8;
      // The load or addition that reads the member b.
      const at = frameAtInstruction(
        module,
        disassembler,
        name,
        new RegExp(`^(?:mov|add) +0x${member}\\(%\\w+\\),%\\w+$`),
      );
      const registers = new Map(
        ["ax", "bx", "cx", "dx", "si", "di", "bp"].map((register) => [
          `${bits === 32 ? "e" : "r"}${register}`,
          0n,
        ]),
      );
      const report = reportOf({
        kind: "null-dereference",
        arch: bits === 32 ? "i386" : "x86-64",
        text: ["BUG: kernel NULL pointer dereference"],
        frames: [at.frame],
        culprit: at.frame,
        registers: registers.set("cr2", BigInt(member)),
        code: { bytes: at.code, trapOffset: at.trapOffset, text: "" },
      });
      return (await explain(report, contextOf(module, disassembler))).sentence;
    }

    for (const bits of [32, 64] as const) {
      it(`follows the pointer into the callers, and reads the file for a report without bytes, ${bits} bits`, async () => {
        const module = await compile(bits);
        const member = bits === 32 ? 4 : 8;
        const { frame } = frameAtInstruction(
          module,
          disassembler,
          "set_gadget",
          new RegExp(`^mov\\w? +\\$0x2a,0x${member}\\(`),
        );
        const callers = [
          frameBehindInstruction(module, disassembler, "prepare_gadget", /^call/),
          frameBehindInstruction(module, disassembler, "start_gadget", /^call/),
        ];
        const registers = ["ax", "cx", "dx", "di"].map((register): [string, bigint] => [
          `${bits === 32 ? "e" : "r"}${register}`,
          0n,
        ]);
        const report = reportOf({
          kind: "null-dereference",
          arch: bits === 32 ? "i386" : "x86-64",
          text: [
            `BUG: kernel NULL pointer dereference, address: ${member.toString(16).padStart(bits / 4, "0")}`,
            "#PF: supervisor write access in kernel mode",
            "#PF: error_code(0x0002) - not-present page",
          ],
          frames: [frame, ...callers],
          culprit: frame,
          // What an attempt to read the code bytes leaves in CR2.
          registers: new Map([...registers, ["cr2", 0xc780ffe9n]]),
        });
        const { sentence } = await explain(report, contextOf(module, disassembler));
        expect(sentence).toContain(
          `\`set_gadget()\` wrote ${member} bytes to address 0x${member}: a member`,
        );
        expect(sentence).toContain(
          "is NULL; it was handed down from `start_gadget()`, where it is set to NULL.",
        );
      });
      it(`follows the pointer to where it came from, ${bits} bits`, async () => {
        const module = await compile(bits);
        const origin = async (name: string): Promise<string | undefined> =>
          (await sentenceAt(module, name, bits)).split("; ")[1];
        expect(await origin("from_variable")).toBe(
          "it was loaded from the variable `current_gadget`.",
        );
        expect(await origin("from_first")).toBe("it is the first argument of `from_first()`.");
        expect(await origin("from_second")).toBe("it is the second argument of `from_second()`.");
        expect(await origin("from_call")).toBe("it is what `find_gadget()` returned.");
        expect(await origin("from_member")).toMatch(
          /^it was loaded from offset 0x(8|10) of the structure that %\w+ points to\.$/,
        );
        expect(await origin("from_either")).toBeUndefined();
      });
    }
  },
);
