import { section3 } from "../section-3-locking.js";
import {
  after,
  either,
  freezeIsExplained,
  isImpliedBy,
  isRescuedAfter,
  machineFreezesWith,
  moduleIsUnloaded,
  shellIsIn,
} from "./checks.js";
import { breakingSteps, mendingSteps } from "./edit-steps.js";
import { missingUnlock } from "./missing-unlock.js";
import { type GuideSection, paths } from "./step.js";

const { id, number, title } = section3;
const places = paths(id);
const { folder, module } = places;

export const guideSection3: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Locking",
  introduction:
    "`hello_lock` is taken around every access to `hello_mem`, so that a reader sees a whole " +
    "message or none of it. You take one line away, and `hello_write()` never gives the lock back. " +
    "On a machine of your own the next read would cost you a reboot.",
  conclusion:
    "A spinlock waits by trying again, with nothing else running on its CPU. Whoever leaves a " +
    "function by any path must have given it back on that path.",
  ...places,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text: "`hello.c` is the source of section 2, and the test program is the same. No module is built of it here.",
      action: { kind: "type", to: "shell", line: "cd ~/3-locking" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    ...breakingSteps(places, missingUnlock, {
      remove: {
        title: "Take the unlock away",
        text:
          "Delete the line `spin_unlock(&hello_lock);` at the end of `hello_write()`. What you write " +
          "in the editor is saved by itself.",
        hint:
          "It is the last line before `return`; the one in `hello_read()` stays. At the terminal `vi " +
          "hello.c` does, too, or `patch < missing-unlock.patch`.",
      },
      build:
        "The compiler has nothing to say: that a lock is to be given back is no rule of C. One " +
        "`write()` would not show the mistake either.",
      load: "Nothing is wrong yet: `hello_init()` takes no lock.",
    }),
    {
      id: "freeze",
      title: "Freeze the machine",
      text:
        "`write()` returns and keeps the lock. Then `hello_read()` spins in `spin_lock()` for what " +
        "nobody can give back, and since the kernel does not preempt itself here, nothing else " +
        "runs any more.",
      action: { kind: "type", to: "shell", line: "./a.out" },
      hint: "Type something: no echo comes. The page looks at the CPU from outside, and says where it is.",
      needs: ["module"],
      check: machineFreezesWith(module),
    },
    {
      id: "why",
      title: "Read why it is frozen",
      text:
        "A frozen machine of your own says nothing. This one is opened up from outside: at which of " +
        "your lines `hello_lock` was acquired and by whom, and at which one it is waited for. The " +
        "first line has no `spin_unlock()` that belongs to it.",
      action: { kind: "explain" },
      hint: "It stands among the reports of the kernel's pane. Each place and each frame of the stack opens its line in the editor.",
      check: either(freezeIsExplained(module), isImpliedBy("rescue")),
    },
    {
      id: "rescue",
      title: "Rescue it",
      text:
        "No key gets through any more. What helps without a reboot is a snapshot: memory and CPU as " +
        "they were at a moment before.",
      action: { kind: "rescue" },
      hint: "The button above does the same, and so does the key F8.",
      check: isRescuedAfter("freeze"),
    },
    ...mendingSteps(places, missingUnlock, "freeze", {
      mend: {
        title: "Put the line back",
        text:
          "The kernel knows nothing of the last minutes, but your files lie outside of the machine and " +
          "are as you left them: `hello.c` without its line, and the module that was built of it.",
        hint:
          "The editor's undo (Ctrl-Z) brings the line back. At the terminal: `patch -R < " +
          "missing-unlock.patch`.",
      },
      rebuild: "`hello.ko` still has the mistake until it is built of the source as it is now.",
      reload: "The snapshot is from before the first load, so no module is in the way.",
      works: {
        text: "`hello_write()` gives the lock back, `hello_read()` gets it, and the message comes back.",
        hint: "Should it freeze again: which module is loaded, and what was it built of?",
      },
    }),
    {
      id: "unload",
      title: "Unload it",
      text: "Nobody holds its lock or has its device open, so nothing keeps it in the kernel.",
      action: { kind: "type", to: "shell", line: "sudo rmmod hello" },
      hint: "`lsmod` shows what is loaded, and how many users it has.",
      needs: ["module"],
      check: after("works", moduleIsUnloaded(module)),
    },
  ],
};
