// FLDENV, FNSTENV, FRSTOR, FNSAVE.
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { initialise, isAvailable, setControlWord, setStatusWord, statusWord } from "./control";
import { readStructure, writeStructure } from "./memory";
import { EXCEPTIONS, Status, X87 } from "./registers";
import { memoryRow } from "./rows";
import { fullTags, setFullTags } from "./tags";

/** Bytes of an environment: seven fields of 16 or 32 bits (SDM vol. 1, figures 8-9 and 8-11). */
const SMALL: u32 = 14;
const LARGE: u32 = 28;
const REGISTER_BYTES: u32 = 10;

/** The largest: an environment with all registers. */
const image = memory.data(112, 16);

export function environmentRows(): void {
  memoryRow(0xd9, 4).sizes(
    (c, o) => loadImage(c, o, SMALL, false),
    (c, o) => loadImage(c, o, LARGE, false),
    (c, o) => loadImage(c, o, LARGE, false),
  );
  memoryRow(0xdd, 4).sizes(
    (c, o) => loadImage(c, o, SMALL, true),
    (c, o) => loadImage(c, o, LARGE, true),
    (c, o) => loadImage(c, o, LARGE, true),
  );
  memoryRow(0xd9, 6).sizes(
    (c, o) => fnstenv(c, o, SMALL),
    (c, o) => fnstenv(c, o, LARGE),
    (c, o) => fnstenv(c, o, LARGE),
  );
  memoryRow(0xdd, 6).sizes(
    (c, o) => fnsave(c, o, SMALL),
    (c, o) => fnsave(c, o, LARGE),
    (c, o) => fnsave(c, o, LARGE),
  );
}

/** FLDENV, and FRSTOR with the registers. */
function loadImage(cpu: Processor, op: Operation, size: u32, hasRegisters: bool): i32 {
  if (!X87.isReady(cpu)) return After.Fault;
  const whole = hasRegisters ? size + 8 * REGISTER_BYTES : size;
  if (!readStructure(cpu, cpu.addressOfBytes(op, whole, false), whole, image)) return After.Fault;
  if (size == SMALL) {
    setControlWord(cpu, load<u16>(image));
    setStatusWord(cpu, load<u16>(image, 2));
    setFullTags(cpu, load<u16>(image, 4));
    cpu.floatCode = load<u16>(image, 6);
    cpu.floatData = load<u16>(image, 10);
  } else {
    setControlWord(cpu, load<u16>(image));
    setStatusWord(cpu, load<u16>(image, 4));
    setFullTags(cpu, load<u16>(image, 8));
    cpu.floatCode = load<u32>(image, 12);
    cpu.floatOpcode = load<u16>(image, 18) & 0x7ff;
    cpu.floatData = load<u32>(image, 20);
  }
  if (hasRegisters) {
    for (let i: u32 = 0; i < 8; i++) X87.copy(X87.st(cpu, i), image + size + i * REGISTER_BYTES);
  }
  return After.Next;
}

/** Selectors of the pointers are 0, as in 64-bit code. */
function putEnvironment(cpu: Processor, size: u32): void {
  memory.fill(image, 0, size);
  if (size == SMALL) {
    store<u16>(image, cpu.floatControl);
    store<u16>(image, statusWord(cpu), 2);
    store<u16>(image, fullTags(cpu), 4);
    store<u16>(image, <u16>cpu.floatCode, 6);
    store<u16>(image, <u16>cpu.floatData, 10);
    return;
  }
  // What is reserved in the upper halves of the words is written as ones.
  store<u32>(image, 0xffff_0000 | <u32>cpu.floatControl);
  store<u32>(image, 0xffff_0000 | <u32>statusWord(cpu), 4);
  store<u32>(image, 0xffff_0000 | <u32>fullTags(cpu), 8);
  store<u32>(image, <u32>cpu.floatCode, 12);
  store<u16>(image, cpu.floatOpcode, 18);
  store<u32>(image, <u32>cpu.floatData, 20);
  store<u32>(image, 0xffff_0000, 24);
}

/** Afterwards all exceptions are masked, so that a handler may compute. */
function fnstenv(cpu: Processor, op: Operation, size: u32): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  putEnvironment(cpu, size);
  if (!writeStructure(cpu, cpu.addressOfBytes(op, size, true), size, image)) return After.Fault;
  cpu.floatControl |= <u16>EXCEPTIONS;
  cpu.floatStatus &= <u16>~Status.Summary;
  return After.Next;
}

function fnsave(cpu: Processor, op: Operation, size: u32): i32 {
  if (!isAvailable(cpu)) return After.Fault;
  putEnvironment(cpu, size);
  for (let i: u32 = 0; i < 8; i++) X87.copy(image + size + i * REGISTER_BYTES, X87.st(cpu, i));
  const whole = size + 8 * REGISTER_BYTES;
  if (!writeStructure(cpu, cpu.addressOfBytes(op, whole, true), whole, image)) return After.Fault;
  initialise(cpu);
  return After.Next;
}
