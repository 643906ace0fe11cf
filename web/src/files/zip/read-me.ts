import type { FolderParts } from "./made-makefile.js";

interface ReadMeOptions extends FolderParts {
  /** Of the folder. */
  readonly name: string;
  /** As `uname -r` prints it in the lab. */
  readonly kernelRelease: string | undefined;
  /** What the folder's Makefile builds is not known: it is the user's own. */
  readonly hasOwnMakefile: boolean;
}

/** How to build and load the folder's modules on a Linux machine, in lines of a terminal's width. */
export function readMe(options: ReadMeOptions): string {
  const { name, modules, programs, kernelRelease, hasOwnMakefile } = options;
  const paragraphs = [
    `${name}: sources out of kspace, a kernel-space programming lab in a browser.`,
    kernelRelease === undefined
      ? ""
      : `In the lab they ran on a 32-bit Linux ${kernelRelease}. Kernels of other versions may\n` +
        "name some functions differently; the compiler says where.",
  ];
  if (modules.length > 0) {
    paragraphs.push(
      "A module with an error can take the whole machine down, and what is not saved\n" +
        "with it. Use a virtual machine, or one that you may restart.",
      "To build it, a Linux machine needs make, a C compiler and the headers of its\n" +
        "kernel. On Debian and Ubuntu:",
      "    sudo apt install build-essential linux-headers-$(uname -r)",
      "Then, in this folder:",
    );
  } else {
    paragraphs.push("To build it, with make and a C compiler, in this folder:");
  }
  const commands = ["make"];
  if (hasOwnMakefile) {
    commands.push(...programs.map((program) => `gcc -Wall -o ${program} ${program}.c`));
  }
  const module = modules.includes("hello") ? "hello" : modules[0];
  if (module !== undefined) commands.push(`sudo insmod ./${module}.ko`);
  commands.push(...programs.map((program) => `${module === undefined ? "" : "sudo "}./${program}`));
  if (module !== undefined) {
    commands.push(`sudo rmmod ${module.replaceAll("-", "_")}`, "sudo dmesg | tail");
  }
  paragraphs.push(commands.map((command) => `    ${command}`).join("\n"));
  if (modules.length > 1 && !hasOwnMakefile) {
    paragraphs.push(
      `The Makefile builds each of ${modules.map((each) => `${each}.ko`).join(", ")}.`,
    );
  }
  if (module !== undefined) {
    paragraphs.push("`make KDIR=/path/to/linux` builds for another kernel than the one that runs.");
  }
  return `${paragraphs.filter((each) => each !== "").join("\n\n")}\n`;
}
