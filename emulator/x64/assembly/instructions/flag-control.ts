// CLC, STC, CMC, CLD, STD, LAHF, SAHF, SALC. CLI and STI are in system/.
import { Attribute, OpcodeMap, opcode } from "../decode/opcode-map";
import { carry, readFlags } from "../flags/lazy-flags";
import { replaceFlags } from "../flags/replace-flags";
import { After } from "../state/after";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";

/** Those that AH has of LAHF and SAHF. */
const IN_AH: u32 = Flag.Carry | Flag.Parity | Flag.Adjust | Flag.Zero | Flag.Sign;

export function flagControlRows(): void {
  const one = OpcodeMap.OneByte;
  opcode(one, 0xf5).does((c, o) => setCarry(c, !carry(c)));
  opcode(one, 0xf8).does((c, o) => setCarry(c, false));
  opcode(one, 0xf9).does((c, o) => setCarry(c, true));
  opcode(one, 0xfc).does((c, o) => setDirection(c, 0));
  opcode(one, 0xfd).does((c, o) => setDirection(c, Flag.Direction));
  opcode(one, 0x9e).does((c, o) => storeAh(c, o));
  opcode(one, 0x9f).does((c, o) => loadAh(c, o));
  // In no manual of Intel's, but in all of its processors, and AMD's.
  opcode(one, 0xd6)
    .with(Attribute.Not64)
    .does((c, o) => setAlFromCarry(c, o));
}

function setCarry(cpu: Processor, isSet: bool): i32 {
  replaceFlags(cpu, Flag.Carry, isSet ? <u32>Flag.Carry : 0);
  return After.Next;
}

function setDirection(cpu: Processor, flag: u32): i32 {
  cpu.flags = (cpu.flags & ~(<u64>Flag.Direction)) | flag;
  return After.Next;
}

function storeAh(cpu: Processor, op: Operation): i32 {
  replaceFlags(cpu, IN_AH, load<u8>(cpu.register(GeneralRegister.Rax) + 1) & IN_AH);
  return After.Next;
}

function loadAh(cpu: Processor, op: Operation): i32 {
  store<u8>(cpu.register(GeneralRegister.Rax) + 1, <u8>readFlags(cpu));
  return After.Next;
}

function setAlFromCarry(cpu: Processor, op: Operation): i32 {
  store<u8>(cpu.register(GeneralRegister.Rax), carry(cpu) ? 0xff : 0);
  return After.Next;
}
