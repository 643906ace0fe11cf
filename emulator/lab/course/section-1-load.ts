import { exits, helloIsGone, helloIsLoaded, kernelSays, printsLines } from "./checks.js";
import { type CourseSection, type } from "./section.js";

const LOADED = /hello: loaded: \/dev\/hello is there, with 4096 bytes of memory$/;
const UNLOADED = /hello: unloaded$/;

export const section1: CourseSection = {
  id: "1-load",
  number: 1,
  title: "Loading and unloading a module",
  introduction:
    "hello.c, a copy of hello-kmalloc.c, is the simplest module that does something: " +
    "while it is loaded there is a device /dev/hello, with some memory of the kernel's.",
  steps: [
    type("hello.ko is built here already", "cd ~/1-load", [exits(0), helloIsGone]),
    type("Load the module: the kernel runs hello_init()", "sudo insmod ./hello.ko", [
      exits(0),
      helloIsLoaded,
      kernelSays(LOADED),
    ]),
    type("hello_init() has registered a device", "ls -l /dev/hello", [
      exits(0),
      printsLines(/^c\S+ .* \/dev\/hello$/),
    ]),
    type("Unload it: the kernel runs hello_exit()", "sudo rmmod hello", [
      exits(0),
      helloIsGone,
      kernelSays(UNLOADED),
    ]),
    type("What the two have printed", "dmesg | tail", [exits(0), printsLines(LOADED, UNLOADED)]),
  ],
};
