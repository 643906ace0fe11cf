import {
  exits,
  helloIsGone,
  helloIsLoaded,
  kernelSays,
  oopses,
  prints,
  printsLines,
} from "./checks.js";
import { type CourseSection, rescue, type } from "./section.js";

/** mm/usercopy.c, usercopy_abort(); the address is shown as "null" and not as a number. */
const USERCOPY =
  "usercopy: Kernel memory overwrite attempt detected to null address (offset 0, size 6)!";
/** A frame of the trace: the offset and the size depend on the compiler. */
const HELLO_WRITE = /(^|\] | )hello_write\+0x[0-9a-f]+\/0x[0-9a-f]+ \[hello\]$/;

export const section4: CourseSection = {
  id: "4-debugging",
  number: 4,
  title: "Debugging",
  introduction:
    "The same module without the kmalloc() in hello_init(): hello_write() passes a null " +
    "hello_mem to copy_from_user(). The kernel notices, says so, and kills the program.",
  steps: [
    type("The module of section 2, with another edit", "cd ~/4-debugging", [exits(0), helloIsGone]),
    type("The edit", "cat missing-kmalloc.patch", [
      exits(0),
      printsLines(/^-\thello_mem = kmalloc\(HELLO_MEMSIZ, GFP_KERNEL\);$/),
    ]),
    type("Load the module", "sudo insmod ./hello.ko", [
      exits(0),
      helloIsLoaded,
      kernelSays(/^hello: loaded/),
    ]),
    type("write() runs into the null pointer", "./a.out", [
      oopses(USERCOPY),
      prints(""),
      kernelSays(new RegExp(`^${escapeRegExp(USERCOPY)}$`), HELLO_WRITE),
    ]),
    type("The kernel's report, with the trace through hello_write()", "dmesg | tail -n 30", [
      exits(0),
      printsLines(HELLO_WRITE),
      helloIsLoaded,
    ]),
    rescue("The kernel is not to be trusted now: back to the checkpoint", "lsmod", [
      exits(0),
      helloIsGone,
    ]),
  ],
};

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
