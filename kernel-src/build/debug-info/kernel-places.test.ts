import { describe, expect, it } from "vitest";
import { sampleCodeAddresses } from "./kernel-places.js";

/** An ELF file of section headers alone: flags, address and size of each. */
function elfWith(sections: readonly (readonly [flags: number, address: number, size: number])[]) {
  const bytes = new Uint8Array(52 + sections.length * 40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 3, true);
  view.setUint32(32, 52, true);
  view.setUint16(48, sections.length, true);
  sections.forEach(([flags, address, size], index) => {
    const at = 52 + index * 40;
    view.setUint32(at + 4, 8, true); // SHT_NOBITS
    view.setUint32(at + 8, flags, true);
    view.setUint32(at + 12, address, true);
    view.setUint32(at + 20, size, true);
  });
  return bytes;
}

describe("sampleCodeAddresses", () => {
  const vmlinux = elfWith([
    [0, 0, 0],
    [6, 0xc1000000, 0x100000],
    [3, 0xc1200000, 0x100000],
    [6, 0xc1400000, 0x40],
  ]);
  const addresses = sampleCodeAddresses(vmlinux, 1800, 1);
  const within = (start: number, size: number): number =>
    addresses.filter((address) => address >= start && address < start + size).length;

  it("takes addresses of every section with code, and no others", () => {
    expect(within(0xc1000000, 0x100000)).toBeGreaterThan(1700);
    expect(within(0xc1400000, 0x40)).toBeGreaterThan(20);
    expect(within(0xc1000000, 0x100000) + within(0xc1400000, 0x40)).toBe(addresses.length);
  });

  it("takes each once, in order, and the same each time", () => {
    expect(addresses).toEqual([...new Set(addresses)].sort((a, b) => a - b));
    expect(sampleCodeAddresses(vmlinux, 1800, 1)).toEqual(addresses);
    expect(sampleCodeAddresses(vmlinux, 1800, 2)).not.toEqual(addresses);
  });
});
