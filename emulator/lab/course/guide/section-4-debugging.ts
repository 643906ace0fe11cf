import { section4 } from "../section-4-debugging.js";
import {
  either,
  gdbIsLeft,
  gdbPrints,
  gdbReads,
  isImpliedBy,
  isRescuedAfter,
  logIsPrinted,
  shellIsIn,
  usercopyIsReported,
} from "./checks.js";
import { breakingSteps, mendingSteps } from "./edit-steps.js";
import { missingKmalloc } from "./missing-kmalloc.js";
import { type GuideSection, PLACE, paths } from "./step.js";

const { id, number, title } = section4;
const places = paths(id);
const { folder, module } = places;

export const guideSection4: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Debug",
  introduction:
    "This time you let `hello_init()` allocate no memory. The kernel notices when `hello_mem` is " +
    "about to be written to, kills the program and reports what it was doing. From that report you " +
    "find the line at fault, as if you did not know it.",
  conclusion:
    "`hello_write()` passes a null `hello_mem` to `copy_from_user()`. The trace named the " +
    "function and an offset, gdb and the module's debug information turned that into a line.",
  ...places,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text: "`hello.c` is the source of section 2 once more, and the test program is the same.",
      action: { kind: "type", to: "shell", line: "cd ~/4-debugging" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    ...breakingSteps(places, missingKmalloc, {
      remove: {
        title: "Take the allocation out",
        text:
          "In `hello_init()`, make the `kmalloc()` a comment (`//`), and the test of its result below " +
          "it as well, since that would end `hello_init()` with an error. `hello_mem` is static, so it " +
          "stays `NULL`.",
        hint:
          "Three lines in all. At the terminal `vi hello.c` does, too, or `patch < " +
          "missing-kmalloc.patch`.",
      },
      build:
        "It is built without a word: for the compiler `hello_mem` is a pointer like any other.",
      load: "The device is registered as before. That the memory is missing, nobody asks yet.",
    }),
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
    ...mendingSteps(places, missingKmalloc, "oops", {
      mend: {
        title: "Put the allocation back",
        text:
          "The report is gone with the kernel that wrote it; it stays in the page for you to read. " +
          "Your `hello.c` is as you left it.",
        hint: "The editor's undo (Ctrl-Z) does, too. At the terminal: `patch -R < missing-kmalloc.patch`.",
      },
      rebuild: "`hello.ko` has the mistake until it is built of the source as it is now.",
      reload: "`hello_init()` gets its memory first, and registers the device only then.",
      works: {
        text: "`copy_from_user()` has a place to write to, and the message comes back.",
        hint: "Should it die again: which module is loaded, and what was it built of?",
      },
    }),
  ],
};
