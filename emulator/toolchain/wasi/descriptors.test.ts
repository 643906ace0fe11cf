import { type Fd, wasi } from "@bjorn3/browser_wasi_shim";
import { expect, test } from "vitest";
import { Output, RootFolder } from "./descriptors.js";
import { absolutePath, FileLayer, normalPath } from "./file-layer.js";
import { ProgramFiles } from "./program-files.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);
const given = new FileLayer([
  ["/tree/include/linux/module.h", bytes("module")],
  ["/src/hello.c", bytes("hello")],
]);
const WRITE = BigInt(wasi.RIGHTS_FD_WRITE);
const CREATE = wasi.OFLAGS_CREAT;

function program(): { files: ProgramFiles; root: Fd } {
  const files = new ProgramFiles({
    layers: [given],
    folders: ["/tmp"],
    elsewhere: new Set(["/tree/include/net/sock.h"]),
    writeLimit: 1000,
  });
  return { files, root: new RootFolder(files) };
}

function open(folder: Fd, path: string, oflags = 0, rights = 0n): Fd {
  const { ret, fd_obj } = folder.path_open(0, path, oflags, rights, 0n, 0);
  if (fd_obj === null) throw new Error(`errno ${ret}`);
  return fd_obj;
}

test.each([
  ["a//b/./c", "/a/b/c"],
  ["/a/../../b", "/b"],
  ["", "/"],
  ["x/..", "/"],
])("the path %j is %j", (path, normal) => {
  expect(normalPath(path)).toBe(normal);
});

test("paths are made absolute without looking at what is there", () => {
  expect(absolutePath("/home/student", "hello.c")).toBe("/home/student/hello.c");
  expect(absolutePath("/home/student", ".././x//y.c")).toBe("/home/x/y.c");
  expect(absolutePath("/home/student", "/tmp/")).toBe("/tmp");
  expect(absolutePath("/", "../..")).toBe("/");
});

test("reads what it was given, by any name of it", () => {
  const { root } = program();
  const include = open(root, "tree/include");
  for (const path of ["linux/module.h", "./linux//module.h", "../include/linux/module.h"]) {
    const file = open(include, path);
    expect(text(file.fd_read(4).data)).toBe("modu");
    expect(text(file.fd_read(100).data)).toBe("le");
    expect(file.fd_read(1).data).toHaveLength(0);
    expect(text(file.fd_pread(2, 1n).data)).toBe("od");
  }
  const one = root.path_filestat_get(0, "tree/include/linux/module.h").filestat;
  const other = include.path_filestat_get(0, "linux/module.h").filestat;
  expect(one?.ino).toBe(other?.ino);
  expect(one?.ino).not.toBe(root.path_filestat_get(0, "src/hello.c").filestat?.ino);
  expect(one?.size).toBe(6n);
});

test("a file that is renamed while it is open gets what is written to it later", () => {
  const { files, root } = program();
  const file = open(root, "tmp/hello-1234.o.tmp", CREATE, WRITE);
  file.fd_write(bytes("first "));
  const { inode_obj: inode } = root.path_unlink("tmp/hello-1234.o.tmp");
  expect(inode).not.toBeNull();
  if (inode !== null) expect(root.path_link("src/hello.o", inode, true)).toBe(0);
  file.fd_write(bytes("second"));
  expect(text(files.read("/src/hello.o"))).toBe("first second");
  expect(files.find("/tmp/hello-1234.o.tmp")).toBeUndefined();
  expect(files.names("/src")).toEqual(["hello.c", "hello.o"]);
});

test("what it was given stays as it is, whatever a program does to it", () => {
  const { files, root } = program();
  expect(root.path_open(0, "src/hello.c", 0, WRITE, 0n, 0).ret).toBe(wasi.ERRNO_ACCES);
  open(root, "src/hello.c", CREATE | wasi.OFLAGS_TRUNC, WRITE).fd_write(bytes("other"));
  expect(text(files.read("/src/hello.c"))).toBe("other");
  expect(root.path_unlink_file("tree/include/linux/module.h")).toBe(0);
  expect(files.find("/tree/include/linux/module.h")).toBeUndefined();
  const next = program();
  expect(text(next.files.read("/src/hello.c"))).toBe("hello");
  expect(text(next.files.read("/tree/include/linux/module.h"))).toBe("module");
});

