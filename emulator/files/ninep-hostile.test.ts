import { describe, expect, test } from "vitest";
import { NinePServer } from "./ninep-server.js";
import { encodeMessage, TestClient } from "./test-client.js";
import { seededRandom } from "./test-random.js";
import { FileTree } from "./tree.js";

const EBADF = 9;
const EINVAL = 22;

/** One valid request of each type that has fields, on fids 0 (the root) and 1 (an open file). */
const validRequests: readonly Uint8Array[] = [
  encodeMessage(8, 1, "d", 0),
  encodeMessage(12, 1, "dd", 2, 0),
  encodeMessage(14, 1, "dsddd", 3, "new", 0o2, 0o644, 0),
  encodeMessage(16, 1, "dssd", 0, "link", "target", 0),
  encodeMessage(18, 1, "dsdddd", 0, "node", 0o010644, 0, 0, 0),
  encodeMessage(20, 1, "dds", 1, 0, "renamed"),
  encodeMessage(22, 1, "d", 4),
  encodeMessage(24, 1, "dq", 0, 0x7ff),
  encodeMessage(26, 1, "dddddqqqqq", 1, 0x1ff, 0o600, 1, 1, 3, 1, 1, 1, 1),
  encodeMessage(40, 1, "dqd", 5, 0, 4096),
  encodeMessage(50, 1, "dd", 1, 0),
  encodeMessage(52, 1, "dbdqqds", 1, 1, 0, 0, 0, 1, "guest"),
  encodeMessage(54, 1, "dbqqds", 1, 1, 0, 0, 1, "guest"),
  encodeMessage(70, 1, "dds", 0, 1, "second"),
  encodeMessage(72, 1, "dsdd", 0, "directory", 0o755, 0),
  encodeMessage(74, 1, "dsds", 0, "file", 0, "renamed"),
  encodeMessage(76, 1, "dsd", 0, "file", 0),
  encodeMessage(100, 1, "ds", 8192, "9P2000.L"),
  encodeMessage(104, 1, "ddssd", 9, 0xffff_ffff, "user", "", 0),
  encodeMessage(108, 1, "w", 1),
  encodeMessage(110, 1, "ddT", 0, 9, ["dir", "inside"]),
  encodeMessage(116, 1, "dqd", 1, 0, 4096),
  encodeMessage(118, 1, "dqV", 1, 0, Uint8Array.of(1, 2, 3)),
  encodeMessage(120, 1, "d", 1),
  encodeMessage(122, 1, "d", 1),
];

/** A guest whose fids the requests above are for. */
function mounted(): { tree: FileTree; client: TestClient } {
  const tree = new FileTree({ byteLimit: 2 ** 20, entryLimit: 100 });
  tree.writeFile("file", new Uint8Array(100));
  tree.writeFile("dir/inside", new Uint8Array(1));
  tree.symlink("link0", "target");
  const client = new TestClient(tree, 8192);
  client.open("file", 0o2);
  client.walk("file");
  client.walk("");
  client.walk("link0");
  client.open("");
  return { tree, client };
}

function answer(client: TestClient, request: Uint8Array): Uint8Array {
  const reply = client.server.handle(request);
  if (reply instanceof Promise) throw new Error("not at once");
  return reply;
}

const errnoOf = (reply: Uint8Array): number | null =>
  reply[4] === 7 ? new DataView(reply.buffer, reply.byteOffset).getUint32(7, true) : null;

