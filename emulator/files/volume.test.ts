/** Trees in directories of another: what a guest sees as one, and the host keeps apart. */
import { describe, expect, test } from "vitest";
import type { TreeChange } from "./changes.js";
import { TestClient } from "./test-client.js";
import { FileTree } from "./tree.js";

const EXDEV = "errno 18";
const ENOSPC = "errno 28";
const EROFS = "errno 30";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (tree: FileTree, path: string): string =>
  new TextDecoder().decode(tree.readFile(path));

function mounted() {
  const tree = new FileTree({ guestMayWrite: false, id: "outer" });
  const home = new FileTree({ byteLimit: 8192, entryLimit: 4 }, { tree, path: "home" });
  const packs = new FileTree({ guestMayWrite: false }, { tree, path: "packs" });
  home.writeFile("user/notes", bytes("mine"), { uid: 1000 });
  packs.writeFile("tool/bin/run", bytes("program"), { mode: 0o755 });
  return { tree, home, packs, client: new TestClient(tree) };
}

describe("a tree in a directory of another", () => {
  test("has paths of its own, and shows nothing around it", () => {
    const { tree, home, packs } = mounted();
    expect(tree.list("/")).toEqual(["home", "packs"]);
    expect(textOf(tree, "/home/user/notes")).toBe("mine");
    expect(home.list("/")).toEqual(["user"]);
    expect([...packs.walk()].map(({ path }) => path)).toEqual([
      "/",
      "/tool",
      "/tool/bin",
      "/tool/bin/run",
    ]);
    expect(home.exists("tool")).toBe(false);
    expect(() => home.remove("/", { recursive: true })).toThrow("EBUSY");
    expect(home.pathWithin("/home/user/notes", tree)).toBe("/user/notes");
    expect(home.pathWithin("/home", tree)).toBe("/");
    expect(home.pathWithin("/homes", tree)).toBeUndefined();
    expect(home.id).toBe("outer");
  });

  test("tells of its own changes, by its own paths", () => {
    const { home, packs, client } = mounted();
    const told: TreeChange[] = [];
    home.onChange((change) => told.push(change));
    packs.writeFile("tool/other", bytes(""));
    client.write(client.open("home/user/notes", 0o1), "M");
    home.rename("user/notes", "user/moved");
    expect(told).toEqual([
      { kind: "written", path: "/user/notes", origin: "guest" },
      { kind: "renamed", from: "/user/notes", path: "/user/moved", origin: "host" },
    ]);
  });

  test("has limits of its own", () => {
    const { tree, home, packs, client } = mounted();
    expect(home.usage).toMatchObject({ byteLimit: 8192, entries: 2, entryLimit: 4 });
    expect(packs.usage.entries).toBe(3);
    expect(tree.usage.entries).toBe(2);
    const fid = client.open("home/user/notes", 0o2);
    expect(() => client.write(fid, "x".repeat(9000))).toThrow(ENOSPC);
    packs.writeFile("tool/large", new Uint8Array(100_000));
    expect(home.usage.bytes).toBeLessThanOrEqual(8192);
    const statfs = client.call(8, "d", client.walk("home"));
    expect([statfs.d(), statfs.d(), statfs.q()]).toEqual([0x01021997, 4096, 2]);
  });
});

describe("files that the guest may not write", () => {
  test("stay as they are, whatever it asks for", () => {
    const { packs, client } = mounted();
    const [directory, file] = [client.walk("packs/tool/bin"), client.walk("packs/tool/bin/run")];
    const now = 1 << 5;
    const requests: Record<string, () => unknown> = {
      "open to write": () => client.open("packs/tool/bin/run", 0o1),
      "open to read and write": () => client.open("packs/tool/bin/run", 0o2),
      "open and cut": () => client.open("packs/tool/bin/run", 0o1000),
      create: () => client.create("packs/tool", "new"),
      chmod: () => client.call(26, "dddddqqqqq", file, 1, 0o777, 0, 0, 0, 0, 0, 0, 0),
      truncate: () => client.call(26, "dddddqqqqq", file, 8, 0, 0, 0, 0, 0, 0, 0, 0),
      touch: () => client.call(26, "dddddqqqqq", directory, now, 0, 0, 0, 0, 0, 0, 0, 0),
      mkdir: () => client.call(72, "dsdd", directory, "sub", 0o755, 0),
      symlink: () => client.call(16, "dssd", directory, "link", "run", 0),
      link: () => client.call(70, "dds", directory, file, "second"),
      unlink: () => client.call(76, "dsd", directory, "run", 0),
      remove: () => client.call(122, "d", client.walk("packs/tool/bin/run")),
      rename: () => client.call(20, "dds", file, directory, "other"),
      "rename in place": () => client.call(74, "dsds", directory, "run", directory, "other"),
      "remove a volume": () => client.call(76, "dsd", client.walk(""), "home", 0x200),
      "move in": () => client.call(74, "dsds", client.walk("home/user"), "notes", directory, "x"),
      "move out": () => client.call(74, "dsds", directory, "run", client.walk("home/user"), "x"),
    };
    for (const [name, request] of Object.entries(requests)) {
      expect(request, name).toThrow(EROFS);
    }
    expect(textOf(packs, "tool/bin/run")).toBe("program");
    expect(packs.list("tool")).toEqual(["bin"]);
    expect(packs.list("tool/bin")).toEqual(["run"]);
  });

  test("are read as any others, also those that are fetched first", async () => {
    const { packs, client } = mounted();
    expect(client.read(client.open("packs/tool/bin/run"))).toBe("program");
    packs.writeLazyFile("tool/lazy", { size: 4, load: async () => bytes("lazy") });
    await packs.load("tool/lazy");
    expect(client.read(client.open("packs/tool/lazy"))).toBe("lazy");
  });
});

test("no name is given to a file of another volume", () => {
  const tree = new FileTree();
  const home = new FileTree({}, { tree, path: "home" });
  tree.writeFile("outside", bytes("1"));
  home.writeFile("inside", bytes("2"));
  const client = new TestClient(tree);
  const directory = client.walk("home");
  const root = client.walk("");
  expect(() => client.call(70, "dds", directory, client.walk("outside"), "new")).toThrow(EXDEV);
  expect(() => client.call(74, "dsds", root, "outside", directory, "new")).toThrow(EXDEV);
  expect(() => tree.rename("home/inside", "moved")).toThrow("EXDEV");
  expect(tree.list("/")).toEqual(["home", "outside"]);
  expect(home.list("/")).toEqual(["inside"]);
});
