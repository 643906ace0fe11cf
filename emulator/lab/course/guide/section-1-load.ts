import { section1 } from "../section-1-load.js";
import {
  deviceIsListed,
  either,
  isImpliedBy,
  isRead,
  logIsPrinted,
  moduleIsLoaded,
  moduleIsUnloaded,
  shellIsIn,
} from "./checks.js";
import { type GuideSection, paths } from "./step.js";

const { id, number, title } = section1;
const places = paths(id);
const { folder, source, module } = places;

export const guideSection1: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Load",
  introduction:
    "A module is code that a running kernel takes in and lets go of again. This one does the " +
    "least that can be seen from outside: while it is loaded there is a device, `/dev/hello`, " +
    "with a piece of the kernel's memory behind it.",
  conclusion:
    "Code of yours has run inside the kernel and left it without a trace, since `hello_exit()` " +
    "undid all that `hello_init()` had done. No reboot was needed for either.",
  ...places,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text:
        "`hello.c` is a copy of `hello-kmalloc.c`. `hello.ko` is built from it already: an object " +
        "file, with places that the kernel itself fills in when it loads it.",
      action: { kind: "type", to: "shell", line: "cd ~/1-load" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    {
      id: "source",
      title: "Read the module's source",
      text:
        "`module_init()` names the function that the kernel calls when it loads the module, " +
        "`module_exit()` the one that it calls before it lets the module go.",
      action: { kind: "show", path: source, at: "static int __init hello_init(" },
      hint: "Read `hello_init()` and `hello_exit()`. At the terminal: `cat hello.c`.",
      check: isRead(
        [source, `${folder}/hello-kmalloc.c`],
        /\bhello_(init|exit)\b|kmalloc|SPDX-License/,
      ),
    },
    {
      id: "load",
      title: "Load it",
      text:
        "`insmod` hands the file to the kernel, which links it to itself and calls " +
        "`hello_init()`: that takes `HELLO_MEMSIZ` bytes with `kmalloc()` and registers a misc " +
        "device.",
      action: { kind: "type", to: "shell", line: "sudo insmod ./hello.ko" },
      hint:
        "Only root may change the kernel, hence `sudo`. Lines that begin with a number in brackets " +
        "are the kernel's own; that the module “taints” it only says that the module is not part " +
        "of the kernel's source.",
      needs: ["built", "no-other-module"],
      check: moduleIsLoaded(module),
    },
    {
      id: "device",
      title: "Find its device",
      text:
        "`misc_register()` has made `/dev/hello`, a character device (`c`). 10 is the number that " +
        "all misc devices share, the second number is this one's own.",
      action: { kind: "type", to: "shell", line: "ls -l /dev/hello" },
      hint: "“No such file” means that the module is not loaded: do the step before again.",
      needs: ["module"],
      check: deviceIsListed(module),
    },
    {
      id: "unload",
      title: "Unload it",
      text:
        "The kernel calls `hello_exit()`, which undoes in reverse what `hello_init()` did: the " +
        "device goes, then `kfree()` gives the memory back.",
      action: { kind: "type", to: "shell", line: "sudo rmmod hello" },
      hint: "`rmmod` takes the name of a module, as `lsmod` shows it, and not a file.",
      needs: ["module"],
      check: moduleIsUnloaded(module),
    },
    {
      id: "log",
      title: "Read what the two functions printed",
      text:
        "`pr_info()` writes to the kernel's log, a buffer in its memory. `dmesg` prints that " +
        "buffer, whether or not somebody watched the console.",
      action: { kind: "type", to: "shell", line: "dmesg | tail" },
      hint: "The number in brackets is the time since the kernel started, in seconds.",
      check: logIsPrinted(/(^|\] )hello: unloaded$/, ({ guest }) => guest.lastFile === module),
    },
  ],
};
