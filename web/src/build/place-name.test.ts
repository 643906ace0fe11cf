import { expect, it } from "vitest";
import { placeName } from "./place-name.js";

it.each([
  ["/home/student/3-locking/hello.c", "hello.c:57:3"],
  ["/home/student/3-locking/sub/ring.h", "sub/ring.h:57:3"],
  ["/home/student/2-fops/hello.c", "~/2-fops/hello.c:57:3"],
  ["./include/linux/spinlock.h", "include/linux/spinlock.h:57:3"],
  ["/usr/src/linux-source-6.1/include/linux/slab.h", "include/linux/slab.h:57:3"],
  ["/usr/include/stdio.h", "/usr/include/stdio.h:57:3"],
])("%s", (path, name) => {
  expect(placeName({ path, line: 57, column: 3 }, "/home/student/3-locking")).toBe(name);
});
