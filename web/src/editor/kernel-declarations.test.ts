import { beforeEach, describe, expect, it } from "vitest";
import { KernelDeclarations } from "./kernel-declarations.js";

const PATH = "/home/student/2-fops/hello.c";
const SOURCE = "#include <linux/slab.h>\n#include <asm/io.h>\nint hello_open(int a)\n{\n}\n";

let files: Map<string, string>;
let asked: string[];
let failure: Error | undefined;
let declarations: KernelDeclarations;

beforeEach(() => {
  files = new Map([
    ["include/linux/slab.h", "#include <linux/gfp.h>\nvoid kfree(const void *p);\n"],
    ["include/linux/gfp.h", "#include <linux/slab.h>\nvoid free_page(unsigned long p);\n"],
    ["arch/x86/include/asm/io.h", "void outb(u8 v, u16 port);\n"],
  ]);
  asked = [];
  failure = undefined;
  declarations = new KernelDeclarations({
    readSource: async (path) => {
      asked.push(path);
      if (failure !== undefined) throw failure;
      return files.get(path);
    },
  });
});

const find = (name: string) => declarations.find(name, SOURCE, PATH);

describe("a name's declaration", () => {
  it("is in the source itself, in what that includes, or in what those include", async () => {
    expect(await find("hello_open")).toMatchObject({ path: PATH, line: 3 });
    expect(asked).toEqual([]);
    expect(await find("kfree")).toEqual({
      path: "include/linux/slab.h",
      line: 2,
      text: "void kfree(const void *p)",
    });
    expect(await find("outb")).toMatchObject({ path: "arch/x86/include/asm/io.h" });
    expect(await find("free_page")).toMatchObject({ path: "include/linux/gfp.h", line: 2 });
    expect(await find("nothing")).toBeUndefined();
  });

  it("is looked for in headers that are read once", async () => {
    await find("free_page");
    const before = asked.length;
    await find("outb");
    await find("nothing");
    expect(asked.length).toBe(before);
  });

  it("is looked for again when a header did not come", async () => {
    failure = new Error("The network is gone.");
    await expect(find("kfree")).rejects.toThrow("The network is gone.");
    failure = undefined;
    expect(await find("kfree")).toBeDefined();
  });
});
