import { expect, it } from "vitest";
import { FileTree } from "../../files/index.js";
import { GuestFolder } from "./guest-folder.js";

const STUDENT = { pid: 7, uid: 1000, gid: 1000 };
const OTHER = { pid: 8, uid: 1001, gid: 1001 };
const ROOT = { pid: 9, uid: 0, gid: 0 };
const FOLDER = "/home/student/mine";

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function home(): FileTree {
  const files = new FileTree();
  const owner = { uid: 1000, gid: 1000 };
  files.writeFile("student/mine/a.c", text('#include "a.h"\n#include "../shared/s.h"\n'), owner);
  files.writeFile("student/mine/a.h", text("\n"), owner);
  files.writeFile("student/mine/secret.h", text("\n"), { ...owner, mode: 0o600 });
  files.writeFile("student/shared/s.h", text("\n"), owner);
  files.writeFile("student/include/i.h", text("\n"), owner);
  files.mkdir("root", { mode: 0o755 });
  files.mkdir("open", { mode: 0o777 });
  return files;
}

it("is one that the host sees, and that is there", () => {
  const files = home();
  expect(() => new GuestFolder(files, "/tmp", STUDENT)).toThrow(
    "/tmp: the compiler sees what is below /home",
  );
  expect(() => new GuestFolder(files, "/home/nobody", STUDENT)).toThrow(
    "/home/nobody: No such file or directory",
  );
  expect(() => new GuestFolder(files, `${FOLDER}/a.c`, STUDENT)).toThrow("Not a directory");
});

it("gives the compiler the sources, and what they include of anything below /home", async () => {
  const folder = new GuestFolder(home(), FOLDER, STUDENT);
  const files = await folder.collect(
    { sources: ["a.c"], options: ["-I../include", "-I/usr/include"] },
    FOLDER,
  );
  expect([...files.keys()]).toEqual(expect.arrayContaining(["a.c", "a.h", "secret.h"]));
  const elsewhere = [...files.keys()].filter((path) => path.startsWith("../"));
  expect(elsewhere.map((path) => folder.absolute(path))).toContain("/home/student/shared/s.h");
});

it("writes new files that belong to the user, also where one was", () => {
  const files = home();
  const before = files.stat("student/mine/a.h").number;
  const folder = new GuestFolder(files, FOLDER, STUDENT);
  folder.write("a.h", text("new\n"), 0o644);
  folder.write("a.out", text("program"), 0o755);
  expect(files.stat("student/mine/a.h").number).not.toBe(before);
  expect(files.stat("student/mine/a.out")).toMatchObject({ mode: 0o755, uid: 1000, gid: 1000 });
  new GuestFolder(files, FOLDER, ROOT).write("a.out", text("program"), 0o755);
  expect(files.stat("student/mine/a.out")).toMatchObject({ uid: 0, gid: 0 });
});

it("lets a user do what the modes allow", async () => {
  const files = home();
  const theirs = new GuestFolder(files, FOLDER, OTHER);
  expect(() => theirs.write("a.out", text(""), 0o755)).toThrow("a.out: Permission denied");
  expect(() => theirs.remove("a.c")).toThrow("a.c: Permission denied");
  await expect(theirs.read("secret.h")).rejects.toThrow("secret.h: Permission denied");
  expect(await theirs.read("a.h")).toEqual(text("\n"));
  expect(() => new GuestFolder(files, "/home/root", STUDENT).write("x", text(""), 0o644)).toThrow(
    "Permission denied",
  );
  new GuestFolder(files, "/home/open", OTHER).write("x", text(""), 0o644);
  expect(files.stat("open/x")).toMatchObject({ uid: 1001, gid: 1001 });
});

it("writes nowhere that the host does not see", () => {
  const folder = new GuestFolder(home(), FOLDER, ROOT);
  expect(() => folder.write("/tmp/a.out", text(""), 0o755)).toThrow("writes below /home alone");
  expect(() => folder.write("no/a.out", text(""), 0o755)).toThrow(
    "no/a.out: No such file or directory",
  );
  expect(() => folder.write("../mine", text(""), 0o755)).toThrow("../mine: Is a directory");
});

it("removes a link, and not what it leads to", () => {
  const files = home();
  files.symlink("student/mine/link.o", "a.c", { uid: 1000, gid: 1000 });
  new GuestFolder(files, FOLDER, STUDENT).remove("link.o");
  expect(files.list("student/mine")).toEqual(["a.c", "a.h", "secret.h"]);
});

it("tells when a file was written, to the nanosecond", () => {
  const files = new FileTree({ now: () => 1_700_000_000_123.5 });
  files.writeFile("x", text(""));
  const folder = new GuestFolder(files, "/home", ROOT);
  expect(folder.modified("x")).toBe(1_700_000_000_123_500_000n);
  folder.setModified("x", 1_600_000_000_000_000_001n);
  expect(folder.modified("x")).toBe(1_600_000_000_000_000_001n);
  expect(folder.modified("y")).toBeUndefined();
});
