import { beforeEach, describe, expect, it } from "vitest";
import { FileTree } from "../files/index.js";
import { labFailure } from "./failure.js";
import { HomeFiles } from "./home-files.js";

const HOME = "/home/student";
const TEXT = new TextEncoder().encode("int x;\n");

let tree: FileTree;
let files: HomeFiles;

beforeEach(() => {
  tree = new FileTree();
  tree.writeFile("student/hello.c", TEXT, { mode: 0o600, uid: 1000, gid: 1000 });
  tree.writeFile("other/secret", TEXT);
  files = new HomeFiles(tree);
});

function codeOf(work: () => void): string | undefined {
  try {
    work();
  } catch (error) {
    return labFailure(error).code;
  }
  return undefined;
}

describe("in the user's home", () => {
  it("files are written, as the user's own, and keep their mode", () => {
    files.write(`${HOME}/new/deep/mine.bin`, Uint8Array.of(0, 1));
    files.write(`${HOME}/hello.c`, Uint8Array.of(2));
    expect(tree.readFile("student/new/deep/mine.bin")).toEqual(Uint8Array.of(0, 1));
    expect(tree.stat("student/new/deep/mine.bin")).toMatchObject({ uid: 1000, gid: 1000 });
    expect(tree.stat("student/new")).toMatchObject({ uid: 1000, gid: 1000 });
    expect(tree.stat("student/hello.c").mode & 0o777).toBe(0o600);
  });

  it("folders are made, once, and listed with what is in them", () => {
    files.makeFolder(`${HOME}/a/b`);
    files.makeFolder(`${HOME}/a/b`);
    expect(tree.stat("student/a")).toMatchObject({ kind: "directory", uid: 1000 });
    expect(files.list(HOME)).toEqual(["a/", "hello.c"]);
    expect(codeOf(() => files.makeFolder(`${HOME}/hello.c`))).toBe("ENOTDIR");
  });

  it("files and folders are moved, but never over others", () => {
    files.write(`${HOME}/dir/x`, TEXT);
    files.rename(`${HOME}/dir`, `${HOME}/moved`);
    expect(files.list(`${HOME}/moved`)).toEqual(["x"]);
    expect(codeOf(() => files.rename(`${HOME}/moved`, `${HOME}/hello.c`))).toBe("EEXIST");
    expect(codeOf(() => files.rename(`${HOME}/moved`, `${HOME}/moved/inside`))).toBe("EINVAL");
    expect(codeOf(() => files.rename(`${HOME}/none`, `${HOME}/some`))).toBe("ENOENT");
    files.rename(`${HOME}/hello.c`, `${HOME}/hello.c`);
    expect(tree.readFile("student/hello.c")).toEqual(TEXT);
  });

  it("files and folders are removed, with all that is in them", () => {
    files.write(`${HOME}/dir/sub/x`, TEXT);
    files.remove(`${HOME}/dir`);
    files.remove(`${HOME}/hello.c`);
    expect(files.list(HOME)).toEqual([]);
    expect(codeOf(() => files.remove(`${HOME}/hello.c`))).toBe("ENOENT");
  });
});

describe("elsewhere", () => {
  it.each([
    "/home/other/secret",
    "/home/student/../other/secret",
    "/home/student/./../other/secret",
    "/home/students",
    "/etc/passwd",
    "student/hello.c",
    "",
  ])("nothing is done to %j", (path) => {
    const inside = `${HOME}/hello.c`;
    expect(codeOf(() => files.write(path, TEXT))).toBe("refused");
    expect(codeOf(() => files.remove(path))).toBe("refused");
    expect(codeOf(() => files.rename(path, `${HOME}/x`))).toBe("refused");
    expect(codeOf(() => files.rename(inside, path))).toBe("refused");
    expect(codeOf(() => files.makeFolder(path))).toBe("refused");
    expect(codeOf(() => files.list(path))).toBe("refused");
  });

  it("the home itself stays", () => {
    expect(codeOf(() => files.remove(HOME))).toBe("refused");
    expect(codeOf(() => files.remove(`${HOME}/`))).toBe("refused");
    expect(codeOf(() => files.rename(HOME, `${HOME}/x`))).toBe("refused");
    expect(codeOf(() => files.rename(`${HOME}//`, `${HOME}/x`))).toBe("refused");
  });
});
