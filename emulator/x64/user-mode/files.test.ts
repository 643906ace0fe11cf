import { beforeEach, describe, expect, it } from "vitest";
import { Files } from "./files.js";

/** include/uapi/asm-generic/fcntl.h. */
const O_WRONLY = 1;
const O_RDWR = 2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;
/** include/uapi/asm-generic/errno-base.h. */
const [ENOENT, EBADF, EEXIST, EISDIR, ESPIPE] = [-2, -9, -17, -21, -29];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined): string | undefined =>
  data && new TextDecoder().decode(data);

let files: Files;

beforeEach(() => {
  files = new Files(new Map([["/etc/motd", bytes("hello")]]), bytes("typed"));
});

describe("a file that is there", () => {
  it("is read from where the last read ended, or a seek went", () => {
    const file = files.descriptor(files.open("/etc/motd", 0));
    expect([text(file?.read(3)), text(file?.read(100)), text(file?.read(1))]).toEqual([
      "hel",
      "lo",
      "",
    ]);
    expect(file?.seek(-2, 2)).toBe(3);
    expect(text(file?.read(9))).toBe("lo");
  });

  it("is found by any name of its path", () => {
    for (const path of ["etc/motd", "/etc/../etc/./motd", "//etc//motd"]) {
      expect(files.open(path, 0)).toBeGreaterThan(2);
    }
    expect(files.find("/etc")?.kind).toBe("directory");
    expect(files.open("/etc", O_WRONLY)).toBe(EISDIR);
  });

  it("is written over, behind its end, and from new", () => {
    const append = files.descriptor(files.open("/etc/motd", O_WRONLY | O_APPEND));
    append?.write(bytes(" you"));
    const update = files.descriptor(files.open("/etc/motd", O_RDWR));
    update?.seek(12, 0);
    update?.write(bytes("!"));
    expect(text(files.contents().get("/etc/motd"))).toBe("hello you\0\0\0!");
    files.open("/etc/motd", O_WRONLY | O_TRUNC);
    expect(files.contents().get("/etc/motd")).toEqual(new Uint8Array());
  });
});

it("a file is made where it is not, and not where it must not be", () => {
  expect(files.open("/new", 0)).toBe(ENOENT);
  const made = files.open("/new", O_WRONLY | O_CREAT | O_EXCL);
  expect(made).toBe(3);
  expect(files.open("/new", O_WRONLY | O_CREAT | O_EXCL)).toBe(EEXIST);
  expect(files.close(made)).toBe(0);
  expect(files.close(made)).toBe(EBADF);
});

it("standard streams have no place, and are read or written only", () => {
  expect(text(files.descriptor(0)?.read(100))).toBe("typed");
  expect(files.descriptor(0)?.write(bytes("x"))).toBe(false);
  expect(files.descriptor(1)?.read(1)).toBeUndefined();
  expect(files.descriptor(1)?.seek(0, 0)).toBe(ESPIPE);
  files.descriptor(1)?.write(bytes("out"));
  files.descriptor(2)?.write(bytes("err"));
  expect([text(files.output), text(files.errors)]).toEqual(["out", "err"]);
});

it("a pipe's reading end has what was written to the other, and a copy shares its place", () => {
  const ends = files.pipe();
  if (typeof ends === "number") throw new Error(`pipe: ${ends}`);
  files.descriptor(ends.writing)?.write(bytes("abcdef"));
  expect(text(files.descriptor(ends.reading)?.read(2))).toBe("ab");
  expect(files.replace(ends.reading, 0)).toBe(0);
  expect(text(files.descriptor(0)?.read(2))).toBe("cd");
  expect(text(files.descriptor(ends.reading)?.read(9))).toBe("ef");
});
