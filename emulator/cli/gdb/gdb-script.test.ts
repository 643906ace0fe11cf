import { expect, it } from "vitest";
import { gdbScript } from "./gdb-script.js";

const parts = {
  vmlinux: "/cache/vmlinux-1",
  entryFrames: "/cache/entry-frames-1",
  folders: [["/usr/src/linux-source-6.1", "/cache/source"]] as const,
  sourceFolders: ["/home/me/my module"],
  modules: [
    {
      file: "/home/me/my module/hello.ko",
      sections: [
        { name: ".data", address: 0xc782601cn },
        { name: ".text", address: 0xc7824000n },
      ],
    },
  ],
  host: "127.0.0.1",
  port: 1234,
};

it("sets gdb up, with the text's address in front of the other sections", () => {
  expect(gdbScript(parts).split("\n")).toEqual([
    "file /cache/vmlinux-1",
    "add-symbol-file /cache/entry-frames-1",
    "set substitute-path /usr/src/linux-source-6.1 /cache/source",
    'directory "/home/me/my module"',
    "set can-use-hw-watchpoints 0",
    "target remote 127.0.0.1:1234",
    'add-symbol-file "/home/me/my module/hello.ko" 0xc7824000 -s .data 0xc782601c',
    "define hookpost-monitor",
    "maintenance flush register-cache",
    "end",
    'echo The guest stands still: "continue" lets it run, Ctrl-C stops it, "monitor help" tells more.\\n',
    "",
  ]);
});

it("quotes what gdb would take for more than a name", () => {
  const script = gdbScript({ ...parts, modules: [], vmlinux: '/tmp/"a" \\b/vmlinux' });
  expect(script.split("\n")[0]).toBe('file "/tmp/\\"a\\" \\\\b/vmlinux"');
});
