import { expect, it } from "vitest";
import { isHexBytes, readCode } from "./code-bytes.js";

it("reads the bytes, and where the instruction pointer points", () => {
  expect(readCode("Code: 00 00 48 89 e5 <c7> 00 2a 00 00 00")).toEqual({
    bytes: Uint8Array.of(0, 0, 0x48, 0x89, 0xe5, 0xc7, 0, 0x2a, 0, 0, 0),
    trapOffset: 5,
    text: "00 00 48 89 e5 <c7> 00 2a 00 00 00",
  });
  expect(readCode("Code: 89 e5 (0f) 0b")?.trapOffset).toBe(2);
});

it("has none where the kernel could not read them", () => {
  for (const line of [
    "Code: Bad RIP value.",
    "Code: Unable to access opcode bytes at 0x7f586c87ecbf.",
    "Code:  Bad EIP value.",
    "Code: 00 01 02",
    "Code:",
  ]) {
    expect(readCode(line), line).toBeUndefined();
  }
});

it("knows a line of bytes alone", () => {
  expect(isHexBytes("00 00 48 8d <48> 3d 00 f0")).toBe(true);
  expect(isHexBytes("be or not be")).toBe(false);
});
