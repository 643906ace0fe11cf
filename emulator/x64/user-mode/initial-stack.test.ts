import { expect, it } from "vitest";
import { initialStack } from "./initial-stack.js";
import { AMD64, I386 } from "./program-class.js";

const classes = [
  ["x86-64", AMD64, 0x7fff_ffff_f000, "x86_64"],
  ["i386", I386, 0xffff_e000, "i686"],
] as const;

it.each(classes)(
  "a new program for %s finds argc, argv, the environment and the auxiliary vector",
  (_name, programClass, top, platform) => {
    const random = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
    const { bytes, rsp } = initialStack(top, {
      programClass,
      argv: ["/bin/prog", "first argument", ""],
      environment: ["A=1"],
      random,
      uid: 1000,
      entry: 0x401000,
      headers: { address: 0x400040, count: 10, bytes: 56 },
    });
    // System V ABI for AMD64, 3.4.1, and for i386, 2.3.1: the stack pointer is a multiple of 16.
    expect(rsp % 16).toBe(0);
    expect(rsp + bytes.length).toBe(top);

    const view = new DataView(bytes.buffer);
    let at = 0;
    const word = (): number => {
      const word =
        programClass.bits === 32 ? view.getUint32(at, true) : view.getBigUint64(at, true);
      at += programClass.bits / 8;
      return Number(word);
    };
    const text = (address: number): string => {
      const begin = address - rsp;
      return new TextDecoder().decode(bytes.subarray(begin, bytes.indexOf(0, begin)));
    };
    expect(word()).toBe(3);
    expect([text(word()), text(word()), text(word()), word()]).toEqual([
      "/bin/prog",
      "first argument",
      "",
      0,
    ]);
    expect([text(word()), word()]).toEqual(["A=1", 0]);
    const auxiliary = new Map<number, number>();
    for (let type = word(); type !== 0; type = word()) auxiliary.set(type, word());
    // AT_PHDR, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_ENTRY, AT_UID, AT_SECURE of <elf.h>.
    const values = [3, 4, 5, 6, 9, 11, 23].map((type) => auxiliary.get(type));
    expect(values).toEqual([0x400040, 56, 10, 4096, 0x401000, 1000, 0]);
    const randomAt = (auxiliary.get(25) ?? 0) - rsp;
    expect(bytes.slice(randomAt, randomAt + 16)).toEqual(random);
    expect(text(auxiliary.get(31) ?? 0)).toBe("/bin/prog");
    expect(text(auxiliary.get(15) ?? 0)).toBe(platform);
  },
);
