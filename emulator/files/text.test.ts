import { describe, expect, test } from "vitest";
import { checkName, decodeText, encodeText } from "./text.js";

describe("names between bytes and strings", () => {
  test("valid UTF-8 is the string one expects", () => {
    const text = "hello-kmalloc.c ü 漢 \u{1f600} \ufeffbom";
    expect(decodeText(new TextEncoder().encode(text))).toBe(text);
    expect(encodeText(text)).toEqual(new TextEncoder().encode(text));
  });

  test("every pair of bytes comes back unchanged, between others", () => {
    const broken: number[][] = [];
    for (let first = 1; first < 256; first++) {
      for (let second = 1; second < 256; second += 3) {
        const bytes = Uint8Array.of(0x61, first, second, 0xc3, 0xa9);
        if (Buffer.compare(encodeText(decodeText(bytes)), bytes) !== 0)
          broken.push([first, second]);
      }
    }
    expect(broken).toEqual([]);
  });

  test("bytes that are no UTF-8 become lone surrogates, as PEP 383 says", () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0x62))).toBe("a\udcffb");
    // Overlong "/", a surrogate written as UTF-8, and a sequence cut off.
    expect(decodeText(Uint8Array.of(0xc0, 0xaf))).toBe("\udcc0\udcaf");
    expect(decodeText(Uint8Array.of(0xed, 0xa0, 0x80))).toBe("\udced\udca0\udc80");
    expect(decodeText(Uint8Array.of(0xf0, 0x9f, 0x98))).toBe("\udcf0\udc9f\udc98");
  });

  test("a surrogate that stands for no byte is refused", () => {
    expect(() => encodeText("a\ud800")).toThrow("EINVAL");
  });

  test("names have one form only", () => {
    expect(checkName("\udcc3\udca9")).toBe("é");
  });

  test.each(["", ".", "..", "a/b", "a\0b"])("%j is no name", (name) => {
    expect(() => checkName(name)).toThrow("EINVAL");
  });

  test("a name has at most 255 bytes", () => {
    expect(checkName("x".repeat(255))).toHaveLength(255);
    expect(checkName("é".repeat(127))).toHaveLength(127);
    expect(() => checkName("x".repeat(256))).toThrow("ENAMETOOLONG");
    expect(() => checkName("é".repeat(128))).toThrow("ENAMETOOLONG");
  });
});