describe("requests cut off", () => {
  test("each valid request is answered; the cut ones below are cut from these", () => {
    for (const request of validRequests) {
      expect(errnoOf(answer(mounted().client, request)), `type ${request[4]}`).toBeNull();
    }
  });

  test("at every byte, whatever they say of their size, and nothing is changed", () => {
    const { tree, client } = mounted();
    const before = JSON.stringify([...tree.walk()]);
    const session = JSON.stringify(client.server.saveSession());
    for (const request of validRequests) {
      for (let length = 0; length < request.length; length++) {
        const cut = request.slice(0, length);
        expect(errnoOf(answer(client, cut))).toBe(EINVAL);
        if (length < 4) continue;
        new DataView(cut.buffer).setUint32(0, length, true);
        expect(errnoOf(answer(client, cut)), `type ${request[4]} at ${length}`).toBe(EINVAL);
      }
    }
    expect(client.internalErrors).toEqual([]);
    expect(JSON.stringify([...tree.walk()])).toBe(before);
    expect(JSON.stringify(client.server.saveSession())).toBe(session);
  });

  test("bytes behind what a request says it has are not read", () => {
    const { client } = mounted();
    const request = encodeMessage(118, 1, "dqV", 1, 0, new Uint8Array(64));
    new DataView(request.buffer).setUint32(0, request.length - 1, true);
    expect(errnoOf(answer(client, request))).toBe(EINVAL);
  });

  test("a request in the middle of a larger buffer reads nothing around it", () => {
    const { client } = mounted();
    const request = encodeMessage(116, 1, "dqd", 1, 0, 4);
    const around = new Uint8Array(100).fill(0xff);
    around.set(request, 30);
    const reply = answer(client, around.subarray(30, 30 + request.length));
    expect(reply.length).toBe(15);
  });
});

describe("wild fields", () => {
  test("counts larger than the request", () => {
    const { client } = mounted();
    const write = encodeMessage(118, 1, "dqd", 1, 0, 0xffff_ffff);
    expect(errnoOf(answer(client, write))).toBe(EINVAL);
    const walk = encodeMessage(110, 1, "ddw", 0, 9, 0xffff);
    expect(errnoOf(answer(client, walk))).toBe(EINVAL);
    const name = encodeMessage(72, 1, "dw", 0, 0xffff);
    expect(errnoOf(answer(client, name))).toBe(EINVAL);
  });

  test("fids that there are not", () => {
    for (const request of validRequests) {
      const type = request[4] ?? 0;
      // These are about no fid that must be there.
      if ([100, 104, 108].includes(type)) continue;
      const { client } = mounted();
      const wild = request.slice();
      new DataView(wild.buffer).setUint32(7, 0xdead, true);
      expect(errnoOf(answer(client, wild)), `type ${type}`).toBe(EBADF);
    }
  });

  test.each([
    "/",
    "a/b",
    "..",
    ".",
    "",
    "a\0b",
    "\0",
    "x".repeat(65_535),
    Uint8Array.of(0x2f),
    new Uint8Array(65_535).fill(0xff),
  ])("a name that is none makes nothing (%#)", (name) => {
    const { tree, client } = mounted();
    const before = [...tree.walk()].map(({ path }) => path);
    const requests = [
      encodeMessage(14, 1, "dsddd", 3, name, 0o2, 0o644, 0),
      encodeMessage(16, 1, "dssd", 0, name, "target", 0),
      encodeMessage(18, 1, "dsdddd", 0, name, 0o100644, 0, 0, 0),
      encodeMessage(20, 1, "dds", 1, 0, name),
      encodeMessage(70, 1, "dds", 0, 1, name),
      encodeMessage(72, 1, "dsdd", 0, name, 0o755, 0),
      encodeMessage(74, 1, "dsds", 0, "file", 0, name),
      encodeMessage(74, 1, "dsds", 0, name, 0, "x"),
      encodeMessage(76, 1, "dsd", 0, name, 0x200),
    ];
    for (const request of requests) {
      expect(errnoOf(answer(client, request)), `type ${request[4]}`).not.toBeNull();
    }
    expect([...tree.walk()].map(({ path }) => path)).toEqual(before);
    expect(client.internalErrors).toEqual([]);
  });

  test("names of 100,000 bytes by the host", () => {
    const tree = new FileTree();
    expect(() => tree.writeFile("x".repeat(100_000), new Uint8Array())).toThrow("ENAMETOOLONG");
    expect(tree.exists("x".repeat(100_000))).toBe(false);
  });

  test("a reply that would not fit", () => {
    const { client } = mounted();
    const lock = encodeMessage(54, 1, "dbqqds", 1, 1, 0, 0, 1, "x".repeat(60_000));
    expect(errnoOf(answer(client, lock))).toBe(90);
  });
});