test("writes here and there, cuts and seeks like POSIX", () => {
  const { files, root } = program();
  const file = open(root, "tmp/a", CREATE, WRITE);
  file.fd_pwrite(bytes("end"), 5n);
  expect(file.fd_seek(-2n, wasi.WHENCE_END).offset).toBe(6n);
  file.fd_write(bytes("E"));
  expect(file.fd_tell().offset).toBe(7n);
  expect(text(files.read("/tmp/a"))).toBe("\0\0\0\0\0eEd");
  expect(file.fd_filestat_set_size(2n)).toBe(0);
  expect(file.fd_filestat_set_size(6n)).toBe(0);
  expect(text(files.read("/tmp/a"))).toBe("\0\0\0\0\0\0");
  expect(file.fd_seek(-1n, wasi.WHENCE_SET).ret).toBe(wasi.ERRNO_INVAL);
});

test("a program that writes too much is told that there is no space", () => {
  const { root } = program();
  const file = open(root, "tmp/a", CREATE, WRITE);
  expect(file.fd_write(new Uint8Array(900)).ret).toBe(0);
  expect(file.fd_write(new Uint8Array(101)).ret).toBe(wasi.ERRNO_NOSPC);
  expect(file.fd_filestat_set_size(0n)).toBe(0);
  expect(file.fd_pwrite(new Uint8Array(1000), 0n).ret).toBe(0);
});

test("says what it cannot do", () => {
  const { root } = program();
  const errno = (path: string, oflags = 0): number =>
    root.path_open(0, path, oflags, 0n, 0n, 0).ret;
  expect(errno("src/none.c")).toBe(wasi.ERRNO_NOENT);
  expect(errno("none/new.c", CREATE)).toBe(wasi.ERRNO_NOENT);
  expect(errno("src/hello.c/new.c", CREATE)).toBe(wasi.ERRNO_NOTDIR);
  expect(errno("src/hello.c", CREATE | wasi.OFLAGS_EXCL)).toBe(wasi.ERRNO_EXIST);
  expect(errno("src/hello.c", wasi.OFLAGS_DIRECTORY)).toBe(wasi.ERRNO_NOTDIR);
  expect(root.path_remove_directory("src")).toBe(wasi.ERRNO_NOTEMPTY);
  expect(root.path_unlink_file("src")).toBe(wasi.ERRNO_ISDIR);
  expect(root.path_create_directory("src")).toBe(wasi.ERRNO_EXIST);
});

test("lists a folder", () => {
  const { root } = program();
  root.path_create_directory("src/sub");
  const folder = open(root, "src");
  const names: string[] = [];
  for (let cookie = 0n; ; cookie++) {
    const { dirent } = folder.fd_readdir_single(cookie);
    if (dirent === null) break;
    names.push(
      `${dirent.d_type === wasi.FILETYPE_DIRECTORY ? "folder" : "file"} ${text(dirent.dir_name)}`,
    );
  }
  expect(names).toEqual(["file hello.c", "folder sub"]);
});

test("remembers which files elsewhere were looked for", () => {
  const { files, root } = program();
  root.path_filestat_get(0, "src/net/sock.h");
  expect(files.missed).toEqual([]);
  root.path_filestat_get(0, "tree/include/net/sock.h");
  root.path_open(0, "tree/include/../include/net/sock.h", 0, 0n, 0n, 0);
  expect(files.missed).toEqual(["/tree/include/net/sock.h"]);
});

test("output is kept up to its limit, and a character may come in two pieces", () => {
  const output = new Output(6);
  const euro = bytes("a€b");
  output.fd_write(euro.subarray(0, 2));
  output.fd_write(euro.subarray(2));
  expect(output.text).toBe("a€b");
  expect(output.fd_write(bytes("more")).nwritten).toBe(4);
  expect(output.text).toBe("a€bm");
  expect(output.dropped).toBe(3);
});
