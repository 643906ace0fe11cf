import { beforeAll, describe, expect, it } from "vitest";
import { courseModules } from "../../debuginfo/test-support/tools.js";
import type { GuestModule } from "../../guest/index.js";
import { sectionsForGdb } from "./module-sections.js";

const CORE = 0xc7824000n;
const INIT = 0xc7900000n;

/** As the kernel shows a module when its init function has returned. */
const loaded: GuestModule = {
  address: CORE + 0x2000n,
  name: "hello",
  state: "live",
  regions: [{ kind: "core", base: CORE, bytes: 0x3000, textBytes: 0x1000 }],
  sections: [
    { name: ".text", address: CORE },
    { name: ".data", address: CORE + 0x1000n },
    { name: ".bss", address: CORE + 0x1800n },
    { name: ".init.text", address: INIT },
    { name: ".symtab", address: INIT + 0x1000n },
  ],
  symbols: [],
  missing: [],
};

describe("the sections of a module, for gdb", () => {
  let file: Uint8Array;
  beforeAll(async () => {
    file = (await courseModules()).get("2-fops/hello.ko") ?? new Uint8Array();
  });
  const places = (module: GuestModule) =>
    new Map(sectionsForGdb(file, module).map(({ name, address }) => [name, address]));

  it("are where the kernel has put them", () => {
    const found = places(loaded);
    expect(found.get(".text")).toBe(CORE);
    expect(found.get(".data")).toBe(CORE + 0x1000n);
    expect(found.get(".bss")).toBe(CORE + 0x1800n);
  });

  it("are out of the way when their memory has been freed", () => {
    expect(places(loaded).get(".init.text")).toBe(0xffff0000n);
    const coming: GuestModule = {
      ...loaded,
      state: "coming",
      regions: [...loaded.regions, { kind: "init", base: INIT, bytes: 0x2000, textBytes: 0x1000 }],
    };
    expect(places(coming).get(".init.text")).toBe(INIT);
  });

  it("are those of the file that take memory", () => {
    expect([...places(loaded).keys()]).not.toContain(".symtab");
    expect([...places(loaded).keys()]).not.toContain(".debug_info");
  });
});
