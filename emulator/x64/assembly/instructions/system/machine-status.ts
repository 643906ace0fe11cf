// SMSW, LMSW, CLTS: parts of CR0 under the names of the 286.
import {
  ANY_DIGIT,
  Attribute,
  Column,
  Form,
  OpcodeMap,
  Operand,
  opcode,
  Row,
} from "../../decode/opcode-map";
import { Branch } from "../../run/branch";
import { After } from "../../state/after";
import { Cr0 } from "../../state/control";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { writeCr0 } from "./control-register";
import { isPrevented } from "./descriptor-table";

export function machineStatusRows(): void {
  opcode(OpcodeMap.TwoByte, 0x06)
    .with(Attribute.Privileged | Attribute.EndsBlock)
    .does((c, o) => clearTaskSwitched(c, o));
  storeRow(opcode(OpcodeMap.TwoByte, 0x01, Column.Any, 4, Form.Memory));
  loadRow(opcode(OpcodeMap.TwoByte, 0x01, Column.Any, 6, Form.Memory));
  for (let rm = 0; rm < 8; rm++) {
    storeRow(opcode(OpcodeMap.TwoByte01, 0xe0 + rm, Column.Any, ANY_DIGIT, Form.Register));
    loadRow(opcode(OpcodeMap.TwoByte01, 0xf0 + rm, Column.Any, ANY_DIGIT, Form.Register));
  }
}

function storeRow(row: Row): void {
  row.of(Operand.E).sizes(
    (c, o) => storeStatus<u16>(c, o),
    (c, o) => storeStatus<u32>(c, o),
    (c, o) => storeStatus<u64>(c, o),
  );
}

function loadRow(row: Row): void {
  row
    .of(Operand.None, Operand.E)
    .with(Attribute.Privileged | Attribute.EndsBlock)
    .does((c, o) => loadStatus(c, o));
}

/** A register gets as much of CR0 as it is wide, memory 16 bits. */
function storeStatus<T>(cpu: Processor, op: Operation): i32 {
  if (isPrevented(cpu)) return After.Fault;
  if (op.destination != 0) cpu.setRegister<T>(op.destination, <T>cpu.cr0);
  else if (!cpu.writeAt<u16>(cpu.addressOf<u16>(op, true), <u16>cpu.cr0)) return After.Fault;
  return After.Next;
}

/** PE, MP, EM and TS; PE cannot be cleared. */
function loadStatus(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<u16>(op);
  if (source == 0) return After.Fault;
  const writable = Cr0.MonitorCoprocessor | Cr0.Emulation | Cr0.TaskSwitched;
  const status = <u32>load<u16>(source) & writable;
  writeCr0(cpu, (cpu.cr0 & ~writable) | status);
  return Branch.over(cpu, op);
}

function clearTaskSwitched(cpu: Processor, op: Operation): i32 {
  cpu.cr0 &= ~(<u32>Cr0.TaskSwitched);
  return Branch.over(cpu, op);
}
