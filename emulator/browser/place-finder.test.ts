import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import { describe, expect, it, vi } from "vitest";
import { KernelSymbols } from "../lab/index.js";
import { IMAGES_FOLDER } from "../node/image-source.js";
import { type ModuleCode, PlaceFinder } from "./place-finder.js";

const SYMBOLS = new KernelSymbols(`c1000000 T _stext
c1000000 T startup_32
c1200000 T __lock_text_start
c1200000 T _raw_spin_lock
c1300000 T _etext
`);

async function moduleFile(): Promise<Uint8Array> {
  const archive = gunzipSync(await readFile(join(IMAGES_FOLDER, "i686/course.tar.gz")));
  const entry = parseTar(archive).find(({ name }) => name === "home/student/2-fops/hello.ko");
  if (entry?.data === undefined) throw new Error("The course has no 2-fops/hello.ko.");
  return entry.data;
}

/** As /proc/modules had it for 2-fops/hello.ko. */
function module(file: Uint8Array | undefined): ModuleCode {
  return { name: "hello", address: 0xc7824000, size: 16384, file };
}

async function loaded(modules: readonly ModuleCode[] = []): Promise<PlaceFinder> {
  const places = new PlaceFinder(
    async () => SYMBOLS,
    () => modules,
  );
  const changed = new Promise<void>((resolve) => {
    places.onChange(resolve);
  });
  places.load();
  await changed;
  return places;
}

describe("PlaceFinder", () => {
  it("names functions of the kernel, and not the marks of its sections", async () => {
    const places = await loaded();
    expect(places.find(0xc1200012)).toBe("_raw_spin_lock+0x12");
    expect(places.find(0xd0000000)).toBe("0xd0000000");
  });

  // The addresses are what /proc/kallsyms of the guest said: hello_read at c7824000, hello_write
  // at c7824090, hello_open at c7824110.
  it("names functions of a loaded module by its file", async () => {
    const places = await loaded([module(await moduleFile())]);
    expect(places.find(0xc7824000)).toBe("hello_read+0x0 [hello]");
    expect(places.find(0xc7824095)).toBe("hello_write+0x5 [hello]");
    expect(places.find(0xc7824110)).toBe("hello_open+0x0 [hello]");
    // Behind its code there is its data.
    expect(places.find(0xc7826010)).toBe("hello+0x2010");
  });

  it("names at least the module without its file, or with one that is damaged", async () => {
    expect((await loaded([module(undefined)])).find(0xc7824095)).toBe("hello+0x95");
    const damaged = module(Uint8Array.of(0x7f, 0x45));
    expect((await loaded([damaged])).find(0xc7824095)).toBe("hello+0x95");
  });

  it("downloads symbols once, when asked, and again only after a while", async () => {
    const read = vi.fn(async (): Promise<KernelSymbols> => {
      throw new Error("offline");
    });
    const places = new PlaceFinder(read, () => []);
    expect(places.find(0xc1200012)).toBeUndefined();
    expect(read).not.toHaveBeenCalled();
    places.load();
    places.load();
    await new Promise((resolve) => setImmediate(resolve));
    places.load();
    expect(read).toHaveBeenCalledTimes(1);
    expect(places.find(0xc1200012)).toBeUndefined();
  });
});
