import { section3 } from "../section-3-locking.js";
import {
  either,
  fileIsSeenAfter,
  fileIsWritten,
  freezeIsExplained,
  isImpliedBy,
  isRead,
  isRescuedAfter,
  machineFreezesWith,
  moduleIsLoaded,
  shellIsIn,
} from "./checks.js";
import { type GuideSection, paths } from "./step.js";

const { id, number, title } = section3;
const { folder, module } = paths(id);
const NOTE = `${folder}/note.txt`;

export const guideSection3: GuideSection = {
  id,
  number,
  title,
  shortTitle: "Locking",
  introduction:
    "`hello_lock` is taken around every access to `hello_mem`, so that a reader sees a whole " +
    "message or none of it. Here `hello_write()` takes the lock and never gives it back. On a " +
    "machine of your own the next read would cost you a reboot.",
  conclusion:
    "A spinlock waits by trying again, with nothing else running on its CPU. Whoever leaves a " +
    "function by any path must have given it back on that path.",
  folder,
  module,
  steps: [
    {
      id: "go",
      title: "Go to the section's folder",
      text: "The module of section 2 with one line less, and the same test program.",
      action: { kind: "type", to: "shell", line: "cd ~/3-locking" },
      hint: "The prompt shows where you are. `ls` lists what lies there.",
      check: either(shellIsIn(folder), isImpliedBy("load")),
    },
    {
      id: "edit",
      title: "Look at the edit",
      text:
        "The `spin_unlock()` at the end of `hello_write()` is gone. It is a mistake that compilers " +
        "say nothing about, and one `write()` does not show it either.",
      action: {
        kind: "show",
        path: `${folder}/missing-unlock.patch`,
        at: "-\tspin_unlock(&hello_lock);",
      },
      hint: "At the terminal: `cat missing-unlock.patch`.",
      check: isRead([`${folder}/missing-unlock.patch`], /^[-+]\t?.*spin_unlock\(&hello_lock\)/),
    },
    {
      id: "note",
      title: "Leave yourself a note",
      text: "A file, to see later what becomes of it when the machine has to be brought back.",
      action: {
        kind: "type",
        to: "shell",
        line: "echo 'hello_write() keeps the lock' > note.txt",
      },
      hint: "Any text does, but the file is to be `note.txt` in this section's folder.",
      check: fileIsWritten(NOTE),
    },
    {
      id: "load",
      title: "Load the module",
      text: "Nothing is wrong yet: `hello_init()` takes no lock.",
      action: { kind: "type", to: "shell", line: "sudo insmod ./hello.ko" },
      hint: "“File exists” means that a module of this name is loaded: `sudo rmmod hello` first.",
      needs: ["no-other-module"],
      check: moduleIsLoaded(module),
    },
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
        "A frozen machine of your own says nothing. This one is opened up from outside: at which " +
        "line `hello_lock` was acquired and by whom, and at which line it is waited for. The " +
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
    {
      id: "survived",
      title: "See that your files are still there",
      text:
        "The kernel knows nothing of the last minutes, but your files lie outside of the machine and " +
        "are as you left them.",
      action: { kind: "type", to: "shell", line: "cat ~/3-locking/note.txt" },
      hint: "The shell is where it was at the snapshot, so name the file by its whole path.",
      check: fileIsSeenAfter("rescue", NOTE),
    },
  ],
};
