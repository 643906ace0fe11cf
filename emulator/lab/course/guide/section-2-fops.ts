import { section2 } from "../section-2-fops.js";
import {
  deviceUserPrints,
  either,
  isImpliedBy,
  isRead,
  moduleIsBuilt,
  moduleIsLoaded,
  moduleIsUnloaded,
  shellIsIn,
} from "./checks.js";
import { type GuideSection, paths } from "./step.js";

const { id, number, title } = section2;
const places = paths(id);
const { folder, source, module } = places;

export const guideSection2: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Files",
  introduction:
    "To a program a device is a file. `hello.c`, now a copy of `hello-fops.c`, gives its device " +
    "`open`, `read` and `write` of its own, so that the kernel's memory behind it can be written " +
    "and read.",
  conclusion:
    "The system calls were the ordinary ones, and so was the program. Which code they led to was " +
    "decided by the table of functions behind the open file.",
  ...places,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text: "`hello.ko` and the test program `a.out` are built already, from `hello.c` and `hello-test.c`.",
      action: { kind: "type", to: "shell", line: "cd ~/2-fops" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    {
      id: "source",
      title: "Find out who answers a system call",
      text:
        "`hello_fops` says which function answers which call. `hello_write()` fetches the program's " +
        "bytes with `copy_from_user()`, `hello_read()` hands them back with `copy_to_user()`.",
      action: {
        kind: "show",
        path: source,
        at: "static const struct file_operations hello_fops",
      },
      hint: "At the terminal: `cat hello.c`. What calls it is in `hello-test.c`.",
      check: isRead(
        [source, `${folder}/hello-fops.c`],
        /\bhello_(fops|read|write|init)\b|SPDX-License/,
      ),
    },
    {
      id: "build",
      title: "Build it yourself",
      text:
        "A module is built by the kernel's own rules (kbuild), for one kernel and its configuration. " +
        "The compiler is clang; it runs in this page, beside the machine, and is fetched for the " +
        "first build.",
      action: { kind: "build", folder },
      hint:
        "At the terminal: `make clean; make`, since a built module lies here already, and `make` alone " +
        "sees that it is no older than its source.",
      check: moduleIsBuilt(places),
    },
    {
      id: "load",
      title: "Load the module",
      text: "As before, `hello_init()` allocates the memory and registers the device, this time with `hello_fops`.",
      action: { kind: "type", to: "shell", line: "sudo insmod ./hello.ko" },
      hint: "“File exists” means that a module of this name is loaded: `sudo rmmod hello` first.",
      needs: ["built", "no-other-module"],
      check: moduleIsLoaded(module),
    },
    {
      id: "run",
      title: "Use the device like any file",
      text:
        "`a.out` opens `/dev/hello`, writes 6 bytes (`hello` and its NUL) and reads them back. Each " +
        "`write()` enters the kernel, where `vfs_write()` calls `hello_write()`.",
      action: { kind: "type", to: "shell", line: "./a.out" },
      hint: "`hello_open()` tells who opened the device: it runs on behalf of that program.",
      needs: ["module"],
      check: deviceUserPrints(module, "read 6 bytes: hello"),
    },
    {
      id: "unload",
      title: "Unload the module",
      text: "`hello_exit()` frees the memory, and with it goes the message. Nobody may have the device open by then.",
      action: { kind: "type", to: "shell", line: "sudo rmmod hello" },
      hint: "Try `cat /dev/hello` before and after.",
      needs: ["module"],
      check: moduleIsUnloaded(module),
    },
  ],
};
