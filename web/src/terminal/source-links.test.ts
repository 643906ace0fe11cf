import { describe, expect, it } from "vitest";
import { findSourceLinks, folderOfPrompt, resolveSourceLink } from "./source-links.js";

describe("links in a line", () => {
  it.each([
    ["hello.c:57", [["hello.c", 57, 1]]],
    ["./hello.c:57:3: error: expected ';'", [["./hello.c", 57, 3]]],
    [
      "0xa5 is in hello_write (/home/student/4-debugging/hello.c:81).",
      [["/home/student/4-debugging/hello.c", 81, 1]],
    ],
    ["  copy_from_user() include/linux/uaccess.h:161:6", [["include/linux/uaccess.h", 161, 6]]],
    ["kernel BUG at mm/usercopy.c:101!", [["mm/usercopy.c", 101, 1]]],
    [
      "WARNING: CPU: 0 PID: 41 at kernel/softirq.c:375 __local_bh+0x1/0x2",
      [["kernel/softirq.c", 375, 1]],
    ],
    ["arch/x86/entry/entry_32.S:867", [["arch/x86/entry/entry_32.S", 867, 1]]],
    [
      "a.c:1 b.h:2",
      [
        ["a.c", 1, 1],
        ["b.h", 2, 1],
      ],
    ],
    ["../3-locking/hello-fops.c:9", [["../3-locking/hello-fops.c", 9, 1]]],
  ])("%s", (line, expected) => {
    expect(findSourceLinks(line).map(({ path, line, column }) => [path, line, column])).toEqual(
      expected,
    );
    for (const { start, end, path, line: number } of findSourceLinks(line)) {
      expect(line.slice(start, end).startsWith(`${path}:${number}`)).toBe(true);
    }
  });

  it.each([
    "hello.c",
    "hello.c:",
    "hello.c:0",
    "hello.c: In function 'hello_init':",
    "127.0.0.1:80",
    "hello.cpp:5",
    "[    2.555924] hello: loaded",
    "12:34:56",
    "-rw-r--r-- 1 student student 100 hello.c",
    "",
  ])("none in %j", (line) => {
    expect(findSourceLinks(line)).toEqual([]);
  });

  // Looking on from each of its places would take longer than a test may.
  it("none in a line of a million characters", () => {
    const line = "a/".repeat(400_000) + "-".repeat(400_000);
    expect(findSourceLinks(line)).toEqual([]);
  });
});

describe("the prompt's folder", () => {
  it.each([
    ["student@kspace:~$ ", "/home/student"],
    ["student@kspace:~/3-locking$ gcc hello.c", "/home/student/3-locking"],
    ["student@kspace:/tmp$ ls", "/tmp"],
    ["root@kspace:/etc# cat motd", "/etc"],
    ["hello.c:57", undefined],
    ["echo a@b:~$ ", undefined],
  ])("%s", (line, folder) => {
    expect(folderOfPrompt(line)).toBe(folder);
  });
});

describe("where a link leads", () => {
  it.each([
    ["hello.c:57", "/home/student/2-fops", "/home/student/2-fops/hello.c"],
    ["./hello.c:57", "/home/student/2-fops", "/home/student/2-fops/hello.c"],
    ["../1-load/hello.c:57", "/home/student/2-fops", "/home/student/1-load/hello.c"],
    ["~/2-fops/hello.c:57", "/tmp", "/home/student/2-fops/hello.c"],
    ["/home/student/hello.c:57", "/tmp", "/home/student/hello.c"],
    ["hello.c:57", undefined, "/home/student/hello.c"],
    ["include/linux/uaccess.h:161", "/home/student", "include/linux/uaccess.h"],
    ["./include/linux/uaccess.h:161", "/home/student", "./include/linux/uaccess.h"],
    ["/usr/src/linux-source-6.1/mm/slub.c:3", "/tmp", "/usr/src/linux-source-6.1/mm/slub.c"],
  ])("%s in %s", (text, folder, path) => {
    const [link] = findSourceLinks(text);
    expect(link && resolveSourceLink(link, folder).path).toBe(path);
  });
});
