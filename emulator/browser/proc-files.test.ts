import { describe, expect, it } from "vitest";
import { parseModuleInodes, parseModulesAndMisc } from "./proc-files.js";

// Lines as a Debian kernel with its many modules prints them, and as readers without CAP_SYSLOG
// see them: all addresses are 0.
const LISTING = `hello 16384 1 - Live 0xc7824000 (O)
snd_pcm 159744 2 snd_hda_intel,snd_hda_codec, Live 0x00000000
autofs4 53248 2 - Live 0xffffffffc0a3b000
bridge 311296 1 br_netfilter,[permanent], Live 0xffffffffc0b00000
stuck 12288 - - Loading 0xc7830000 (OE)
leaving 12288 0 - Unloading 0xc7838000 (O-)
127 hello
  1 psaux
235 vga_arbiter
`;

describe("/proc/modules and /proc/misc", () => {
  it("are told apart", () => {
    const { modules, devices } = parseModulesAndMisc(LISTING);
    expect(modules.map(({ name, size, usedBy }) => [name, size, usedBy])).toEqual([
      ["hello", 16384, []],
      ["snd_pcm", 159744, ["snd_hda_intel", "snd_hda_codec"]],
      ["autofs4", 53248, []],
      ["bridge", 311296, ["br_netfilter"]],
      ["stuck", 12288, []],
    ]);
    expect(devices).toEqual(["hello", "psaux", "vga_arbiter"]);
  });

  it("may be empty", () => {
    expect(parseModulesAndMisc("")).toEqual({ modules: [], devices: [] });
  });
});

describe("inodes of modules", () => {
  it("are read by name", () => {
    const listing = "   3464 /sys/module/hello\n    12 /sys/module/other_one\nls: no such\n";
    expect(Object.fromEntries(parseModuleInodes(listing))).toEqual({
      hello: "3464",
      other_one: "12",
    });
  });
});
