import { section4 } from "../section-4-debugging.js";
import {
  either,
  gdbIsLeft,
  gdbPrints,
  gdbReads,
  isImpliedBy,
  isRead,
  isRescuedAfter,
  logIsPrinted,
  moduleIsLoaded,
  shellIsIn,
  usercopyIsReported,
} from "./checks.js";
import { type GuideSection, PLACE, paths } from "./step.js";

const { id, number, title } = section4;
const { folder, module } = paths(id);

export const guideSection4: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Debug",
  introduction:
    "This time `hello_init()` does not allocate `hello_mem`. The kernel notices when it is about " +
    "to be written to, kills the program and reports what it was doing. From that report you find " +
    "the line at fault.",
  conclusion:
    "`hello_write()` passes a null `hello_mem` to `copy_from_user()`. The trace named the " +
    "function and an offset, gdb and the module's debug information turned that into a line.",
  folder,
  module,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text: "The module of section 2 with another edit, and the same test program.",
      action: { kind: "type", to: "shell", line: "cd ~/4-debugging" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    {
      id: "edit",
      title: "Look at the edit",
      text:
        "The `kmalloc()` is a comment now, and so is the test of its result. `hello_mem` is static, " +
        "so it stays `NULL`.",
      action: {
        kind: "show",
        path: `${folder}/missing-kmalloc.patch`,
        at: "-\thello_mem = kmalloc(",
      },
      hint: "At the terminal: `cat missing-kmalloc.patch`.",
      check: isRead([`${folder}/missing-kmalloc.patch`], /^[-+]\t.*kmalloc\(HELLO_MEMSIZ/),
    },
    {
      id: "load",
      title: "Load the module",
      text: "The device is registered as before. That the memory is missing, nobody asks yet.",
      action: { kind: "type", to: "shell", line: "sudo insmod ./hello.ko" },
      hint: "“File exists” means that a module of this name is loaded: `sudo rmmod hello` first.",
      needs: ["no-other-module"],
      check: moduleIsLoaded(module),
    },
    {
      id: "oops",
      title: "Run into the null pointer",
      text:
        "`copy_from_user()` checks its destination first (`__check_object_size()`), and null is no " +
        "place to write to: the check ends in `BUG()`, an oops, and the program dies of " +
        "`Segmentation fault`.",
      action: { kind: "type", to: "shell", line: "./a.out" },
      hint: "The page shows the report as a card, too, beside the kernel's log.",
      needs: ["module"],
      check: usercopyIsReported(module, "hello_write"),
    },
    {
      id: "trace",
      title: "Read the kernel's report",
      text:
        "Below `Call Trace:` stand the functions that were under way, the innermost first. " +
        "`hello_write+0x…/0x… [hello]` is the only one of the module's.",
      action: { kind: "type", to: "shell", line: "dmesg | tail -n 30" },
      hint:
        "The first number is the offset into the function, the second one the function's size. " +
        "Frames marked with `?` may be left over from earlier calls.",
      on64Bit:
        "This guest is 32-bit: registers are called `EIP` and `EAX`, and the trace ends in " +
        "`entry_SYSENTER_32` or `entry_INT80_32`. On a 64-bit machine it says `RIP` and `RAX`, ends in " +
        "`do_syscall_64` and `entry_SYSCALL_64_after_hwframe`, and the offsets are other ones " +
        "(`hello_write+0x35/0x60`, for example). What leads to the line is the same.",
      check: logIsPrinted(
        /hello_write\+0x[0-9a-f]+\/0x[0-9a-f]+ \[hello\]$/,
        ({ guest }) => guest.lastFile === module,
      ),
    },
    {
      id: "gdb",
      title: "Start gdb on the module",
      text:
        "`hello.ko` holds debug information (DWARF): which instruction was made of which line. gdb " +
        "reads it from the file and needs neither the kernel nor the module to run. Its first start " +
        "takes a while: 7 MB are fetched.",
      action: { kind: "type", to: "shell", line: "gdb hello.ko --quiet" },
      hint: "`--quiet` leaves out its greeting. “Reading symbols” means that the debug information is there.",
      check: gdbReads(module),
    },
    {
      id: "list",
      title: "Ask for the line",
      text:
        "The offset of the trace is where the call returns to. gdb answers with the place in the " +
        "source, inside `copy_from_user()`: the compiler has put its body into `hello_write()`.",
      action: { kind: "type", to: "gdb", line: `l *(${PLACE})` },
      hint: "`l` is short for `list`; the `*` says that an address follows, and not a line.",
      needs: ["place"],
      check: gdbPrints(/^0x[0-9a-f]+ is in hello_write \(/),
    },
    {
      id: "quit",
      title: "Leave gdb",
      text: "The answer is found: `hello_write()` called `copy_from_user()` with a null `hello_mem`.",
      action: { kind: "type", to: "gdb", line: "quit" },
      hint: "`q` or Ctrl-D do, too.",
      check: gdbIsLeft(),
    },
    {
      id: "rescue",
      title: "Go back to a kernel that can be trusted",
      text:
        "The program died in the middle of `hello_write()` and holds `hello_lock` for good. After " +
        "an oops a real machine is rebooted; here a snapshot will do.",
      action: { kind: "rescue" },
      hint: "To see that the lock is held, run `./a.out` once more before: it is section 3's freeze again.",
      check: isRescuedAfter("oops"),
    },
  ],
};
