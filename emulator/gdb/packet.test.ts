import { describe, expect, it } from "vitest";
import { bytesOf, latin1 } from "./latin1.js";
import {
  checksum,
  encodePacket,
  type Incoming,
  LARGEST_PACKET,
  PacketReader,
  unescapeBinary,
} from "./packet.js";
import { decodeReply } from "./test-support/gdb-client.js";
import { randomBytes, seededRandom } from "./test-support/random.js";

function read(text: string, reader = new PacketReader()): Incoming[] {
  return reader.push(bytesOf(text));
}

/** `$` and `#` with the right checksum, and nothing else done to the text. */
function framed(text: string): string {
  return `$${text}#${checksum(text)}`;
}

describe("reading", () => {
  it("takes the packets that gdb sends when it attaches", () => {
    // As "set debug remote 1" prints them.
    expect(read("+$qSupported:multiprocess+#c6$vMustReplyEmpty#3a")).toEqual([
      { kind: "acknowledged" },
      { kind: "packet", data: "qSupported:multiprocess+" },
      { kind: "packet", data: "vMustReplyEmpty" },
    ]);
    expect(read("$?#3f")).toEqual([{ kind: "packet", data: "?" }]);
  });

  it("takes a packet byte by byte", () => {
    const reader = new PacketReader();
    const events = [..."$m1000,4#8e"].map((character) => read(character, reader));
    expect(events.slice(0, -1).flat()).toEqual([]);
    expect(events.at(-1)).toEqual([{ kind: "packet", data: "m1000,4" }]);
  });

  it("sees an interrupt between packets, and none inside of one", () => {
    expect(read("\x03$c#63\x03")).toEqual([
      { kind: "interrupt" },
      { kind: "packet", data: "c" },
      { kind: "interrupt" },
    ]);
    expect(read(framed("X0,1:\x03"))).toEqual([{ kind: "packet", data: "X0,1:\x03" }]);
  });

  it("asks for a packet again whose checksum is wrong or no number", () => {
    expect(read("$g#66$g#zz$g#67")).toEqual([
      { kind: "damaged" },
      { kind: "damaged" },
      { kind: "packet", data: "g" },
    ]);
  });

  it("begins anew where a packet begins inside another", () => {
    expect(read("$m1000$g#67")).toEqual([{ kind: "damaged" }, { kind: "packet", data: "g" }]);
  });

  it("passes over what is neither", () => {
    expect(read("GET / HTTP/1.1\r\n\r\n")).toEqual([]);
  });

  it("keeps every byte value as it is", () => {
    const data = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
      .filter((character) => character !== "$" && character !== "#")
      .join("");
    expect(read(framed(data))).toEqual([{ kind: "packet", data }]);
  });

  it("takes the longest packet, and not a longer one", () => {
    const longest = "m".repeat(LARGEST_PACKET);
    expect(read(framed(longest))).toEqual([{ kind: "packet", data: longest }]);
    expect(read(framed(`${longest}m`))).toEqual([{ kind: "overlong" }]);
    const endless = bytesOf("m".repeat(1 << 20));
    const reader = new PacketReader();
    read("$", reader);
    for (let megabytes = 0; megabytes < 8; megabytes++) expect(reader.push(endless)).toEqual([]);
    expect(read("#00$?#3f", reader)).toEqual([{ kind: "overlong" }, { kind: "packet", data: "?" }]);
  });

  it("never fails, whatever comes in whatever pieces", () => {
    const random = seededRandom(0x5eed);
    for (let round = 0; round < 300; round++) {
      const noise = latin1(randomBytes(random, 1 + Math.floor(random() * 400)));
      const reader = new PacketReader();
      for (let at = 0; at < noise.length; ) {
        const piece = 1 + Math.floor(random() * 40);
        read(noise.slice(at, at + piece), reader);
        at += piece;
      }
      // What the noise has left open is ended, and the next packet is read.
      const events = read(`#__${framed("vCont?")}`, reader);
      expect(events.at(-1)).toEqual({ kind: "packet", data: "vCont?" });
    }
  });
});

describe("writing", () => {
  it("adds the checksum", () => {
    expect(encodePacket("OK")).toBe("$OK#9a");
    expect(encodePacket("")).toBe("$#00");
    expect(encodePacket("E14")).toBe("$E14#aa");
  });

  it("shortens runs as the manual's example has it", () => {
    expect(encodePacket("0000")).toBe(framed("0* "));
    expect(encodePacket("000")).toBe(framed("000"));
  });

  it("never counts by a character that ends or begins a packet", () => {
    for (let times = 1; times < 500; times++) {
      const packet = encodePacket("0".repeat(times));
      expect(packet.slice(1, -3)).not.toMatch(/[$#]/);
      expect(decodeReply(packet)).toBe("0".repeat(times));
    }
  });

  it("escapes what has a meaning of its own", () => {
    expect(encodePacket("a#b$c}d*e")).toBe(framed("a}\x03b}\x04c}]d}\ne"));
    expect(encodePacket("****")).toBe(framed("}\n}\n}\n}\n"));
  });

  it("carries any bytes", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round++) {
      // Of few values, so that there are runs.
      const bytes = randomBytes(random, 300).map((byte) => 0x20 + (byte % 12));
      expect(decodeReply(encodePacket(latin1(bytes)))).toBe(latin1(bytes));
    }
  });
});

describe("binary data", () => {
  it("is taken out of its escapes", () => {
    expect(unescapeBinary("a}\x03b}]")).toEqual(bytesOf("a#b}"));
    expect(unescapeBinary("")).toEqual(new Uint8Array());
  });

  it("does not end in the middle of an escape", () => {
    expect(unescapeBinary("abc}")).toBeUndefined();
  });
});
