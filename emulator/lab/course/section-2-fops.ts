import { exits, helloIsGone, helloIsLoaded, kernelSays, prints } from "./checks.js";
import { type CourseSection, type } from "./section.js";

export const section2: CourseSection = {
  id: "2-fops",
  number: 2,
  title: "The file abstraction",
  introduction:
    "hello.c, now a copy of hello-fops.c, gives the device its own open, read and write. " +
    "a.out, compiled from hello-test.c, writes 6 bytes and reads them back.",
  steps: [
    type("hello.ko and a.out are built here already", "cd ~/2-fops", [exits(0), helloIsGone]),
    type("Load the module", "sudo insmod ./hello.ko", [
      exits(0),
      helloIsLoaded,
      kernelSays(/^hello: loaded/),
    ]),
    type("Use the device like any file", "./a.out", [
      exits(0),
      prints("wrote 6 bytes\nread 6 bytes: hello\n"),
      kernelSays(/^hello: opened by a\.out \(pid \d+\)$/),
    ]),
    type("Unload it", "sudo rmmod hello", [exits(0), helloIsGone, kernelSays(/^hello: unloaded$/)]),
  ],
};
