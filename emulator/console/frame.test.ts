import { describe, expect, it } from "vitest";
import { crc32 } from "./crc32.js";
import { type DecodedFrame, encodeFrame, FrameDecoder } from "./frame.js";
import { junk } from "./test-support/noise.js";
import { Random } from "./test-support/random.js";

const LONGEST = 300;

function bodies(frames: readonly DecodedFrame[]): Uint8Array[] {
  return frames.flatMap((frame) => (frame.kind === "frame" ? [frame.body] : []));
}

describe("crc32", () => {
  it("is the one of IEEE 802.3", () => {
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe("frames", () => {
  it("escape flag and escape bytes as RFC 1662 says", () => {
    const encoded = encodeFrame(Uint8Array.of(0x7e, 0x01, 0x7d));
    expect([...encoded.subarray(0, 6)]).toEqual([0x7e, 0x7d, 0x5e, 0x01, 0x7d, 0x5d]);
    expect(encoded.at(-1)).toBe(0x7e);
    expect(encoded.subarray(1, -1)).not.toContain(0x7e);
  });

  it("come out as they went in, wherever the bytes are cut", () => {
    const random = new Random(1);
    const sent = Array.from({ length: 40 }, () => random.bytes(1 + random.below(LONGEST)));
    const line = sent.flatMap((body) => [...encodeFrame(body)]);
    const decoder = new FrameDecoder(LONGEST);
    const received: Uint8Array[] = [];
    for (let at = 0; at < line.length; ) {
      const length = 1 + random.below(50);
      received.push(...bodies(decoder.push(Uint8Array.from(line.slice(at, at + length)))));
      at += length;
    }
    expect(received).toEqual(sent);
  });

  it("are found between junk, and the junk is told", () => {
    const random = new Random(2);
    const body = random.bytes(100);
    const decoder = new FrameDecoder(LONGEST);
    for (let round = 0; round < 200; round++) {
      const frames = decoder.push(Uint8Array.from([...junk(random), ...encodeFrame(body)]));
      expect(bodies(frames)).toEqual([body]);
    }
    const [noise] = decoder.push(new TextEncoder().encode("junk\x7e"));
    expect(noise).toEqual({ kind: "damaged" });
  });

  it("with any one bit turned over are never taken for good", () => {
    const body = new Random(3).bytes(20);
    const encoded = encodeFrame(body);
    for (let bit = 0; bit < encoded.length * 8; bit++) {
      const hit = encoded.slice();
      hit[bit >> 3] = (hit[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(bodies(new FrameDecoder(LONGEST).push(hit))).toEqual([]);
    }
  });

  it("that are too long are left out, and the next one is found", () => {
    const decoder = new FrameDecoder(10);
    expect(decoder.push(encodeFrame(new Uint8Array(11)))).toEqual([{ kind: "damaged" }]);
    expect(bodies(decoder.push(encodeFrame(new Uint8Array(10))))).toHaveLength(1);
  });

  it("cost less than one percent more for random bytes", () => {
    expect(encodeFrame(new Random(4).bytes(100_000)).length).toBeLessThan(101_000);
  });
});
