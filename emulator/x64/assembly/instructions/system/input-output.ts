// IN, OUT, INS, OUTS: SDM vol. 1, chapter 19.
import { Attribute, Immediate, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { notePortAccess } from "../../exceptions/breakpoints";
import { readPort, writePort } from "../../ports/ports";
import { Branch } from "../../run/branch";
import { allowsPorts } from "../../segments/task-state";
import { addressMask } from "../../state/address-size";
import { After } from "../../state/after";
import { GeneralRegister } from "../../state/general-register";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { noRun, Repeat, repeat } from "../repeat";

export function inputOutputRows(): void {
  const one = OpcodeMap.OneByte;
  const byte = Immediate.U8;
  const none = Operand.None;
  const ends = Attribute.EndsBlock;
  opcode(one, 0xe4)
    .of(none, none, byte)
    .with(ends)
    .does((c, o) => input<u8>(c, o, <u32>o.immediate));
  opcode(one, 0xe5)
    .of(none, none, byte)
    .with(ends)
    .sizes(
      (c, o) => input<u16>(c, o, <u32>o.immediate),
      (c, o) => input<u32>(c, o, <u32>o.immediate),
      (c, o) => input<u32>(c, o, <u32>o.immediate),
    );
  opcode(one, 0xe6)
    .of(none, none, byte)
    .with(ends)
    .does((c, o) => output<u8>(c, o, <u32>o.immediate));
  opcode(one, 0xe7)
    .of(none, none, byte)
    .with(ends)
    .sizes(
      (c, o) => output<u16>(c, o, <u32>o.immediate),
      (c, o) => output<u32>(c, o, <u32>o.immediate),
      (c, o) => output<u32>(c, o, <u32>o.immediate),
    );
  opcode(one, 0xec)
    .with(ends)
    .does((c, o) => input<u8>(c, o, portOf(c)));
  opcode(one, 0xed)
    .with(ends)
    .sizes(
      (c, o) => input<u16>(c, o, portOf(c)),
      (c, o) => input<u32>(c, o, portOf(c)),
      (c, o) => input<u32>(c, o, portOf(c)),
    );
  opcode(one, 0xee)
    .with(ends)
    .does((c, o) => output<u8>(c, o, portOf(c)));
  opcode(one, 0xef)
    .with(ends)
    .sizes(
      (c, o) => output<u16>(c, o, portOf(c)),
      (c, o) => output<u32>(c, o, portOf(c)),
      (c, o) => output<u32>(c, o, portOf(c)),
    );
  stringRows();
}

function stringRows(): void {
  const one = OpcodeMap.OneByte;
  const ends = Attribute.EndsBlock;
  opcode(one, 0x6c)
    .of(Operand.Y)
    .with(ends)
    .does((c, o) => inputStrings<u8>(c, o));
  opcode(one, 0x6d)
    .of(Operand.Y)
    .with(ends)
    .sizes(
      (c, o) => inputStrings<u16>(c, o),
      (c, o) => inputStrings<u32>(c, o),
      (c, o) => inputStrings<u32>(c, o),
    );
  opcode(one, 0x6e)
    .of(Operand.X)
    .with(ends)
    .does((c, o) => outputStrings<u8>(c, o));
  opcode(one, 0x6f)
    .of(Operand.X)
    .with(ends)
    .sizes(
      (c, o) => outputStrings<u16>(c, o),
      (c, o) => outputStrings<u32>(c, o),
      (c, o) => outputStrings<u32>(c, o),
    );
}

/** DX. */
function portOf(cpu: Processor): u32 {
  return <u32>cpu.rdx & 0xffff;
}

/** Whether the program may use the ports; otherwise a fault is pending. */
function mayUse(cpu: Processor, port: u32, count: u32): bool {
  const ioPrivilege = (<u32>cpu.flags >> 12) & 3;
  return cpu.cpl <= ioPrivilege || allowsPorts(cpu, port, count);
}

function input<T>(cpu: Processor, op: Operation, port: u32): i32 {
  if (!mayUse(cpu, port, sizeof<T>())) return After.Fault;
  cpu.setRegister<T>(cpu.register(0), <T>readPort(cpu, port, sizeof<T>()));
  notePortAccess(cpu, port, sizeof<T>());
  return Branch.over(cpu, op);
}

function output<T>(cpu: Processor, op: Operation, port: u32): i32 {
  if (!mayUse(cpu, port, sizeof<T>())) return After.Fault;
  writePort(cpu, port, sizeof<T>(), <u32>(<T>cpu.rax));
  notePortAccess(cpu, port, sizeof<T>());
  return Branch.over(cpu, op);
}

/** Whether the port may be used matters even if nothing is repeated. */
function inputStrings<T>(cpu: Processor, op: Operation): i32 {
  if (!mayUse(cpu, portOf(cpu), sizeof<T>())) return After.Fault;
  return repeat(cpu, op, (c, o) => inputString<T>(c, o), noRun);
}

function outputStrings<T>(cpu: Processor, op: Operation): i32 {
  if (!mayUse(cpu, portOf(cpu), sizeof<T>())) return After.Fault;
  return repeat(cpu, op, (c, o) => outputString<T>(c, o), noRun);
}

function inputString<T>(cpu: Processor, op: Operation): bool {
  const port = portOf(cpu);
  // What is read of a port is gone: the memory has to be there before.
  const place = cpu.updateAt<T>(cpu.addressOf<T>(op, true));
  if (place == 0) return false;
  store<T>(place, <T>readPort(cpu, port, sizeof<T>()));
  cpu.written(place);
  notePortAccess(cpu, port, sizeof<T>());
  Repeat.move(cpu.register(GeneralRegister.Rdi), Repeat.stride<T>(cpu), addressMask(cpu, op));
  return true;
}

function outputString<T>(cpu: Processor, op: Operation): bool {
  const port = portOf(cpu);
  const place = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (place == 0) return false;
  writePort(cpu, port, sizeof<T>(), <u32>load<T>(place));
  notePortAccess(cpu, port, sizeof<T>());
  Repeat.move(cpu.register(GeneralRegister.Rsi), Repeat.stride<T>(cpu), addressMask(cpu, op));
  return true;
}