test("20,000 random requests: no exception, no reply too long, no memory without bound", () => {
  const random = seededRandom(20_000);
  const { tree, client } = mounted();
  const names = ["file", "dir", "a", "b", "..", "", "x/y", "\xff", "long".repeat(80)];
  const name = (): string => names[random(names.length)] ?? "";
  const fid = (): number => random(12);
  const wild = (): number => (random(4) === 0 ? random(2 ** 32) : random(8192));
  const values: Record<string, () => number | string | Uint8Array | string[]> = {
    b: () => random(256),
    w: () => random(65_536),
    d: wild,
    q: wild,
    s: name,
    T: () => Array.from({ length: random(4) }, name),
    V: () => new Uint8Array(random(3000)),
  };
  const formats: Record<number, string> = {
    8: "d",
    12: "dd",
    14: "dsddd",
    16: "dssd",
    18: "dsdddd",
    20: "dds",
    22: "d",
    24: "dq",
    26: "dddddqqqqq",
    30: "dds",
    32: "dsqd",
    40: "dqd",
    50: "dd",
    52: "dbdqqds",
    54: "dbqqds",
    70: "dds",
    72: "dsdd",
    74: "dsds",
    76: "dsd",
    100: "ds",
    104: "ddssd",
    108: "w",
    110: "ddT",
    116: "dqd",
    118: "dqV",
    120: "d",
    122: "d",
  };
  const types = Object.keys(formats).map(Number);
  const answered = new Set<number>();
  const tooLong: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const drawn = types[random(types.length)] ?? 8;
    // Tversion takes all fids away, and with them what there is to attack: seldom.
    const type = drawn === 100 && random(20) !== 0 ? 110 : drawn;
    const format = formats[type] ?? "d";
    const fields = [...format].map((letter, index) =>
      letter === "d" && (index < 2 || random(3) === 0) ? fid() : (values[letter]?.() ?? 0),
    );
    const request = encodeMessage(type, random(65_536), format, ...fields);
    for (let flips = random(3); flips > 0 && random(3) === 0; flips--) {
      request[random(request.length)] = random(256);
    }
    const cut = random(10) === 0 ? request.subarray(0, random(request.length)) : request;
    const reply = answer(client, cut);
    if (reply.length >= 8192) tooLong.push(type);
    if (reply[4] !== 7) answered.add(type);
    if (random(50) === 0) remount(client);
  }
  expect(client.internalErrors).toEqual([]);
  expect(tooLong).toEqual([]);
  const { bytes, byteLimit, entries, entryLimit } = tree.usage;
  expect(bytes).toBeLessThanOrEqual(byteLimit);
  expect(entries).toBeLessThanOrEqual(entryLimit);
  // The requests were not all refused: nearly each type was done now and then.
  expect(answered.size).toBeGreaterThan(20);
});

/** Some of the fids that the requests name, as they were in the beginning. */
function remount(client: TestClient): void {
  client.server.handle(encodeMessage(100, 1, "ds", 8192, "9P2000.L"));
  client.server.handle(encodeMessage(104, 1, "ddssd", 0, 0xffff_ffff, "", "", 1000));
  client.server.handle(encodeMessage(14, 1, "dsddd", 0, "file", 0o2, 0o644, 0));
  client.server.handle(encodeMessage(104, 1, "ddssd", 1, 0xffff_ffff, "", "", 1000));
  client.server.handle(encodeMessage(12, 1, "dd", 1, 0));
  client.server.handle(encodeMessage(104, 1, "ddssd", 2, 0xffff_ffff, "", "", 1000));
}

test("random bytes before anything else", () => {
  const random = seededRandom(7);
  const errors: unknown[] = [];
  const server = new NinePServer(new FileTree(), { onInternalError: (e) => errors.push(e) });
  for (let i = 0; i < 2000; i++) {
    const reply = server.handle(Uint8Array.from({ length: random(40) }, () => random(256)));
    expect(reply).toBeInstanceOf(Uint8Array);
  }
  expect(errors).toEqual([]);
});
