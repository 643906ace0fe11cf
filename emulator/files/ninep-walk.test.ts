import { describe, expect, test } from "vitest";
import { encodeMessage, TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const ENOENT = "errno 2";
const EBADF = "errno 9";
const ENOTDIR = "errno 20";
const EINVAL = "errno 22";
const ENAMETOOLONG = "errno 36";

function mounted(): { tree: FileTree; client: TestClient } {
  const tree = new FileTree();
  tree.writeFile("a/b/c", new Uint8Array(3));
  return { tree, client: new TestClient(tree) };
}

describe("Tattach", () => {
  test("gives the root, to each user", () => {
    const { tree, client } = mounted();
    const qid = client.call(104, "ddssd", 7, 0xffff_ffff, "", "/", 1000).Q();
    expect(qid).toEqual({ type: 0x80, version: tree.nodes.root.version, path: 1 });
    client.call(72, "dsdd", 7, "mine", 0o755, 100);
    expect(tree.stat("mine")).toMatchObject({ uid: 1000, gid: 100 });
  });

  test("knows one tree, no authentication, and each fid once", () => {
    const { client } = mounted();
    const none = 0xffff_ffff;
    expect(() => client.call(104, "ddssd", 7, none, "", "other", 0)).toThrow(ENOENT);
    expect(() => client.call(104, "ddssd", 7, 3, "", "", 0)).toThrow(EINVAL);
    expect(() => client.call(104, "ddssd", 0, none, "", "", 0)).toThrow(EINVAL);
    expect(() => client.call(104, "ddssd", none, none, "", "", 0)).toThrow(EINVAL);
  });
});

describe("Twalk", () => {
  test("gives the qid of each step", () => {
    const { tree, client } = mounted();
    const fields = client.call(110, "ddT", 0, 5, ["a", "b", "c"]);
    expect(fields.w()).toBe(3);
    const qids = [fields.Q(), fields.Q(), fields.Q()];
    expect(qids.map(({ type }) => type)).toEqual([0x80, 0x80, 0]);
    expect(qids.map(({ path }) => path)).toEqual(
      ["a", "a/b", "a/b/c"].map((path) => tree.stat(path).number),
    );
    expect(fields.remaining).toBe(0);
  });

  test("without names copies a fid, an open one too, which stays closed", () => {
    const { client } = mounted();
    const open = client.open("a/b/c");
    expect(client.call(110, "ddT", open, 90, []).w()).toBe(0);
    expect(client.getattr(90).size).toBe(3);
    expect(() => client.read(90)).toThrow(EBADF);
  });

  test("that fails at a later step tells how far it came, and makes no fid", () => {
    const { client } = mounted();
    const fields = client.call(110, "ddT", 0, 5, ["a", "none", "c"]);
    expect(fields.w()).toBe(1);
    expect(fields.Q().type).toBe(0x80);
    expect(fields.remaining).toBe(0);
    expect(() => client.getattr(5)).toThrow(EBADF);
    expect(client.call(110, "ddT", 0, 5, ["a", "b", "c", "d"]).w()).toBe(3);
  });

  test("that fails at the first step is an error", () => {
    const { client } = mounted();
    const file = client.walk("a/b/c");
    expect(() => client.call(110, "ddT", 0, 5, ["none"])).toThrow(ENOENT);
    expect(() => client.call(110, "ddT", file, 5, ["x"])).toThrow(ENOTDIR);
    expect(() => client.call(110, "ddT", 99, 5, [])).toThrow(EBADF);
  });

  test("steps up, not beyond the root", () => {
    const { tree, client } = mounted();
    const fields = client.call(110, "ddT", client.walk("a/b"), 50, ["..", "..", "..", ".", "a"]);
    expect(fields.w()).toBe(5);
    expect(client.getattr(50).qid.path).toBe(tree.stat("a").number);
  });

  test("moves a fid onto itself, unless it is open", () => {
    const { client } = mounted();
    const fid = client.walk("a");
    client.call(110, "ddT", fid, fid, ["b"]);
    client.call(110, "ddT", fid, fid, ["c"]);
    expect(client.getattr(fid).size).toBe(3);
    const open = client.open("a");
    expect(() => client.call(110, "ddT", open, open, ["b"])).toThrow(EINVAL);
    client.call(110, "ddT", open, open, []);
  });

  test("takes sixteen names, of 255 bytes, and a fid that is free", () => {
    const { client } = mounted();
    expect(client.call(110, "ddT", 0, 50, Array(16).fill(".")).w()).toBe(16);
    expect(() => client.call(110, "ddT", 0, 51, Array(17).fill("."))).toThrow(EINVAL);
    expect(() => client.call(110, "ddT", 0, 50, ["a"])).toThrow(EINVAL);
    expect(() => client.call(110, "ddT", 0, 0xffff_ffff, ["a"])).toThrow(EINVAL);
    expect(() => client.call(110, "ddT", 0, 51, ["x".repeat(256)])).toThrow(ENAMETOOLONG);
    expect(() => client.call(110, "ddT", 0, 51, ["x".repeat(255)])).toThrow(ENOENT);
  });

  test.each(["", "a/b", "/a", "a\0", "../a"])("finds nothing by the name %j", (name) => {
    expect(() => mounted().client.call(110, "ddT", 0, 5, [name])).toThrow(ENOENT);
  });
});

describe("Tclunk", () => {
  test("gives a fid back", () => {
    const { client } = mounted();
    const fid = client.walk("a");
    client.clunk(fid);
    expect(() => client.clunk(fid)).toThrow(EBADF);
  });

  test("of the last fid of a removed file gives its space back", () => {
    const { tree, client } = mounted();
    const first = client.open("a/b/c", 0o2);
    const second = client.walk("a/b/c");
    tree.remove("a/b/c");
    expect(client.read(first)).toBe("\0\0\0");
    client.write(first, "still", 1);
    client.clunk(first);
    expect(tree.usage.bytes).toBe(512);
    client.clunk(second);
    expect(tree.usage.bytes).toBe(0);
  });

  test("the number of fids has a limit", () => {
    const { client } = mounted();
    const request = encodeMessage(110, 1, "ddT", 0, 0, []);
    const view = new DataView(request.buffer);
    const reply = (fid: number): Uint8Array | Promise<Uint8Array> => {
      view.setUint32(11, fid, true);
      return client.server.handle(request);
    };
    for (let fid = 1; fid < 65_536; fid++) reply(fid);
    expect(reply(65_536)).toEqual(Uint8Array.of(11, 0, 0, 0, 7, 1, 0, 23, 0, 0, 0));
  });
});
