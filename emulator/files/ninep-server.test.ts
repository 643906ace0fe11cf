import { describe, expect, test } from "vitest";
import { NinePServer } from "./ninep-server.js";
import { encodeMessage, Fields, TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

/** The numbers a test speaks of, from Linux include/uapi/asm-generic/errno*.h. */
const EINTR = 4;
const EIO = 5;
const EBADF = 9;
const EINVAL = 22;
const EPROTO = 71;
const EOPNOTSUPP = 95;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file whose content comes when the test says so. */
function lazyTree(): { tree: FileTree; deliver: (content: string) => void; fail: () => void } {
  const tree = new FileTree();
  let settle = (_: Uint8Array | Error): void => {};
  tree.writeLazyFile("lazy", {
    size: 4,
    load: () =>
      new Promise((resolve, reject) => {
        settle = (result) => (result instanceof Error ? reject(result) : resolve(result));
      }),
  });
  return { tree, deliver: (text) => settle(bytes(text)), fail: () => settle(new Error("offline")) };
}

describe("Tversion", () => {
  const negotiate = (server: NinePServer, msize: number, version: string): Fields => {
    const reply = server.handle(encodeMessage(100, 0xffff, "ds", msize, version));
    if (reply instanceof Promise) throw new Error("not at once");
    expect([reply[4], reply[5], reply[6]]).toEqual([reply[4] === 7 ? 7 : 101, 0xff, 0xff]);
    return new Fields(reply);
  };

  test("agrees to the smaller size", () => {
    const server = new NinePServer(new FileTree(), { maxMessageSize: 16_384 });
    const larger = negotiate(server, 131_072, "9P2000.L");
    expect([larger.d(), larger.s()]).toEqual([16_384, "9P2000.L"]);
    expect(negotiate(server, 8192, "9P2000.L").d()).toBe(8192);
  });

  test("knows no other version, and refuses sizes that Linux refuses", () => {
    const server = new NinePServer(new FileTree());
    const other = negotiate(server, 8192, "9P2000.u");
    expect([other.d(), other.s()]).toEqual([8192, "unknown"]);
    expect(negotiate(server, 4095, "9P2000.L").d()).toBe(EINVAL);
  });

  test("comes first", () => {
    const server = new NinePServer(new FileTree());
    const reply = server.handle(encodeMessage(120, 3, "d", 0));
    expect(new Fields(reply as Uint8Array).d()).toBe(EPROTO);
  });

  test("begins anew: no fid is left", () => {
    const client = new TestClient(new FileTree());
    client.call(100, "ds", 8192, "9P2000.L");
    expect(() => client.getattr(0)).toThrow(`errno ${EBADF}`);
  });
});

test("what there is not is answered so that Linux goes on without it", () => {
  const client = new TestClient(new FileTree());
  expect(() => client.call(102, "dssd", 9, "root", "", 0)).toThrow(`errno ${EOPNOTSUPP}`);
  expect(() => client.call(30, "dds", 0, 9, "user.x")).toThrow(`errno ${EOPNOTSUPP}`);
  expect(() => client.call(32, "dsqd", 0, "user.x", 1, 0)).toThrow(`errno ${EOPNOTSUPP}`);
  expect(() => client.call(114, "d", 0)).toThrow(`errno ${EOPNOTSUPP}`);
});

describe("files that are fetched first", () => {
  test("an open waits for the content, and so does nobody else", async () => {
    const { tree, deliver } = lazyTree();
    const client = new TestClient(tree);
    const fid = client.walk("lazy");
    expect(client.getattr(fid).size).toBe(4);
    const opening = client.callLater(12, "dd", fid, 0);
    expect(client.getattr(fid).size).toBe(4);
    deliver("done");
    await opening;
    expect(client.read(fid)).toBe("done");
  });

  test("a failure is an I/O error, and the next open tries again", async () => {
    const { tree, deliver, fail } = lazyTree();
    const client = new TestClient(tree);
    const fid = client.walk("lazy");
    const first = client.callLater(12, "dd", fid, 0);
    fail();
    await expect(first).rejects.toThrow(`errno ${EIO}`);
    const second = client.callLater(12, "dd", fid, 0);
    deliver("done");
    await second;
  });

  test("cutting to nothing needs no content; cutting to a length does", async () => {
    const { tree } = lazyTree();
    new TestClient(tree).open("lazy", 0o1002);
    expect(tree.readFile("lazy")).toHaveLength(0);
    const other = lazyTree();
    const client = new TestClient(other.tree);
    const fid = client.walk("lazy");
    const cutting = client.callLater(
      26,
      "ddddqqqqq".replace("ddddq", "dddddq"),
      fid,
      8,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      0,
    );
    other.deliver("done");
    await cutting;
    expect(new TextDecoder().decode(other.tree.readFile("lazy"))).toBe("do");
  });

  test("a fid clunked meanwhile does no harm", async () => {
    const { tree, deliver } = lazyTree();
    const client = new TestClient(tree);
    const directory = client.walk("");
    const creating = client.callLater(14, "dsddd", directory, "lazy", 0o2, 0o644, 0);
    client.clunk(directory);
    tree.remove("lazy");
    deliver("done");
    await expect(creating).rejects.toThrow(`errno ${EBADF}`);
    expect(tree.usage).toMatchObject({ bytes: 0, entries: 0 });
    expect(client.internalErrors).toEqual([]);
  });

  test("Tflush ends the wait: first the request's answer, then its own", async () => {
    const { tree, deliver } = lazyTree();
    const client = new TestClient(tree);
    const fid = client.walk("lazy");
    const replies: string[] = [];
    const note = (reply: Uint8Array): void => {
      replies.push(`type ${reply[4]} tag ${reply[5]}`);
    };
    client.server.serve(encodeMessage(12, 5, "dd", fid, 0), note);
    client.server.serve(encodeMessage(108, 6, "w", 5), note);
    await client.server.whenIdle();
    await Promise.resolve();
    expect(replies).toEqual(["type 7 tag 5", "type 109 tag 6"]);
    deliver("done");
    await tree.load("lazy");
    // The open did not happen behind the guest's back.
    expect(() => client.read(fid)).toThrow(`errno ${EBADF}`);
    client.call(12, "dd", fid, 0);
  });

  test("Tflush of what is answered already is just answered", () => {
    new TestClient(new FileTree()).call(108, "w", 77);
  });

  test("a restored guest hears nothing of what it did not ask", async () => {
    const { tree, deliver } = lazyTree();
    const client = new TestClient(tree);
    const session = client.server.saveSession();
    const fid = client.walk("lazy");
    const replies: Uint8Array[] = [];
    client.server.serve(encodeMessage(12, 5, "dd", fid, 0), (reply) => replies.push(reply));
    const direct = client.callLater(12, "dd", fid, 0);
    client.server.restoreSession(session);
    deliver("done");
    await expect(direct).rejects.toThrow(`errno ${EINTR}`);
    await client.server.whenIdle();
    expect(replies).toEqual([]);
  });
});

test("a listener that throws is told of, and is an I/O error for the guest", () => {
  const tree = new FileTree();
  const client = new TestClient(tree);
  using _ = tree.onChange(() => {
    throw new Error("listener");
  });
  expect(() => client.create("", "f")).toThrow(`errno ${EIO}`);
  expect(client.internalErrors).toHaveLength(1);
});
