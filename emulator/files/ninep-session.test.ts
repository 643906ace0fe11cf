import { describe, expect, test } from "vitest";
import { parseSession, type Session } from "./ninep-session.js";
import { TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const EBADF = "errno 9";
const ESTALE = "errno 116";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (tree: FileTree, path: string): string =>
  new TextDecoder().decode(tree.readFile(path));

function mounted(): { tree: FileTree; client: TestClient } {
  const tree = new FileTree();
  tree.writeFile("project/a.c", bytes("first"));
  tree.writeFile("project/b.c", bytes("second"));
  return { tree, client: new TestClient(tree) };
}

/** As it is after a file, or after a way to another thread. */
const copyOf = (session: Session): Session => parseSession(JSON.parse(JSON.stringify(session)));

describe("back to a checkpoint in the same process", () => {
  test("fids are as they were, files stay as they are", () => {
    const { tree, client } = mounted();
    const log = client.create("project", "log", 0o2001);
    client.write(log, "before\n");
    const directory = client.open("project");
    const session = client.server.saveSession();

    client.write(log, "after\n");
    client.clunk(log);
    const later = client.open("project/a.c");
    tree.writeFile("project/a.c", bytes("edited"));
    client.server.restoreSession(session);

    client.write(log, "again\n");
    expect(textOf(tree, "project/log")).toBe("before\nafter\nagain\n");
    expect(textOf(tree, "project/a.c")).toBe("edited");
    expect(client.readdir(directory)).toHaveLength(5);
    expect(() => client.read(later)).toThrow(EBADF);
  });

  test("open files are the same ones, renamed or removed since", () => {
    const { tree, client } = mounted();
    const renamed = client.open("project/a.c", 0o2);
    const removed = client.open("project/b.c", 0o2);
    const directory = client.walk("project");
    const session = client.server.saveSession();

    tree.rename("project", "moved");
    tree.rename("moved/a.c", "moved/c.c");
    client.clunk(removed);
    tree.remove("moved/b.c");
    tree.writeFile("moved/b.c", bytes("another file"));
    client.server.restoreSession(session);

    client.write(renamed, "FIRST");
    expect(textOf(tree, "moved/c.c")).toBe("FIRST");
    expect(client.read(removed)).toBe("second");
    client.call(72, "dsdd", directory, "sub", 0o755, 0);
    expect(tree.exists("moved/sub")).toBe(true);
    expect(textOf(tree, "moved/b.c")).toBe("another file");
  });

  test("a session can be gone back to more than once, also an older one", () => {
    const { tree, client } = mounted();
    const first = client.server.saveSession();
    const fid = client.open("project/a.c", 0o2);
    const second = client.server.saveSession();
    tree.remove("project", { recursive: true });
    for (let i = 0; i < 3; i++) {
      client.server.restoreSession(first);
      expect(() => client.read(fid)).toThrow(EBADF);
      expect(tree.usage.bytes).toBe(0);
      client.server.restoreSession(second);
      expect(client.read(fid)).toBe("first");
      expect(tree.usage.bytes).toBe(512);
    }
    client.clunk(fid);
    expect(tree.usage.bytes).toBe(0);
  });

  test("a copy of the session finds files that are still there, by whatever name", () => {
    const { tree, client } = mounted();
    const renamed = client.open("project/a.c");
    const removed = client.open("project/b.c");
    const session = copyOf(client.server.saveSession());
    tree.rename("project/a.c", "project/z.c");
    client.clunk(removed);
    tree.remove("project/b.c");
    tree.writeFile("project/b.c", bytes("another file"));
    client.server.restoreSession(session);
    expect(client.read(renamed)).toBe("first");
    expect(() => client.read(removed)).toThrow(ESTALE);
  });

  test("hard links keep the name they were walked by", () => {
    const { tree, client } = mounted();
    client.call(70, "dds", 0, client.walk("project/a.c"), "second");
    const fid = client.walk("second");
    const session = client.server.saveSession();
    client.server.restoreSession(session);
    client.call(122, "d", fid);
    expect(tree.list("/")).toEqual(["project"]);
  });

  test("the negotiated size comes back", () => {
    const tree = new FileTree();
    const client = new TestClient(tree, 8192);
    const session = client.server.saveSession();
    client.call(100, "ds", 65_536, "9P2000.L");
    client.server.restoreSession(session);
    expect(client.getattr(0).blksize).toBe(4096);
  });
});

describe("a session from an image, on another tree", () => {
  function saved(): { session: Session; file: number; append: number; directory: number } {
    const { client } = mounted();
    const file = client.open("project/a.c");
    const append = client.open("project/b.c", 0o2001);
    const directory = client.walk("project");
    return { session: copyOf(client.server.saveSession()), file, append, directory };
  }

  test("is found by path", () => {
    const { session, file, append, directory } = saved();
    const tree = new FileTree();
    // Other numbers than in the first tree.
    tree.writeFile("other", bytes("x"));
    tree.writeFile("project/b.c", bytes("B"));
    tree.writeFile("project/a.c", bytes("A"));
    const client = new TestClient(tree);
    client.server.restoreSession(session);
    expect(client.read(file)).toBe("A");
    client.write(append, "+");
    expect(textOf(tree, "project/b.c")).toBe("B+");
    client.call(72, "dsdd", directory, "sub", 0o755, 0);
    expect(tree.exists("project/sub")).toBe(true);
    expect(client.server.saveSession().fids).toHaveLength(session.fids.length);
  });

  test("what is not there is stale, keeps its number, and can be given back", () => {
    const { session, file, directory } = saved();
    const tree = new FileTree();
    // A file where a directory was: not the same thing.
    tree.writeFile("project", bytes("x"));
    const client = new TestClient(tree);
    client.server.restoreSession(session);
    expect(() => client.read(file)).toThrow(ESTALE);
    expect(() => client.getattr(directory)).toThrow(ESTALE);
    expect(() => client.call(110, "ddT", directory, 99, [])).toThrow(ESTALE);
    expect(() => client.call(110, "ddT", 0, file, [])).toThrow("errno 22");
    client.clunk(file);
    expect(() => client.clunk(file)).toThrow(EBADF);
    expect(client.getattr(0).nlink).toBe(2);
  });

  test("what is written later is found then", () => {
    const { session, file } = saved();
    const tree = new FileTree();
    const client = new TestClient(tree);
    client.server.restoreSession(session);
    expect(() => client.read(file)).toThrow(ESTALE);
    const again = copyOf(client.server.saveSession());
    tree.writeFile("project/a.c", bytes("here now"));
    expect(client.read(file)).toBe("here now");
    client.server.restoreSession(again);
    expect(client.read(file)).toBe("here now");
  });

  test("a file removed while open is nowhere", () => {
    const { tree, client } = mounted();
    const fid = client.open("project/a.c");
    tree.remove("project/a.c");
    const session = copyOf(client.server.saveSession());
    const other = new TestClient(new FileTree());
    other.server.restoreSession(session);
    expect(() => other.read(fid)).toThrow(ESTALE);
  });
});

test("a session is plain data", () => {
  const { client } = mounted();
  const fid = client.open("project/a.c", 0o2002);
  const session = client.server.saveSession();
  expect(structuredClone(session)).toEqual(session);
  expect(copyOf(session)).toEqual(session);
  expect(session.fids[1]).toMatchObject({
    fid,
    path: "/project/a.c",
    directory: false,
    open: { read: true, write: true, append: true },
  });
});

test.each([
  null,
  {},
  { format: 2, tree: "", messageSize: 0, fids: [] },
  { format: 1, tree: "", messageSize: -1, fids: [] },
  { format: 1, tree: "", messageSize: 0, fids: [{ fid: 1 }] },
])("%j is no session", (value) => {
  expect(() => parseSession(value)).toThrow("EINVAL");
});
