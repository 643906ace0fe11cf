import { ByteReader, ByteWriter } from "./bytes.js";
import { DATA_HEADER, FROM_GUEST, FrameKind, PROTOCOL_VERSION } from "./protocol.js";

/** Sequence numbers are modulo 2^16; `acknowledged` is the next one that is expected. */
export type GuestFrame =
  | {
      readonly kind: "hello-ack";
      readonly version: number;
      readonly nonce: number;
      readonly pid: number;
    }
  | { readonly kind: "ready"; readonly version: number; readonly pid: number }
  | { readonly kind: "ack"; readonly acknowledged: number }
  | { readonly kind: "nak"; readonly acknowledged: number; readonly token: number }
  | { readonly kind: "poll"; readonly acknowledged: number; readonly token: number }
  | {
      readonly kind: "data";
      readonly sequence: number;
      readonly acknowledged: number;
      readonly message: Uint8Array;
    };

export function helloFrame(nonce: number): Uint8Array {
  return new ByteWriter(6).u8(FrameKind.hello).u8(PROTOCOL_VERSION).u32(nonce).done();
}

export function ackFrame(acknowledged: number): Uint8Array {
  return new ByteWriter(3).u8(FrameKind.ack).u16(acknowledged).done();
}

export function nakFrame(acknowledged: number, token: number): Uint8Array {
  return new ByteWriter(4).u8(FrameKind.nak).u16(acknowledged).u8(token).done();
}

export function pollFrame(acknowledged: number, token: number): Uint8Array {
  return new ByteWriter(4).u8(FrameKind.poll).u16(acknowledged).u8(token).done();
}

export function dataFrame(sequence: number, acknowledged: number, message: Uint8Array): Uint8Array {
  return new ByteWriter(DATA_HEADER + message.length)
    .u8(FrameKind.data)
    .u16(sequence)
    .u16(acknowledged)
    .bytes(message)
    .done();
}

/** What the guest says in a frame; undefined for an echo, or a frame of a later protocol. */
export function parseGuestFrame(body: Uint8Array): GuestFrame | undefined {
  const reader = new ByteReader(body);
  const kind = reader.u8();
  if ((kind & FROM_GUEST) === 0) return undefined;
  try {
    return parse(kind & ~FROM_GUEST, reader);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse(kind: number, reader: ByteReader): GuestFrame | undefined {
  switch (kind) {
    case FrameKind.hello:
      return { kind: "hello-ack", version: reader.u8(), nonce: reader.u32(), pid: reader.u32() };
    case FrameKind.ready:
      return { kind: "ready", version: reader.u8(), pid: reader.u32() };
    case FrameKind.ack:
      return { kind: "ack", acknowledged: reader.u16() };
    case FrameKind.nak:
      return { kind: "nak", acknowledged: reader.u16(), token: reader.u8() };
    case FrameKind.poll:
      return { kind: "poll", acknowledged: reader.u16(), token: reader.u8() };
    case FrameKind.data:
      return {
        kind: "data",
        sequence: reader.u16(),
        acknowledged: reader.u16(),
        message: reader.rest(),
      };
    default:
      return undefined;
  }
}
