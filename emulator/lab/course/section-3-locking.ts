import {
  exits,
  freezes,
  helloIsGone,
  helloIsLoaded,
  kernelSays,
  prints,
  printsLines,
  tellsHolder,
} from "./checks.js";
import { type CourseSection, rescue, type } from "./section.js";

const NOTE = "hello_write() keeps the lock";

export const section3: CourseSection = {
  id: "3-locking",
  number: 3,
  title: "Locking",
  introduction:
    "The same module without the spin_unlock() in hello_write(). The next hello_read() " +
    "spins for a lock that never comes free, and with it the machine.",
  steps: [
    type("The module of section 2, with one edit", "cd ~/3-locking", [exits(0), helloIsGone]),
    type("The edit", "cat missing-unlock.patch", [
      exits(0),
      printsLines(/^-\tspin_unlock\(&hello_lock\);$/),
    ]),
    type("A note, to see what becomes of it", `echo '${NOTE}' > note.txt`, [exits(0)]),
    type("Load the module", "sudo insmod ./hello.ko", [
      exits(0),
      helloIsLoaded,
      kernelSays(/^hello: loaded/),
    ]),
    type("write() returns, read() never does", "./a.out", [
      freezes("spinning-on-lock"),
      tellsHolder("hello_lock", "hello_write", "hello_read"),
      prints("wrote 6 bytes\n"),
      kernelSays(/^hello: opened by a\.out/),
    ]),
    rescue("No reboot: back to the checkpoint", "uptime", [exits(0), helloIsGone]),
    type("The files are as they were left", "cat ~/3-locking/note.txt", [
      exits(0),
      prints(`${NOTE}\n`),
    ]),
  ],
};
