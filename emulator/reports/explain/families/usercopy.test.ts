import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Disassembler, icedDisassembler } from "../../disassembly/index.js";
import { type Explanation, explain } from "../index.js";
import { contextOf, frameBehindCall, type TestModule } from "../test-support/compiled.js";
import { frameOf, reportOf } from "../test-support/report.js";

const run = promisify(execFile);
const NULL_DESTINATION =
  "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!";

let disassembler: Disassembler;
let folder: string;

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("iced-x86/iced_x86_bg.wasm");
  disassembler = await icedDisassembler(await WebAssembly.compile(await readFile(path)));
  folder = await mkdtemp(join(tmpdir(), "kspace-usercopy-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function explainWrite(
  module: TestModule,
  caller: string,
  message = NULL_DESTINATION,
): Promise<Explanation> {
  const frame = frameBehindCall(module, caller, "__check_object_size");
  const report = reportOf({ kind: "usercopy", message, frames: [frame], culprit: frame });
  return explain(report, contextOf(module, disassembler));
}

describe("section 4 of the course", () => {
  it("finds the line, the pointer, and that nothing ever sets it", async () => {
    const archive = parseTar(gunzipSync(await readFile("images/i686/course.tar.gz")));
    const home = archive.filter(({ name }) => name.includes("/4-debugging/"));
    const file = home.find(({ name }) => name.endsWith("/hello.ko"))?.data ?? new Uint8Array();
    const sources = new Map(
      home.map(({ name, data }) => [`/${name.replace(/^\//, "")}`, new TextDecoder().decode(data)]),
    );
    const source = sources.get("/home/student/4-debugging/hello.c") ?? "";
    const lines = source.split("\n");
    const line = lines.findIndex((text) => text.includes("copy_from_user(hello_mem")) + 1;

    const { sentence, evidence } = await explainWrite(
      { name: "hello", file, sources },
      "hello_write",
    );
    expect(sentence).toBe(
      `\`hello_write()\` passed a NULL destination to \`copy_from_user()\` (hello.c:${line}), and the hardened usercopy check stopped it before 6 bytes were written; \`hello_mem\` was never allocated: nothing in hello.ko ever stores to it.`,
    );
    expect(evidence).toContain(`hello.c:${line}: ${lines[line - 1]?.trim()}`);
    expect(evidence.at(-1)).toContain("// hello_mem = kmalloc(HELLO_MEMSIZ, GFP_KERNEL);");
  });
});

/** What uaccess.h makes of copy_from_user() under CONFIG_HARDENED_USERCOPY, in short. */
const HEADER = `
extern void __check_object_size(const void *ptr, unsigned long n, _Bool to_user);
extern unsigned long _copy_from_user(void *to, const void *from, unsigned long n);
extern void *allocate(unsigned long n);
extern void lend(void *p);
static inline __attribute__((always_inline)) unsigned long
copy_from_user(void *to, const void *from, unsigned long n)
{
	__check_object_size(to, n, 0);
	return _copy_from_user(to, from, n);
}
`;

const WRITE = `
long gadget_write(void *file, const void *buf, unsigned long count)
{
	return copy_from_user(
		(void *)gadget_store,	/* where it goes */
		buf, count);
}
`;

const clangMissing = await run("clang-16", ["--version"]).then(
  () => undefined,
  () => "clang-16 is missing",
);

describe.skipIf(clangMissing !== undefined)(
  `modules of another name${clangMissing ? ` (${clangMissing})` : ""}`,
  () => {
    async function compile(source: string, bits: 32 | 64): Promise<TestModule> {
      const path = join(folder, "gadget.c");
      const text = HEADER + source;
      await writeFile(path, text);
      const output = join(folder, "gadget.o");
      const flags = ["-c", "-g", "-O2", "-ffreestanding", "-fno-pic", `-m${bits}`, "-o", output];
      const kernel = bits === 32 ? ["-mregparm=3"] : ["-mcmodel=kernel", "-mno-red-zone"];
      await run("clang-16", [...flags, ...kernel, path]);
      return { name: "gadget", file: await readFile(output), sources: new Map([[path, text]]) };
    }

    for (const bits of [32, 64] as const) {
      it(`names a static pointer that nothing sets, ${bits} bits`, async () => {
        const module = await compile(`static char *gadget_store;${WRITE}`, bits);
        const { sentence } = await explainWrite(module, "gadget_write");
        expect(sentence).toMatch(
          /^`gadget_write\(\)` passed a NULL destination to `copy_from_user\(\)` \(gadget\.c:\d+\)/,
        );
        expect(sentence).toContain(
          "`gadget_store` was never allocated: nothing in gadget.ko ever stores to it.",
        );
      });

      it(`names a pointer in memory that nothing sets, ${bits} bits`, async () => {
        const module = await compile(`char *gadget_store;${WRITE}`, bits);
        const { sentence, evidence } = await explainWrite(module, "gadget_write");
        expect(sentence).toContain(
          "`gadget_store` was never allocated: nothing in gadget.ko ever stores to it.",
        );
        expect(evidence).toContain(
          "No instruction of gadget.ko stores to `gadget_store`, and none takes its address.",
        );
      });

      it(`says where a pointer is set that was NULL all the same, ${bits} bits`, async () => {
        const module = await compile(
          `static char *gadget_store;${WRITE} void gadget_open(void) { gadget_store = allocate(64); }`,
          bits,
        );
        const { sentence, evidence } = await explainWrite(module, "gadget_write");
        expect(sentence).not.toContain("never");
        expect(sentence).toContain("the pointer was loaded from `gadget_store`");
        expect(evidence).toContain("In gadget.ko `gadget_open()` can set `gadget_store`.");
      });

      it(`does not say "never" when the address is taken, ${bits} bits`, async () => {
        for (const use of [
          "void gadget_open(void) { lend(&gadget_store); }",
          "char **gadget_table[] = { &gadget_store };",
        ]) {
          const module = await compile(`static char *gadget_store;${WRITE}${use}`, bits);
          const { sentence } = await explainWrite(module, "gadget_write");
          expect(sentence).not.toContain("never");
        }
      });

      it(`says nothing of a pointer that was handed in, ${bits} bits`, async () => {
        const module = await compile(
          `static char *gadget_store;
long gadget_write(void *gadget_store, const void *buf, unsigned long count)
{
	return copy_from_user(gadget_store, buf, count);
}
void *keep(void) { return gadget_store; }`,
          bits,
        );
        const { sentence } = await explainWrite(module, "gadget_write");
        expect(sentence).toMatch(/before 6 bytes were written\.$/);
      });
    }

    it("explains the other things that the check stops without looking for a variable", async () => {
      const module = await compile(`static char *gadget_store;${WRITE}`, 32);
      const { sentence } = await explainWrite(
        module,
        "gadget_write",
        "usercopy: Kernel memory overwrite attempt detected to SLUB object 'kmalloc-64' (offset 60, size 6)!",
      );
      expect(sentence).toContain("from byte 60 on into an object of the slab cache `kmalloc-64`");
      expect(sentence).not.toContain("gadget_store");
    });
  },
);

describe("from the text alone", () => {
  const culprit = frameOf("foo_read+0x35/0x60 [foo]");
  async function sentenceOf(message: string): Promise<string> {
    return (await explain(reportOf({ kind: "usercopy", message, culprit, frames: [culprit] })))
      .sentence;
  }

  it("reads the course's own trace", async () => {
    expect(await sentenceOf(NULL_DESTINATION)).toBe(
      "`foo_read()` passed a NULL destination to `copy_from_user()`, and the hardened usercopy check stopped it before 6 bytes were written.",
    );
  });

  it("reads the form of kernels before 4.16", async () => {
    expect(
      await sentenceOf(
        "usercopy: kernel memory exposure attempt detected from           (null) (<null>) (1 bytes)",
      ),
    ).toBe(
      "`foo_read()` passed a NULL source to `copy_to_user()`, and the hardened usercopy check stopped it before 1 byte was read.",
    );
  });

  it("tells kmalloc(0) from NULL", async () => {
    expect(
      await sentenceOf(
        "usercopy: Kernel memory exposure attempt detected from null address (offset 16, size 8)!",
      ),
    ).toContain("passed what kmalloc(0) returns as the source");
  });
});
