import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../emulator/console/crc32.js";
import { packFolder, unpackFolder } from "./share-format.js";
import { ShareLinkError } from "./share-link-error.js";
import { MOST_BYTES, MOST_FILES, type SharedFolder } from "./shared-folder.js";

const FOLDER: SharedFolder = {
  name: "3-locking",
  files: [
    { path: "hello.c", text: "int x;\n" },
    { path: "include/größe.h", text: "/* größe */\n".repeat(1000) },
    { path: "Makefile", text: "" },
    { path: "__proto__", text: "constructor" },
    { path: "bom.c", text: "\ufeffint y;\r\n" },
  ],
};

/** What a link would hold that was made by somebody else's program. */
function packed(plain: Uint8Array | string, checksum?: number): Uint8Array {
  const bytes = Buffer.from(plain);
  const start = Buffer.alloc(4);
  start.writeUInt32LE(checksum ?? crc32(bytes));
  return Buffer.concat([start, deflateRawSync(bytes)]);
}

function text(value: string | Uint8Array, length = Buffer.from(value).length): Buffer {
  const start = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, (length >> 7) & 0x7f];
  return Buffer.concat([Buffer.from(start), Buffer.from(value)]);
}

function plainOf(...texts: (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(texts.map((each) => text(each)));
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ShareLinkError) return error.code;
    throw error;
  }
  return "fine";
}

describe("a folder", () => {
  it("comes back as it was", () => expect(unpackFolder(packFolder(FOLDER))).toEqual(FOLDER));

  it("is packed as any DEFLATE unpacks it", () => {
    const plain = inflateRawSync(
      packFolder({ name: "n", files: [{ path: "p", text: "t" }] }).slice(4),
    );
    expect([...plain]).toEqual([1, 0x6e, 1, 0x70, 1, 0x74]);
  });

  it("is unpacked as any DEFLATE packs it", () => {
    expect(unpackFolder(packed(plainOf("n", "a.c", "x".repeat(300))))).toEqual({
      name: "n",
      files: [{ path: "a.c", text: "x".repeat(300) }],
    });
  });

  it("of random sources comes back", () => {
    const random = new Random(1);
    for (let round = 0; round < 50; round++) {
      const files = Array.from({ length: 1 + random.below(8) }, (_, index) => ({
        path: `f${index}.c`,
        text: String.fromCharCode(...random.bytes(random.below(3000)).map((byte) => byte || 1)),
      }));
      const folder = { name: `folder ${round}`, files };
      expect(unpackFolder(packFolder(folder))).toEqual(folder);
    }
  });
});

describe("what cannot be shared", () => {
  it("is refused", () => {
    const file = (path: string, content = "") => ({ path, text: content });
    const refused = (folder: SharedFolder) => codeOf(() => packFolder(folder));
    expect(refused({ name: "n", files: [] })).toBe("refused");
    expect(refused({ name: "..", files: [file("a.c")] })).toBe("refused");
    expect(refused({ name: "n", files: [file("../a.c")] })).toBe("refused");
    const many = Array.from({ length: MOST_FILES + 1 }, (_, index) => file(`${index}.c`));
    expect(refused({ name: "n", files: many })).toBe("too-large");
    expect(refused({ name: "n", files: many.slice(1) })).toBe("fine");
    expect(refused({ name: "n", files: [file("a.c", "x".repeat(MOST_BYTES))] })).toBe("too-large");
  });
});

describe("a hostile link", () => {
  it.each<[string, (string | Uint8Array)[]]>([
    ["no files", ["n"]],
    ["a way out of the folder", ["n", "../../.profile", "x"]],
    ["a path from the root", ["n", "/etc/passwd", "x"]],
    ["a folder's name with a way out", ["../2-fops", "hello.c", "x"]],
    ["a name that steers a terminal", ["n", "\x1b]0;owned\x07.c", "x"]],
    ["a name that turns its direction", ["n", "a\u202ec.b", "x"]],
    ["a name that is too long", ["n", "x".repeat(256), "x"]],
    ["the same name twice", ["n", "a.c", "x", "a.c", "y"]],
    ["a file where a folder is", ["n", "a", "x", "a/b.c", "y"]],
    ["a name that is no UTF-8", ["n", Uint8Array.of(0x61, 0xff), "x"]],
    ["a file that is no text", ["n", "a.c", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0)]],
    ["a file that is no UTF-8", ["n", "a.c", Uint8Array.of(0xc3, 0x28)]],
  ])("with %s is refused", (_, texts) => {
    expect(codeOf(() => unpackFolder(packed(plainOf(...texts))))).toBe("refused");
  });

  it("with more files than there may be is refused, however small they are", () => {
    const files = Array.from({ length: 20_000 }, (_, index) => [`${index}`, ""]).flat();
    expect(codeOf(() => unpackFolder(packed(plainOf("n", ...files))))).toBe("too-large");
  });

  it.each([MOST_BYTES + 1, 2 ** 25])("that unpacks to %d bytes is not unpacked", (bytes) => {
    const bomb = packed(new Uint8Array(bytes));
    expect(codeOf(() => unpackFolder(bomb))).toBe("too-large");
  });

  it("with lengths that are not there is damaged", () => {
    const broken = [
      Buffer.from([5, 0x61]),
      Buffer.from([0x80]),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.concat([text("n"), text("a.c")]),
      Buffer.concat([text("n"), text("a.c"), text("x", 3)]),
      Buffer.alloc(0),
    ];
    for (const plain of broken) {
      expect(
        codeOf(() => unpackFolder(packed(plain))),
        plain.toString("hex"),
      ).toBe("damaged");
    }
  });

  it("with another checksum is damaged", () => {
    const plain = plainOf("n", "a.c", "x");
    expect(codeOf(() => unpackFolder(packed(plain)))).toBe("fine");
    expect(codeOf(() => unpackFolder(packed(plain, 0)))).toBe("damaged");
  });
});

describe("a link that was cut off or changed", () => {
  const whole = packFolder(FOLDER);

  it("is damaged at any length", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(
        codeOf(() => unpackFolder(whole.slice(0, length))),
        `${length} bytes`,
      ).toBe("damaged");
    }
  });

  it("is never taken for another one, whichever bit has changed", () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const changed = whole.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      let opened: SharedFolder | undefined;
      const code = codeOf(() => {
        opened = unpackFolder(changed);
      });
      // The bits behind the last block mean nothing.
      if (code === "fine") expect(opened, `bit ${bit}`).toEqual(FOLDER);
    }
  });

  it("is refused, and nothing else happens, for random bytes", () => {
    const random = new Random(2);
    for (let round = 0; round < 5_000; round++) {
      const bytes = random.bytes(random.below(round % 10 === 0 ? 2000 : 60));
      expect(codeOf(() => unpackFolder(bytes))).not.toBe("fine");
    }
  });

  it("is refused, and nothing else happens, for random bytes with a checksum that is right", () => {
    const random = new Random(3);
    const codes = new Set<string>();
    for (let round = 0; round < 5_000; round++) {
      const plain = random.bytes(random.below(40)).map((byte) => (byte < 160 ? byte % 6 : byte));
      codes.add(codeOf(() => unpackFolder(packed(plain))));
    }
    expect(codes).toContain("damaged");
    expect(codes).toContain("refused");
  });
});

/** Marsaglia's xorshift32, so that what was found once is found again. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 0x9e3779b9;
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
