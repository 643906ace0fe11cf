// CRC32 of SSE4.2: the cyclic redundancy code of iSCSI (CRC-32C), bit-reflected.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

/** 11EDC6F41 without its highest bit, reflected. */
const POLYNOMIAL: u32 = 0x82f63b78;
/** The remainder of each byte. */
const remainders = memory.data(256 * 4, 16);

export function crc32Rows(): void {
  fillRemainders();
  opcode(OpcodeMap.ThreeByte38, 0xf0, Column.XF2)
    .of(Operand.G, Operand.Eb)
    .does((c, o) => crc32<u8>(c, o));
  opcode(OpcodeMap.ThreeByte38, 0xf1, Column.XF2)
    .of(Operand.G, Operand.E)
    .sizes(
      (c, o) => crc32<u16>(c, o),
      (c, o) => crc32<u32>(c, o),
      (c, o) => crc32<u64>(c, o),
    );
}

function fillRemainders(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? POLYNOMIAL : 0);
    }
    store<u32>(remainders + (byte << 2), remainder);
  }
}

function crc32<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  let remainder = load<u32>(op.destination);
  for (let at: usize = 0; at < sizeof<T>(); at++) {
    const byte = (remainder ^ load<u8>(source + at)) & 0xff;
    remainder = (remainder >> 8) ^ load<u32>(remainders + ((<usize>byte) << 2));
  }
  store<u64>(op.destination, remainder);
  return After.Next;
}
