import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EM_X86_64, parseElf } from "../debuginfo/elf.js";
import type { ModuleSources } from "./kbuild/module-builder.js";
import { compileOptions, type KbuildRecipe } from "./kbuild/recipe.js";
import { Kcc } from "./kcc.js";
import { fetchedPacks, hasCompiler, kccProgram, readRecipe } from "./test-support/images.js";
import { courseModules, sampleModules, testModules } from "./test-support/module-sources.js";
import { NativeClang, whyNoNativeClang } from "./test-support/native-clang.js";
import { FileLayer } from "./wasi/file-layer.js";
import { ProgramFiles } from "./wasi/program-files.js";

/** Object files, byte for byte, against those that Debian's clang-16 makes here and now. */

const why = hasCompiler() ? whyNoNativeClang() : "the compiler was not built: npm run toolchain";
const recipe = readRecipe();

let kcc: Kcc;
let headers: readonly FileLayer[];
let native: NativeClang;

beforeAll(async () => {
  if (why) return;
  kcc = new Kcc(await kccProgram());
  headers = fetchedPacks(recipe.tree, "headers").layers;
  native = new NativeClang(recipe);
});

afterAll(() => native?.[Symbol.dispose]());

/** What our clang makes of the same, with the same options. */
async function compile(module: ModuleSources, by: KbuildRecipe): Promise<Buffer> {
  const { name, folder, sources, options = [] } = module;
  const [source = ""] = sources;
  const own = [...module.files].map(([path, bytes]) => [`${folder}/${path}`, bytes] as const);
  const files = new ProgramFiles({
    layers: [new FileLayer(own), ...headers],
    folders: ["/tmp", by.tree],
  });
  const object = "/tmp/out.o";
  const base = source.slice(0, -".c".length);
  const end = await kcc.clang(
    [
      ...[...compileOptions(by, base, name), ...options],
      ...["-c", "-o", object, `${folder}/${source}`],
    ],
    files,
    by.tree,
  );
  const bytes = files.read(object);
  if (bytes === undefined) throw new Error(`${end.outcome}: ${end.stderr}`);
  return Buffer.from(bytes);
}

describe.skipIf(why)(`As Debian's clang-16${why ? ` (skipped: ${why})` : ""}`, () => {
  test.each([...courseModules(), ...testModules(), ...sampleModules()])(
    "%s has the same object",
    async (_name, { sources }) => {
      expect((await compile(sources, recipe)).equals(native.compile(sources))).toBe(true);
    },
  );

  /** As kbuild compiles for x86-64: arch/x86/Makefile of Linux 6.1, and the top one. */
  const x64: KbuildRecipe = {
    tree: "/usr/src/linux-x86-64",
    compile: [
      ...["-nostdinc", "-D__KERNEL__", "--target=x86_64-linux-gnu", "-std=gnu11", "-O2"],
      ...["-fno-strict-aliasing", "-fno-common", "-mno-sse", "-mno-mmx", "-mno-80387", "-m64"],
      ...["-mstack-alignment=8", "-mno-red-zone", "-mcmodel=kernel", "-ffreestanding"],
      ...["-fno-asynchronous-unwind-tables", "-fno-omit-frame-pointer", "-g", "-gdwarf-5"],
    ],
    modpost: [],
    merge: ["-r", "-m", "elf_x86_64"],
    link: ["-r", "-m", "elf_x86_64", "--build-id=sha1"],
  };
  const source = `
    static unsigned long long total;
    struct point { long x, y; };
    unsigned long long divide(unsigned long long a, int b) { return total += a / b; }
    long area(const struct point *p, int n) {
      long sum = 0;
      for (int i = 0; i < n; i++) sum += p[i].x * p[(i + 1) % n].y;
      return sum;
    }
    const char *name(void) { return KBUILD_MODNAME; }
    void stop(void) { asm volatile("cli; hlt" ::: "memory"); }`;

  test("a recipe for x86-64 gives the same object", async () => {
    const module: ModuleSources = {
      name: "hello",
      folder: "/home/student",
      sources: ["hello.c"],
      files: new Map([["hello.c", new TextEncoder().encode(source)]]),
    };
    using native = new NativeClang(x64);
    const object = await compile(module, x64);
    expect(object.equals(native.compile(module))).toBe(true);
    expect(parseElf(object)).toMatchObject({ bits: 64, machine: EM_X86_64 });
    // The linker is for both, too.
    const files = new ProgramFiles({
      layers: [new FileLayer([["/src/hello.o", object]])],
    });
    const end = await kcc.lld([...x64.link, "-o", "/src/hello.ko", "hello.o"], files, "/src");
    expect(end).toMatchObject({ outcome: "exited", status: 0, stderr: "" });
    const linked = files.read("/src/hello.ko") ?? new Uint8Array();
    expect(parseElf(linked)).toMatchObject({ bits: 64, machine: EM_X86_64 });
  });
});
