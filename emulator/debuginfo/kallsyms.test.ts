import { describe, expect, it } from "vitest";
import { formatPlace, KernelSymbols } from "./kallsyms.js";

const MAP = `c1000000 T _text
c1000000 T startup_32
c1000200 t local_function
c1000240 W weak_function
c1000300 D some_data
c1000400 T _etext
c0000010 A absolute
not a symbol
`;

describe("KernelSymbols", () => {
  const symbols = new KernelSymbols(MAP);

  it("finds the function that an address lies in", () => {
    expect(symbols.find(0xc1000210)).toEqual({ name: "local_function", offset: 0x10 });
    expect(symbols.find(0xc1000240)).toEqual({ name: "weak_function", offset: 0 });
  });

  it("takes the first of two names of one address", () => {
    expect(symbols.find(0xc1000004)).toEqual({ name: "_text", offset: 4 });
  });

  it("passes over data and absolute symbols", () => {
    expect(symbols.find(0xc1000310)).toEqual({ name: "weak_function", offset: 0xd0 });
    expect(symbols.find(0xc0000010)).toBeUndefined();
  });

  it("finds nothing outside of the kernel's code", () => {
    expect(symbols.find(0xbfffffff)).toBeUndefined();
    expect(symbols.find(0xc8801000)).toBeUndefined();
    expect(new KernelSymbols("").find(0xc1000000)).toBeUndefined();
  });

  it("writes a place as the kernel does", () => {
    expect(formatPlace({ name: "hello_write", offset: 0x35 })).toBe("hello_write+0x35");
  });
});
