import { describe, expect, it } from "vitest";
import { relativeToKernelTree } from "./kernel-tree-path.js";

describe("relativeToKernelTree", () => {
  it.each([
    ["/usr/src/linux-source-6.1/./include/linux/list.h", "include/linux/list.h"],
    ["/usr/src/linux-source-6.1/arch/x86/kernel/head_32.S", "arch/x86/kernel/head_32.S"],
    ["/usr/src/linux-source-6.1/kernel/sched/../locking/mutex.c", "kernel/locking/mutex.c"],
    ["/build/linux-RZ3hX0/linux-4.19.98/fs/read_write.c", "fs/read_write.c"],
    ["/usr/src/debug/kernel-5.10.7/linux-5.10.7-200.fc33.x86_64/mm/slub.c", "mm/slub.c"],
    ["/syzkaller/managers/upstream/kernel/kernel/fork.c", "kernel/fork.c"],
    ["/home/me/kernel/linux/net/core/dev.c", "net/core/dev.c"],
    ["/b/f/w/common/include/linux/sched.h", "include/linux/sched.h"],
    ["/b/f/w/common/arch/x86/mm/fault.c", "arch/x86/mm/fault.c"],
    ["./include/linux/uaccess.h", "include/linux/uaccess.h"],
    ["fs/open.c", "fs/open.c"],
  ])("shortens %s", (path, expected) => {
    expect(relativeToKernelTree(path)).toBe(expected);
  });

  it.each([
    "/root/hello.c",
    "/home/student/kernel/hello.c",
    "/home/student/drivers/hello.c",
    "/usr/src/hello-1.0/hello.c",
    "/home/linux/hello/lib/hello.c",
    "/usr/include/stdio.h",
    "??",
  ])("leaves %s", (path) => {
    expect(relativeToKernelTree(path)).toBe(path);
  });
});
