import { describe, expect, it } from "vitest";
import { GuestMemory } from "../memory/guest-memory.js";
import { callBefore } from "./call-site.js";

const RETURN = 0x1100n;

/** Memory with these bytes in front of the return address; before paging, so it is physical. */
function memoryWith(bytes: readonly number[], wordBytes: 4 | 8 = 4): GuestMemory {
  const memory = new Uint8Array(0x2000).fill(0x90);
  memory.set(bytes, Number(RETURN) - bytes.length);
  const source = {
    memoryBytes: memory.length,
    readPhysical: (address: number | bigint, length: number) =>
      memory.slice(Number(address), Number(address) + length),
  };
  const mode = { cr0: 0n, cr3: 0n, cr4: 0n, longMode: false };
  return new GuestMemory(source, wordBytes, mode, undefined);
}

describe("callBefore", () => {
  it("knows where a direct call goes", () => {
    expect(callBefore(memoryWith([0xe8, 0x10, 0, 0, 0]), RETURN)).toEqual({ target: 0x1110n });
    expect(callBefore(memoryWith([0xe8, 0xf0, 0xff, 0xff, 0xff]), RETURN)).toEqual({
      target: 0x10f0n,
    });
  });

  // As GNU as encodes them.
  it.each([
    ["call *%eax", [0xff, 0xd0]],
    ["call *(%ecx)", [0xff, 0x11]],
    ["call *8(%ebx)", [0xff, 0x53, 0x08]],
    ["call *(%esp)", [0xff, 0x14, 0x24]],
    ["call *4(%esp,%eax,4)", [0xff, 0x54, 0x84, 0x04]],
    ["call *0xc1234567", [0xff, 0x15, 0x67, 0x45, 0x23, 0xc1]],
    ["call *0x12345(%edi)", [0xff, 0x97, 0x45, 0x23, 0x01, 0x00]],
    ["call *0xc139e81c(,%eax,4)", [0xff, 0x14, 0x85, 0x1c, 0xe8, 0x39, 0xc1]],
    ["call *0x100(%esi,%eax,8)", [0xff, 0x94, 0xc6, 0x00, 0x01, 0x00, 0x00]],
  ] as const)("takes %s for a call", (_, bytes) => {
    expect(callBefore(memoryWith(bytes), RETURN)).toEqual({ target: undefined });
  });

  it.each([
    ["push %eax", [0x50]],
    ["jmp *%eax", [0xff, 0xe0]],
    ["pushl (%eax)", [0xff, 0x30]],
    ["jmp", [0xe9, 0, 0, 0, 0]],
  ] as const)("does not take %s for one", (_, bytes) => {
    expect(callBefore(memoryWith(bytes), RETURN)).toBeUndefined();
  });

  it("finds none where nothing is mapped", () => {
    expect(callBefore(memoryWith([]), 0x9000n)).toBeUndefined();
    expect(callBefore(memoryWith([]), 3n)).toBeUndefined();
  });
});
