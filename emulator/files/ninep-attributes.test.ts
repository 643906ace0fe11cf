import { describe, expect, test } from "vitest";
import { TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const EISDIR = "errno 21";
const EINVAL = "errno 22";
const EFBIG = "errno 27";
const EMSGSIZE = "errno 90";

/** Bits of Tsetattr, as in Linux fs/9p/vfs_inode_dotl.c. */
const MODE = 1;
const UID = 2;
const GID = 4;
const SIZE = 8;
const ATIME = 16;
const MTIME = 32;
const CTIME = 64;
const ATIME_SET = 128;
const MTIME_SET = 256;

interface Setattr {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number | bigint;
  readonly atime?: readonly [number | bigint, number | bigint];
  readonly mtime?: readonly [number | bigint, number | bigint];
}

function setattr(client: TestClient, fid: number, valid: number, values: Setattr = {}): void {
  const none = 0xffff_ffff;
  const { mode = 0, uid = none, gid = none, size = 0, atime = [0, 0], mtime = [0, 0] } = values;
  client.call(26, "dddddqqqqq", fid, valid, mode, uid, gid, size, ...atime, ...mtime);
}

function mounted(now = (): number => 5_000): { tree: FileTree; client: TestClient } {
  const tree = new FileTree({ now });
  tree.writeFile("file", new Uint8Array(1000), { uid: 1000, gid: 1001, mode: 0o640 });
  tree.mkdir("dir/inside");
  tree.symlink("link", "dir/target");
  return { tree, client: new TestClient(tree) };
}

describe("Tgetattr", () => {
  test("tells all of a file", () => {
    const { tree, client } = mounted();
    expect(client.getattr(client.walk("file"))).toEqual({
      // P9_STATS_BASIC, BTIME and DATA_VERSION.
      valid: 0x7ff | 0x800 | 0x2000,
      qid: { type: 0, version: 0, path: tree.stat("file").number },
      mode: 0o100640,
      uid: 1000,
      gid: 1001,
      nlink: 1,
      rdev: 0,
      size: 1000,
      blksize: 61_440,
      blocks: 2,
      atime: [5, 0],
      mtime: [5, 0],
      ctime: [5, 0],
      btime: [5, 0],
    });
  });

  test("counts links as POSIX does", () => {
    const { client } = mounted();
    expect(client.getattr(client.walk("dir")).nlink).toBe(3);
    const file = client.walk("file");
    client.call(70, "dds", 0, file, "second");
    expect(client.getattr(file).nlink).toBe(2);
    const inside = client.walk("dir/inside");
    client.call(76, "dsd", client.walk("dir"), "inside", 0x200);
    expect(client.getattr(inside).nlink).toBe(0);
    expect(client.getattr(client.walk("dir")).nlink).toBe(2);
  });

  test("knows types and device numbers", () => {
    const { client } = mounted();
    expect(client.getattr(client.walk("link"))).toMatchObject({ mode: 0o120777, size: 10 });
    expect(client.getattr(client.walk("dir")).mode).toBe(0o040755);
    client.call(18, "dsdddd", 0, "dev", 0o060600, 259, 0x12345, 0);
    // include/linux/kdev_t.h: minor's low byte, major << 8, the rest of minor << 12.
    const rdev = 0x45 | (259 << 8) | (0x12300 << 12);
    expect(client.getattr(client.walk("dev"))).toMatchObject({ mode: 0o060600, rdev });
    client.call(18, "dsdddd", 0, "pipe", 0o010600, 0, 0, 0);
    expect(client.getattr(client.walk("pipe"))).toMatchObject({ mode: 0o010600, rdev: 0 });
  });
});

describe("Tsetattr", () => {
  test("sets what is said to be valid, and nothing else", () => {
    const { tree, client } = mounted();
    const fid = client.walk("file");
    setattr(client, fid, MODE, { mode: 0o104755, uid: 7, size: 5 });
    expect(tree.stat("file")).toMatchObject({ mode: 0o4755, uid: 1000, size: 1000 });
    setattr(client, fid, UID | GID, { mode: 0, uid: 7, gid: 8 });
    expect(tree.stat("file")).toMatchObject({ mode: 0o4755, uid: 7, gid: 8 });
  });

  test("sets sizes, of files", () => {
    const { tree, client } = mounted();
    const fid = client.walk("file");
    setattr(client, fid, SIZE | MODE, { size: 20, mode: 0o4755 });
    expect(tree.stat("file")).toMatchObject({ size: 20, mode: 0o4755 });
    setattr(client, fid, SIZE, { size: 2 ** 40 });
    expect(tree.usage.bytes).toBe(512 + 10);
    expect(() => setattr(client, fid, SIZE, { size: 2 ** 40 + 1 })).toThrow(EFBIG);
    expect(() => setattr(client, fid, SIZE, { size: 2n ** 64n - 1n })).toThrow(EFBIG);
    expect(() => setattr(client, 0, SIZE, { size: 0 })).toThrow(EISDIR);
    expect(() => setattr(client, client.walk("link"), SIZE, { size: 0 })).toThrow(EINVAL);
  });

  test("sets times: given ones to the nanosecond, and the present", () => {
    let now = 5_000;
    const { client } = mounted(() => now);
    const fid = client.walk("file");
    now = 9_000;
    const mtime = [2n ** 64n - 3n, 999_999_999] as const;
    setattr(client, fid, ATIME | MTIME | MTIME_SET | CTIME, { atime: [1, 1], mtime });
    expect(client.getattr(fid)).toMatchObject({
      atime: [9, 0],
      mtime: [-3, 999_999_999],
      ctime: [9, 0],
      btime: [5, 0],
    });
  });

  test("refuses times that are none, where they count", () => {
    const { client } = mounted();
    const fid = client.walk("file");
    const set = (atime: readonly [bigint, bigint]): void =>
      setattr(client, fid, ATIME | ATIME_SET, { atime });
    expect(() => set([0n, 1_000_000_000n])).toThrow(EINVAL);
    expect(() => set([2n ** 60n, 0n])).toThrow(EINVAL);
    setattr(client, fid, ATIME, { atime: [2n ** 60n, 2n ** 63n] });
  });
});

test("Treadlink gives a link's target, where it fits", () => {
  const { tree, client } = mounted();
  expect(client.call(22, "d", client.walk("link")).s()).toBe("dir/target");
  expect(() => client.call(22, "d", client.walk("file"))).toThrow(EINVAL);
  tree.symlink("long", "x".repeat(4095));
  expect(client.call(22, "d", client.walk("long")).s()).toHaveLength(4095);
  const small = new TestClient(tree, 4096);
  expect(() => small.call(22, "d", small.walk("long"))).toThrow(EMSGSIZE);
});

test("Tstatfs tells the limits and what is left", () => {
  const tree = new FileTree({ byteLimit: 100 * 4096, entryLimit: 50 });
  tree.writeFile("f", new Uint8Array(9000));
  const client = new TestClient(tree);
  const f = client.call(8, "d", 0);
  const fields = [f.d(), f.d(), f.q(), f.q(), f.q(), f.q(), f.q(), f.q(), f.d()];
  // V9FS_MAGIC; 16 KiB are taken.
  expect(fields).toEqual([0x01021997, 4096, 100, 96, 96, 50, 49, 0, 255]);
});
