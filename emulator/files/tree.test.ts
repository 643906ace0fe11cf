import { describe, expect, test } from "vitest";
import type { TreeChange } from "./changes.js";
import { FileError } from "./errors.js";
import { FileTree } from "./tree.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

function codeOf(operation: () => unknown): string {
  try {
    operation();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return "nothing thrown";
}

describe("files by path", () => {
  test("what is written is read, and directories are made on the way", () => {
    const tree = new FileTree();
    tree.writeFile("/home/user/hello.c", bytes("int main;\n"), { uid: 1000, gid: 1001 });
    expect(text(tree.readFile("home//user/./hello.c"))).toBe("int main;\n");
    expect(tree.stat("/home/user")).toMatchObject({ kind: "directory", mode: 0o755, uid: 1000 });
    expect(tree.stat("/home/user/hello.c")).toMatchObject({ kind: "file", mode: 0o644, gid: 1001 });
    expect(tree.list("/home")).toEqual(["user"]);
  });

  test("the bytes given are copied", () => {
    const tree = new FileTree();
    const given = bytes("before");
    tree.writeFile("f", given);
    given.fill(0);
    tree.readFile("f").fill(0);
    expect(text(tree.readFile("f"))).toBe("before");
  });

  test("writing again keeps the file and what is not given", () => {
    const tree = new FileTree();
    tree.writeFile("run.sh", bytes("a"), { mode: 0o755, uid: 5 });
    const before = tree.stat("run.sh");
    tree.writeFile("run.sh", bytes("bb"));
    expect(tree.stat("run.sh")).toMatchObject({ number: before.number, mode: 0o755, uid: 5 });
    tree.writeFile("run.sh", bytes("bb"), { mode: 0o700 });
    expect(tree.stat("run.sh")).toMatchObject({ mode: 0o700, uid: 5 });
  });

  test("directories: made again without harm, listed, walked, removed", () => {
    const tree = new FileTree();
    tree.mkdir("a/b", { mode: 0o700 });
    tree.mkdir("a/b", { mode: 0o777 });
    tree.writeFile("a/b/2", bytes("2"));
    tree.writeFile("a/1", bytes("1"));
    expect(tree.stat("a").mode).toBe(0o755);
    expect(tree.stat("a/b").mode).toBe(0o700);
    expect([...tree.walk("a")].map(({ path }) => path)).toEqual(["/a", "/a/1", "/a/b", "/a/b/2"]);
    expect(codeOf(() => tree.remove("a"))).toBe("ENOTEMPTY");
    tree.remove("a", { recursive: true });
    expect(tree.exists("a")).toBe(false);
    expect(tree.usage).toMatchObject({ bytes: 0, entries: 0 });
  });

  test("renaming moves, and replaces as rename(2) does", () => {
    const tree = new FileTree();
    tree.writeFile("d/old", bytes("old"));
    tree.writeFile("new", bytes("new"));
    tree.rename("new", "d/old");
    expect(tree.list("/")).toEqual(["d"]);
    expect(text(tree.readFile("d/old"))).toBe("new");
    tree.mkdir("e/f");
    expect(codeOf(() => tree.rename("e", "e/f/g"))).toBe("EINVAL");
    expect(codeOf(() => tree.rename("e", "d/old"))).toBe("ENOTDIR");
    expect(codeOf(() => tree.rename("d/old", "e"))).toBe("EISDIR");
    expect(codeOf(() => tree.rename("d", "e"))).toBe("ENOTEMPTY");
    tree.rename("d", "e/f");
    expect([...tree.walk()].map(({ path }) => path)).toEqual(["/", "/e", "/e/f", "/e/f/old"]);
  });

  test("links are made and read, not followed", () => {
    const tree = new FileTree();
    tree.mkdir("real");
    tree.symlink("link", "/etc/passwd");
    tree.symlink("dir", "real");
    expect(tree.readLink("link")).toBe("/etc/passwd");
    expect(tree.stat("link")).toMatchObject({ kind: "symlink", size: 11, mode: 0o777 });
    expect(codeOf(() => tree.writeFile("dir/x", bytes("")))).toBe("ELOOP");
    expect(codeOf(() => tree.writeFile("link", bytes("")))).toBe("EINVAL");
    expect(codeOf(() => tree.readLink("real"))).toBe("EINVAL");
  });

  test("errors say by their code what is wrong, and carry the path", () => {
    const tree = new FileTree();
    tree.writeFile("file", bytes("x"));
    expect(codeOf(() => tree.readFile("none"))).toBe("ENOENT");
    expect(codeOf(() => tree.readFile("/"))).toBe("EISDIR");
    expect(codeOf(() => tree.writeFile("/", bytes("")))).toBe("EISDIR");
    expect(codeOf(() => tree.writeFile("file/x", bytes("")))).toBe("ENOTDIR");
    expect(codeOf(() => tree.list("file"))).toBe("ENOTDIR");
    expect(codeOf(() => tree.mkdir("file"))).toBe("ENOTDIR");
    expect(codeOf(() => tree.writeFile("../x", bytes("")))).toBe("EINVAL");
    expect(codeOf(() => tree.writeFile("a\0b", bytes("")))).toBe("EINVAL");
    expect(codeOf(() => tree.writeFile("x".repeat(256), bytes("")))).toBe("ENAMETOOLONG");
    expect(codeOf(() => tree.symlink("l", "x".repeat(4096)))).toBe("ENAMETOOLONG");
    expect(codeOf(() => tree.remove("/", { recursive: true }))).toBe("EBUSY");
    expect(() => tree.stat("a/b")).toThrow(expect.objectContaining({ path: "a/b" }));
    expect(tree.list("/")).toEqual(["file"]);
  });

  test("times come from the clock given, to the nanosecond", () => {
    let now = 1_700_000_000_123.5;
    const tree = new FileTree({ now: () => now });
    tree.writeFile("f", bytes("x"));
    const created = { seconds: 1_700_000_000, nanoseconds: 123_500_000 };
    now += 1000;
    tree.writeFile("f", bytes("y"));
    const written = { seconds: 1_700_000_001, nanoseconds: 123_500_000 };
    expect(tree.stat("f")).toMatchObject({ created, accessed: created, modified: written });
    tree.setAttributes("f", { modified: { seconds: -1, nanoseconds: 5 } });
    expect(tree.stat("f").modified).toEqual({ seconds: -1, nanoseconds: 5 });
  });
});

describe("limits", () => {
  test("bytes: what does not fit changes nothing", () => {
    const tree = new FileTree({ byteLimit: 65_536 });
    tree.writeFile("a", new Uint8Array(32_768));
    expect(codeOf(() => tree.writeFile("b", new Uint8Array(40_000)))).toBe("ENOSPC");
    expect(codeOf(() => tree.writeFile("a", new Uint8Array(70_000)))).toBe("ENOSPC");
    expect(tree.stat("a").size).toBe(32_768);
    tree.writeFile("b", new Uint8Array(32_768));
    tree.remove("a");
    tree.writeFile("c", new Uint8Array(32_768));
    expect(tree.usage.bytes).toBe(65_536);
  });

  test("entries", () => {
    const tree = new FileTree({ entryLimit: 2 });
    tree.writeFile("a", bytes(""));
    tree.mkdir("b");
    expect(codeOf(() => tree.writeFile("c", bytes("")))).toBe("ENOSPC");
    tree.remove("a");
    tree.writeFile("c", bytes(""));
  });

  test("directories nested a thousand deep are removed", () => {
    const tree = new FileTree();
    let directory = tree.nodes.root;
    for (let i = 0; i < 1000; i++) {
      const made = tree.nodes.create(
        directory,
        "d",
        { mode: 0o755, uid: 0, gid: 0 },
        { kind: "directory" },
        "guest",
      );
      if (made.node.kind === "directory") directory = made.node;
    }
    tree.remove("d", { recursive: true });
    expect(tree.usage.entries).toBe(0);
  });

  test("a hole too large for one array is read in parts", () => {
    const tree = new FileTree();
    tree.writeFile("f", bytes("x"));
    const { node } = tree.nodes.root.entries.get("f") ?? {};
    if (node?.kind !== "file") throw new Error("no file");
    tree.contents.resize(node, 2 ** 39, "guest");
    expect(codeOf(() => tree.readFile("f"))).toBe("EFBIG");
    expect(text(tree.read("f", 0, 3))).toBe("x\0\0");
    expect(codeOf(() => tree.contents.resize(node, 2 ** 41, "guest"))).toBe("EFBIG");
  });
});

describe("lazy files", () => {
  test("are fetched once, when asked for", async () => {
    const tree = new FileTree();
    let loads = 0;
    const load = async (): Promise<Uint8Array> => {
      loads += 1;
      return bytes("later");
    };
    tree.writeLazyFile("lib/x.a", { size: 5, load });
    expect(tree.stat("lib/x.a")).toMatchObject({ size: 5, allocated: 0 });
    expect(codeOf(() => tree.readFile("lib/x.a"))).toBe("EAGAIN");
    await Promise.all([tree.load("lib/x.a"), tree.load("lib/x.a")]);
    await tree.load("lib/x.a");
    expect(text(tree.readFile("lib/x.a"))).toBe("later");
    expect(loads).toBe(1);
    expect(tree.usage.bytes).toBe(512);
  });

  test("a failed fetch is tried again at the next need", async () => {
    const tree = new FileTree();
    let answer = (): Uint8Array => {
      throw new Error("network down");
    };
    // One that throws at once, not by its promise: the harder case.
    tree.writeLazyFile("f", { size: 2, load: () => Promise.resolve(answer()) });
    await expect(tree.load("f")).rejects.toMatchObject({ code: "EIO" });
    answer = () => bytes("too long");
    await expect(tree.load("f")).rejects.toMatchObject({ code: "EIO" });
    answer = () => bytes("ok");
    await tree.load("f");
    expect(text(tree.readFile("f"))).toBe("ok");
  });

  test("what is written meanwhile wins over what is fetched", async () => {
    const tree = new FileTree();
    let deliver = (_: Uint8Array): void => {};
    tree.writeLazyFile("f", { size: 3, load: () => new Promise((resolve) => (deliver = resolve)) });
    const loading = tree.load("f");
    tree.writeFile("f", bytes("newer"));
    deliver(bytes("old"));
    await loading;
    expect(text(tree.readFile("f"))).toBe("newer");
  });

  test("a file removed while it is fetched takes no space", async () => {
    const tree = new FileTree();
    tree.writeLazyFile("f", { size: 3, load: async () => bytes("abc") });
    const loading = tree.load("f");
    tree.remove("f");
    await loading;
    expect(tree.usage).toMatchObject({ bytes: 0, entries: 0 });
  });
});

test("changes are told of, after they are made", () => {
  const tree = new FileTree();
  const seen: TreeChange[] = [];
  using _ = tree.onChange((change) => seen.push(change));
  tree.writeFile("d/f", bytes("1"));
  tree.writeFile("d/f", bytes("2"));
  tree.setAttributes("d/f", { mode: 0o600 });
  tree.writeFile("g", bytes("3"));
  tree.rename("g", "d/f");
  tree.remove("d", { recursive: true });
  const origin = "host";
  expect(seen).toEqual([
    { kind: "created", path: "/d", origin },
    { kind: "created", path: "/d/f", origin },
    { kind: "written", path: "/d/f", origin },
    { kind: "attributes", path: "/d/f", origin },
    { kind: "created", path: "/g", origin },
    { kind: "removed", path: "/d/f", origin },
    { kind: "renamed", from: "/g", path: "/d/f", origin },
    { kind: "removed", path: "/d/f", origin },
    { kind: "removed", path: "/d", origin },
  ]);
});
