// FXSAVE, FXRSTOR, with REX.W too.
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Canonical } from "../../memory/page-walk";
import { After } from "../../state/after";
import { Operation, Prefix } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";
import { MXCSR_MASK } from "../sse/mxcsr";
import { isAligned } from "../sse/operands";
import { isAvailable, setControlWord, setStatusWord, statusWord } from "./control";
import { readStructure, writeStructure } from "./memory";
import { X87 } from "./registers";

/** Where its fields are (SDM vol. 1, table 10-2; FIP and FDP have 64 bits with REX.W). */
const STATUS: usize = 2;
const TAGS: usize = 4;
const OPCODE: usize = 6;
const CODE: usize = 8;
const DATA: usize = 16;
const MXCSR: usize = 24;
const MASK: usize = 28;
const FLOAT: usize = 32;
const XMM: u32 = 160;
/** Bytes that are written with 16 XMM registers; those up to 512 are left as they are. */
const LONG_BYTES: u32 = 416;
/** With 8, in code that is not 64-bit. */
const SHORT_BYTES: u32 = 288;
/** With what is free to use. */
const WHOLE_BYTES: u32 = 512;

const image = memory.data(416, 16);

export function fxsaveRows(): void {
  opcode(OpcodeMap.TwoByte, 0xae, Column.None, 0, Form.Memory)
    .of(Operand.None, Operand.M)
    .with(Attribute.No16)
    .does(fxsave);
  opcode(OpcodeMap.TwoByte, 0xae, Column.None, 1, Form.Memory)
    .of(Operand.None, Operand.M)
    .with(Attribute.No16)
    .does(fxrstor);
}

/** The address itself is looked at before the last byte. Otherwise #GP(0) is pending. */
function isCanonical(cpu: Processor, address: u64): bool {
  if (Canonical.is(address)) return true;
  cpu.raise(Vector.GeneralProtection);
  cpu.faultIsForAddress = true;
  return false;
}

/** Neither looks for a waiting exception. */
function fxsave(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  const address = cpu.addressOfBytes(op, WHOLE_BYTES, true);
  if (!isAligned(cpu, address)) return After.Fault;
  if (!isCanonical(cpu, address)) return After.Fault;
  // The last byte is looked for first, which shows in CR2.
  if (cpu.updateAt<u8>(address + WHOLE_BYTES - 1) == 0) return After.Fault;
  const size = cpu.isLongCode ? LONG_BYTES : SHORT_BYTES;
  memory.fill(image, 0, size);
  store<u16>(image, cpu.floatControl);
  store<u16>(image, statusWord(cpu), STATUS);
  store<u8>(image, cpu.floatTags, TAGS);
  store<u16>(image, cpu.floatOpcode, OPCODE);
  if (op.has(Prefix.RexW)) {
    store<u64>(image, cpu.floatCode, CODE);
    store<u64>(image, cpu.floatData, DATA);
  } else {
    store<u32>(image, <u32>cpu.floatCode, CODE);
    store<u32>(image, <u32>cpu.floatData, DATA);
  }
  store<u32>(image, cpu.mxcsr, MXCSR);
  store<u32>(image, MXCSR_MASK, MASK);
  for (let i: u32 = 0; i < 8; i++) X87.copy(image + FLOAT + (i << 4), X87.st(cpu, i));
  memory.copy(image + XMM, cpu.xmm(0), size - XMM);
  return writeStructure(cpu, address, size, image) ? After.Next : After.Fault;
}

function fxrstor(cpu: Processor, op: Operation): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  const address = cpu.addressOfBytes(op, WHOLE_BYTES, false);
  if (!isAligned(cpu, address)) return After.Fault;
  if (!isCanonical(cpu, address)) return After.Fault;
  if (cpu.readAt<u8>(address + WHOLE_BYTES - 1) == 0) return After.Fault;
  const size = cpu.isLongCode ? LONG_BYTES : SHORT_BYTES;
  if (!readStructure(cpu, address, size, image)) return After.Fault;
  const mxcsr = load<u32>(image, MXCSR);
  if ((mxcsr & ~MXCSR_MASK) != 0) return cpu.raise(Vector.GeneralProtection);
  cpu.mxcsr = mxcsr;
  setControlWord(cpu, load<u16>(image));
  setStatusWord(cpu, load<u16>(image, STATUS));
  cpu.floatTags = load<u8>(image, TAGS);
  cpu.floatOpcode = load<u16>(image, OPCODE) & 0x7ff;
  const isWide = op.has(Prefix.RexW);
  cpu.floatCode = isWide ? load<u64>(image, CODE) : <u64>load<u32>(image, CODE);
  cpu.floatData = isWide ? load<u64>(image, DATA) : <u64>load<u32>(image, DATA);
  for (let i: u32 = 0; i < 8; i++) X87.copy(X87.st(cpu, i), image + FLOAT + (i << 4));
  memory.copy(cpu.xmm(0), image + XMM, size - XMM);
  return After.Next;
}
