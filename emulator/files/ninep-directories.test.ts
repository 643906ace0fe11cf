import { describe, expect, test } from "vitest";
import { type Dirent, TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const EPERM = "errno 1";
const ENOENT = "errno 2";
const EBADF = "errno 9";
const EBUSY = "errno 16";
const EEXIST = "errno 17";
const ENOTDIR = "errno 20";
const EISDIR = "errno 21";
const EINVAL = "errno 22";
const ENAMETOOLONG = "errno 36";
const ENOTEMPTY = "errno 39";

const AT_REMOVEDIR = 0x200;

function mounted(): { tree: FileTree; client: TestClient } {
  const tree = new FileTree();
  tree.writeFile("dir/one", new Uint8Array(1));
  tree.writeFile("two", new Uint8Array(2));
  return { tree, client: new TestClient(tree) };
}

const names = (entries: readonly Dirent[]): string[] => entries.map(({ name }) => name);

/** All of a directory, in pieces of `count` bytes. */
function readAll(client: TestClient, fid: number, count: number, after?: () => void): Dirent[] {
  const all: Dirent[] = [];
  for (;;) {
    const entries = client.readdir(fid, all.at(-1)?.offset ?? 0, count);
    if (entries.length === 0) return all;
    all.push(...entries);
    after?.();
  }
}

describe("Treaddir", () => {
  test("lists names with qids and types, . and .. first", () => {
    const { tree, client } = mounted();
    client.call(18, "dsdddd", client.walk("dir"), "pipe", 0o010600, 0, 0, 0);
    client.call(16, "dssd", client.walk("dir"), "link", "one", 0);
    const entries = client.readdir(client.open("dir"));
    expect(entries.map(({ name, type, qid }) => [name, type, qid.type, qid.path])).toEqual([
      // DT_DIR, DT_REG, DT_FIFO, DT_LNK: Linux include/linux/fs_types.h.
      [".", 4, 0x80, tree.stat("dir").number],
      ["..", 4, 0x80, 1],
      ["one", 8, 0, tree.stat("dir/one").number],
      ["pipe", 1, 0, tree.stat("dir/pipe").number],
      ["link", 10, 2, tree.stat("dir/link").number],
    ]);
    expect(client.readdir(client.open("/"))[1]?.qid.path).toBe(1);
  });

  test("continues where it stopped, while entries come and go", () => {
    const { tree, client } = mounted();
    for (let i = 0; i < 200; i++) tree.writeFile(`many/f${i}`, new Uint8Array());
    const fid = client.open("many");
    let round = 0;
    const seen = readAll(client, fid, 300, () => {
      tree.remove(`many/f${round}`);
      tree.remove(`many/f${199 - round}`);
      if (round < 5) tree.writeFile(`many/new${round}`, new Uint8Array());
      round += 1;
    });
    const stayed = names(seen).filter((name) => /^f\d+$/.test(name) && tree.exists(`many/${name}`));
    expect(new Set(names(seen)).size).toBe(seen.length);
    expect(stayed).toEqual(
      tree
        .list("many")
        .filter((name) => name.startsWith("f"))
        .sort(byNumber),
    );
    expect(names(seen)).toEqual(expect.arrayContaining(["new0", "new4"]));
  });

  test("lists nothing but dots of a removed directory", () => {
    const { tree, client } = mounted();
    const fid = client.open("dir");
    tree.remove("dir", { recursive: true });
    expect(names(client.readdir(fid))).toEqual([".", ".."]);
    expect(() => client.create("", "dir/x")).toThrow(EINVAL);
    expect(() => client.call(72, "dsdd", fid, "x", 0o755, 0)).toThrow(ENOENT);
  });

  test("needs an open directory, and room for one entry", () => {
    const { client } = mounted();
    expect(() => client.readdir(client.walk("dir"))).toThrow(EBADF);
    expect(() => client.readdir(client.open("two"))).toThrow(ENOTDIR);
    const fid = client.open("dir");
    expect(() => client.readdir(fid, 0, 24)).toThrow(EINVAL);
    expect(names(client.readdir(fid, 0, 25))).toEqual(["."]);
    expect(client.readdir(fid, Number.MAX_SAFE_INTEGER, 25)).toEqual([]);
  });

  test("fills replies of the message size, and no more", () => {
    const { tree, client } = mounted();
    for (let i = 0; i < 1000; i++) tree.writeFile(`many/${i}-${"x".repeat(100)}`, new Uint8Array());
    const all = readAll(client, client.open("many"), 0xffff_ffff);
    expect(all).toHaveLength(1002);
  });
});

function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

describe("making", () => {
  test("directories, links, devices, with the owner asked for", () => {
    const { tree, client } = mounted();
    client.call(104, "ddssd", 60, 0xffff_ffff, "", "", 1000);
    expect(client.call(72, "dsdd", 60, "d", 0o042755, 7).Q().type).toBe(0x80);
    expect(tree.stat("d")).toMatchObject({ kind: "directory", mode: 0o2755, uid: 1000, gid: 7 });
    expect(client.call(16, "dssd", 60, "l", "to/where", 7).Q().type).toBe(2);
    expect(tree.readLink("l")).toBe("to/where");
    client.call(18, "dsdddd", 60, "plain", 0o100600, 0, 0, 0xffff_ffff);
    expect(tree.stat("plain")).toMatchObject({ kind: "file", uid: 1000, gid: 0 });
    const kinds = [0o020600, 0o060600, 0o010600, 0o140600].map((mode, i) => {
      client.call(18, "dsdddd", 60, `node${i}`, mode, 4, 64, 7);
      return tree.stat(`node${i}`).kind;
    });
    expect(kinds).toEqual(["character-device", "block-device", "fifo", "socket"]);
  });

  test("fails where something is, and for names that are none", () => {
    const { client } = mounted();
    expect(() => client.call(72, "dsdd", 0, "two", 0o755, 0)).toThrow(EEXIST);
    expect(() => client.call(16, "dssd", 0, "two", "x", 0)).toThrow(EEXIST);
    expect(() => client.call(18, "dsdddd", 0, "dir", 0o100600, 0, 0, 0)).toThrow(EEXIST);
    expect(() => client.call(18, "dsdddd", 0, "x", 0o040755, 0, 0, 0)).toThrow(EPERM);
    expect(() => client.call(18, "dsdddd", 0, "x", 0o120777, 0, 0, 0)).toThrow(EINVAL);
    expect(() => client.call(72, "dsdd", client.walk("two"), "x", 0o755, 0)).toThrow(ENOTDIR);
    expect(() => client.call(16, "dssd", 0, "x", "", 0)).toThrow(EINVAL);
    expect(() => client.call(16, "dssd", 0, "x", "y".repeat(4096), 0)).toThrow(ENAMETOOLONG);
    for (const name of ["", ".", "..", "a/b", "/", "a\0"]) {
      expect(() => client.call(72, "dsdd", 0, name, 0o755, 0)).toThrow(EINVAL);
      expect(() => client.call(16, "dssd", 0, name, "x", 0)).toThrow(EINVAL);
    }
  });

  test("hard links: one file by two names", () => {
    const { tree, client } = mounted();
    const two = client.open("two", 0o2);
    client.call(70, "dds", client.walk("dir"), two, "also-two");
    client.write(two, "new");
    expect(tree.readFile("dir/also-two")).toEqual(tree.readFile("two"));
    tree.remove("two");
    expect(tree.stat("dir/also-two").links).toBe(1);
    expect(() => client.call(70, "dds", 0, client.walk("dir"), "x")).toThrow(EPERM);
    expect(() => client.call(70, "dds", 0, two, "dir")).toThrow(EEXIST);
    tree.remove("dir/also-two");
    expect(() => client.call(70, "dds", 0, two, "again")).toThrow(ENOENT);
  });
});

describe("removing", () => {
  test("Tunlinkat tells files from directories by its flag", () => {
    const { tree, client } = mounted();
    expect(() => client.call(76, "dsd", 0, "two", AT_REMOVEDIR)).toThrow(ENOTDIR);
    expect(() => client.call(76, "dsd", 0, "dir", 0)).toThrow(EISDIR);
    expect(() => client.call(76, "dsd", 0, "dir", AT_REMOVEDIR)).toThrow(ENOTEMPTY);
    expect(() => client.call(76, "dsd", 0, "none", 0)).toThrow(ENOENT);
    expect(() => client.call(76, "dsd", 0, "..", AT_REMOVEDIR)).toThrow(ENOENT);
    expect(() => client.call(76, "dsd", 0, "two", 1)).toThrow(EINVAL);
    client.call(76, "dsd", client.walk("dir"), "one", 0);
    client.call(76, "dsd", 0, "dir", AT_REMOVEDIR);
    expect(tree.list("/")).toEqual(["two"]);
  });

  test("Tremove gives the fid back, whatever happens", () => {
    const { tree, client } = mounted();
    const file = client.walk("two");
    client.call(122, "d", file);
    expect(tree.exists("two")).toBe(false);
    expect(() => client.clunk(file)).toThrow(EBADF);
    const directory = client.walk("dir");
    expect(() => client.call(122, "d", directory)).toThrow(ENOTEMPTY);
    expect(() => client.clunk(directory)).toThrow(EBADF);
    expect(() => client.call(122, "d", 0)).toThrow(EBUSY);
  });

  test("Tremove takes away the name it was walked by", () => {
    const { tree, client } = mounted();
    client.call(70, "dds", 0, client.walk("two"), "second");
    client.call(122, "d", client.walk("second"));
    expect(tree.list("/")).toEqual(["dir", "two"]);
  });
});

describe("renaming", () => {
  test("Trenameat moves and replaces; open fids follow", () => {
    const { tree, client } = mounted();
    const replaced = client.open("dir/one");
    const moved = client.open("two");
    client.call(74, "dsds", 0, "two", client.walk("dir"), "one");
    expect(tree.list("/")).toEqual(["dir"]);
    expect(tree.stat("dir/one").size).toBe(2);
    expect(client.read(replaced)).toBe("\0");
    expect(client.read(moved)).toBe("\0\0");
    client.call(20, "dds", moved, 0, "back");
    expect(tree.list("/")).toEqual(["back", "dir"]);
  });

  test("onto another name of the same file does nothing", () => {
    const { tree, client } = mounted();
    client.call(70, "dds", 0, client.walk("two"), "second");
    client.call(74, "dsds", 0, "two", 0, "second");
    client.call(74, "dsds", 0, "two", 0, "two");
    expect(tree.list("/")).toEqual(["dir", "second", "two"]);
  });

  test("fails as rename(2) does", () => {
    const { tree, client } = mounted();
    tree.mkdir("dir/below");
    tree.mkdir("empty");
    const dir = client.walk("dir");
    expect(() => client.call(74, "dsds", 0, "none", 0, "x")).toThrow(ENOENT);
    expect(() => client.call(74, "dsds", 0, "dir", client.walk("dir/below"), "x")).toThrow(EINVAL);
    expect(() => client.call(74, "dsds", 0, "dir", dir, "x")).toThrow(EINVAL);
    expect(() => client.call(74, "dsds", 0, "empty", 0, "two")).toThrow(ENOTDIR);
    expect(() => client.call(74, "dsds", 0, "two", 0, "empty")).toThrow(EISDIR);
    expect(() => client.call(74, "dsds", 0, "empty", 0, "dir")).toThrow(ENOTEMPTY);
    expect(() => client.call(74, "dsds", 0, "two", 0, "a/b")).toThrow(EINVAL);
    expect(() => client.call(74, "dsds", 0, "two", client.walk("two"), "x")).toThrow(ENOTDIR);
    expect(() => client.call(20, "dds", 0, dir, "x")).toThrow(EBUSY);
    client.call(74, "dsds", 0, "dir", 0, "empty");
    expect(tree.list("/")).toEqual(["empty", "two"]);
  });
});

test("what the guest does is told of as the guest's", () => {
  const { tree, client } = mounted();
  const seen: string[] = [];
  using _ = tree.onChange(({ kind, path, origin }) => seen.push(`${origin} ${kind} ${path}`));
  const fid = client.create("dir", "new");
  client.write(fid, "x");
  client.call(74, "dsds", client.walk("dir"), "new", 0, "two");
  client.call(76, "dsd", 0, "two", 0);
  client.write(fid, "nobody sees this");
  expect(seen).toEqual([
    "guest created /dir/new",
    "guest written /dir/new",
    "guest removed /two",
    "guest renamed /two",
    "guest removed /two",
  ]);
});
