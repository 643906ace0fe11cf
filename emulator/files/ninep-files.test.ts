import { describe, expect, test } from "vitest";
import { encodeMessage, TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const EBADF = "errno 9";
const ENXIO = "errno 6";
const EEXIST = "errno 17";
const ENOTDIR = "errno 20";
const EISDIR = "errno 21";
const EINVAL = "errno 22";
const EFBIG = "errno 27";
const ENOSPC = "errno 28";
const ELOOP = "errno 40";

const O_WRONLY = 0o1;
const O_RDWR = 0o2;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;
const O_DIRECTORY = 0o200000;

function mounted(): { tree: FileTree; client: TestClient } {
  const tree = new FileTree();
  tree.writeFile("file", new TextEncoder().encode("0123456789"), { mode: 0o6755 });
  tree.mkdir("dir");
  tree.symlink("link", "file");
  return { tree, client: new TestClient(tree) };
}

const textOf = (tree: FileTree, path: string): string =>
  new TextDecoder().decode(tree.readFile(path));

describe("Tlopen", () => {
  test("tells the host which files are opened to be read", () => {
    const opened: string[] = [];
    const tree = new FileTree();
    tree.writeFile("dir/file", new Uint8Array(3));
    const client = new TestClient(tree, 65_536, {
      onOpenToRead: (path) => void opened.push(path),
    });
    client.open("dir/file", O_WRONLY);
    client.open("dir", O_DIRECTORY);
    expect(opened).toEqual([]);
    client.open("dir/file");
    client.open("dir/file", O_RDWR);
    expect(opened).toEqual(["/dir/file", "/dir/file"]);
  });

  test("is answered when the host is ready for what was opened, and others meanwhile", async () => {
    let ready = (): void => {};
    const waits = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const tree = new FileTree();
    tree.writeFile("module.ko", new Uint8Array(3));
    tree.writeFile("other", new Uint8Array(3));
    const client = new TestClient(tree, 65_536, {
      onOpenToRead: (path) => (path.endsWith(".ko") ? waits : undefined),
    });
    let isOpen = false;
    const opening = client.callLater(12, "dd", client.walk("module.ko"), O_RDWR).then(() => {
      isOpen = true;
    });
    client.open("other");
    await Promise.resolve();
    expect(isOpen).toBe(false);
    ready();
    await opening;
    expect(isOpen).toBe(true);
  });

  test("tells the qid, and a size for reads and writes in whole pages", () => {
    const { tree, client } = mounted();
    const fields = client.call(12, "dd", client.walk("file"), O_RDWR);
    expect(fields.Q()).toEqual({ type: 0, version: 0, path: tree.stat("file").number });
    expect(fields.d()).toBe(61_440);
    const small = new TestClient(tree, 4096);
    const other = small.call(12, "dd", small.walk("file"), O_RDWR);
    other.Q();
    expect(other.d()).toBe(4072);
  });

  test("opens what can be opened, once", () => {
    const { tree, client } = mounted();
    const link = client.walk("link");
    client.call(18, "dsdddd", 0, "null", 0o020666, 1, 3, 0);
    expect(() => client.call(12, "dd", link, 0)).toThrow(ELOOP);
    expect(() => client.open("null")).toThrow(ENXIO);
    expect(() => client.open("dir", O_RDWR)).toThrow(EISDIR);
    expect(() => client.open("file", O_DIRECTORY)).toThrow(ENOTDIR);
    const open = client.open("dir", O_DIRECTORY);
    expect(() => client.call(12, "dd", open, 0)).toThrow(EINVAL);
    expect(tree.list("/")).toContain("null");
  });

  test("cuts with O_TRUNC; O_CREAT and O_EXCL mean nothing here", () => {
    const { tree, client } = mounted();
    client.open("file", O_RDWR | 0o100 | O_EXCL);
    expect(textOf(tree, "file")).toHaveLength(10);
    client.open("file", O_WRONLY | O_TRUNC);
    expect(textOf(tree, "file")).toBe("");
  });
});

describe("Tlcreate", () => {
  test("makes a file that the fid then stands for", () => {
    const { tree, client } = mounted();
    const fid = client.walk("dir");
    client.call(14, "dsddd", fid, "new", O_RDWR, 0o100640, 42);
    client.write(fid, "text");
    expect(client.read(fid)).toBe("text");
    expect(tree.stat("dir/new")).toMatchObject({ mode: 0o640, gid: 42, size: 4 });
    expect(() => client.call(14, "dsddd", fid, "more", O_RDWR, 0o640, 0)).toThrow(ENOTDIR);
  });

  test("opens a file that exists, unless with O_EXCL", () => {
    const { tree, client } = mounted();
    expect(() => client.create("", "file", O_RDWR | O_EXCL)).toThrow(EEXIST);
    expect(client.read(client.create("", "file"))).toBe("0123456789");
    client.create("", "file", O_RDWR | O_TRUNC);
    expect(tree.stat("file").size).toBe(0);
    expect(() => client.create("", "dir", 0)).toThrow(EISDIR);
    expect(() => client.create("", "link")).toThrow(ELOOP);
  });

  test.each(["", ".", "..", "a/b", "a\0b"])("makes nothing by the name %j", (name) => {
    expect(() => mounted().client.create("", name)).toThrow(EINVAL);
  });
});

describe("Tread", () => {
  test("gives what is there", () => {
    const { client } = mounted();
    const fid = client.open("file");
    expect(client.read(fid, 0, 4)).toBe("0123");
    expect(client.read(fid, 8, 100)).toBe("89");
    expect(client.read(fid, 10, 100)).toBe("");
    expect(client.read(fid, 2 ** 40, 100)).toBe("");
    expect(client.call(116, "dqd", fid, 0xffff_ffff_ffff_ffffn, 0xffff_ffff).d()).toBe(0);
  });

  test("gives no more than a message holds", () => {
    const { tree, client } = mounted();
    tree.writeFile("large", new Uint8Array(200_000).fill(65));
    const fid = client.open("large");
    const reply = client.server.handle(encodeMessage(116, 1, "dqd", fid, 0, 0xffff_ffff));
    // The largest that Linux asks for: msize - P9_IOHDRSZ, and it refuses replies of msize.
    expect((reply as Uint8Array).length).toBe(65_536 - 24 + 11);
  });

  test("needs a file that is open to read", () => {
    const { client } = mounted();
    expect(() => client.read(client.walk("file"))).toThrow(EBADF);
    expect(() => client.read(client.open("file", O_WRONLY))).toThrow(EBADF);
    expect(() => client.read(client.open("dir"))).toThrow(EISDIR);
    // O_ACCMODE: for ioctl only.
    expect(() => client.read(client.open("file", 3))).toThrow(EBADF);
  });
});

describe("Twrite", () => {
  test("writes in place, behind the end, and nothing", () => {
    const { tree, client } = mounted();
    const fid = client.open("file", O_RDWR);
    expect(client.write(fid, "ab", 3)).toBe(2);
    expect(client.write(fid, "z", 12)).toBe(1);
    expect(client.write(fid, "", 50)).toBe(0);
    expect(textOf(tree, "file")).toBe("012ab56789\0\0z");
  });

  test("goes to the end with O_APPEND, wherever the guest thinks that is", () => {
    const { tree, client } = mounted();
    const fid = client.open("file", O_WRONLY | O_APPEND);
    client.write(fid, "a", 10);
    client.write(fid, "b", 3);
    expect(textOf(tree, "file")).toBe("0123456789ab");
  });

  test("changes times and version, and takes away set-user-id", () => {
    let now = 1000;
    const tree = new FileTree({ now: () => now });
    tree.writeFile("file", new Uint8Array(1), { mode: 0o6755 });
    const client = new TestClient(tree);
    const fid = client.open("file", O_RDWR);
    const before = client.getattr(fid);
    now = 3000;
    client.write(fid, "x");
    const after = client.getattr(fid);
    expect(after.mtime).toEqual([3, 0]);
    expect(after.ctime).toEqual([3, 0]);
    expect(after.atime).toEqual(before.atime);
    expect(after.qid.version).toBe(before.qid.version + 1);
    expect(after.mode).toBe(0o100755);
  });

  test("needs a file that is open to write", () => {
    const { client } = mounted();
    expect(() => client.write(client.open("file"), "x")).toThrow(EBADF);
    expect(() => client.write(client.open("dir"), "x")).toThrow(EISDIR);
  });

  test("stops at the tree's limit and at the largest file, and writes all or nothing", () => {
    const tree = new FileTree({ byteLimit: 4096 });
    const client = new TestClient(tree);
    const fid = client.create("", "f");
    client.write(fid, "x".repeat(4000));
    expect(() => client.write(fid, "y".repeat(200), 4000)).toThrow(ENOSPC);
    expect(() => client.write(fid, "y", 2 ** 40)).toThrow(EFBIG);
    expect(() => client.call(118, "dqV", fid, 2n ** 64n - 1n, Uint8Array.of(1))).toThrow(EFBIG);
    expect(tree.stat("f").size).toBe(4000);
    expect(client.write(fid, "y".repeat(96), 4000)).toBe(96);
  });

  test("50 MB in messages of 128 KiB, and more byte by byte, copy nothing of what is there", () => {
    const tree = new FileTree();
    const client = new TestClient(tree, 131_072);
    const fid = client.create("", "dd");
    const piece = encodeMessage(118, 1, "dqV", fid, 0, new Uint8Array(126_976).fill(7));
    const view = new DataView(piece.buffer);
    for (let offset = 0; offset < 50e6; offset += 126_976) {
      view.setBigUint64(11, BigInt(offset), true);
      client.server.handle(piece);
    }
    // Copying the file at each of these writes would take longer than a test may.
    const end = 394 * 126_976;
    for (let more = 0; more < 50_000; more++) client.write(fid, "y", end + more);
    expect(tree.stat("dd").size).toBe(end + 50_000);
  });
});

test("Tfsync, Tlock and Tgetlock are granted, to fids that there are", () => {
  const { client } = mounted();
  const fid = client.open("file", O_RDWR);
  client.call(50, "dd", fid, 1);
  expect(client.call(52, "dbdqqds", fid, 1, 1, 0, 0, 321, "guest").b()).toBe(0);
  const lock = client.call(54, "dbqqds", fid, 1, 5, 2n ** 63n, 321, "guest");
  expect([lock.b(), lock.q(), lock.q(), lock.d(), lock.s()]).toEqual([
    2,
    5,
    Number(-(2n ** 63n)),
    321,
    "guest",
  ]);
  expect(() => client.call(50, "dd", 99, 0)).toThrow(EBADF);
  expect(() => client.call(52, "dbdqqds", 99, 1, 1, 0, 0, 321, "guest")).toThrow(EBADF);
  expect(() => client.call(54, "dbqqds", 99, 1, 0, 0, 321, "guest")).toThrow(EBADF);
});
