// CALL and RET: near ones. Far calls and returns are in system/.
import { Attribute, Column, Immediate, OpcodeMap, Operand, opcode } from "../decode/opcode-map";
import { Branch } from "../run/branch";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

export function callRows(): void {
  // Of the operands' size: see jump.ts.
  const near = Attribute.Force64 | Attribute.EndsBlock;
  opcode(OpcodeMap.OneByte, 0xe8)
    .of(Operand.None, Operand.I, Immediate.Z)
    .with(near)
    .sizes(
      (c, o) => call<u16>(c, o),
      (c, o) => call<u32>(c, o),
      (c, o) => call<u64>(c, o),
    );
  opcode(OpcodeMap.OneByte, 0xff, Column.Any, 2)
    .of(Operand.None, Operand.E)
    .with(near)
    .sizes(
      (c, o) => callIndirect<u16>(c, o),
      (c, o) => callIndirect<u32>(c, o),
      (c, o) => callIndirect<u64>(c, o),
    );
  returnRow(0xc2, Immediate.U16);
  returnRow(0xc3, Immediate.None);
}

function returnRow(byte: i32, immediate: Immediate): void {
  opcode(OpcodeMap.OneByte, byte)
    .of(Operand.None, Operand.None, immediate)
    .with(Attribute.Force64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => returnNear<u16>(c, o),
      (c, o) => returnNear<u32>(c, o),
      (c, o) => returnNear<u64>(c, o),
    );
}

function call<T>(cpu: Processor, op: Operation): i32 {
  return Call.to<T>(cpu, op, Branch.next(cpu, op) + op.immediate);
}

function callIndirect<T>(cpu: Processor, op: Operation): i32 {
  const source = cpu.source<T>(op);
  if (source == 0) return After.Fault;
  return Call.to<T>(cpu, op, <u64>load<T>(source));
}

function returnNear<T>(cpu: Processor, op: Operation): i32 {
  return Call.back<T>(cpu, op);
}

export class Call {
  /** A fault of the stack comes before one of the target, and then nothing has been pushed. */
  @inline static to<T>(cpu: Processor, op: Operation, target: u64): i32 {
    if (!Branch.isTarget<T>(cpu, target)) {
      // What this may raise takes the place of what is pending for the target.
      Stack.mayWriteAt<T>(cpu, Stack.moved(cpu, cpu.rsp, -(<i64>sizeof<T>())));
      return After.Fault;
    }
    if (!Stack.push<T>(cpu, <T>Branch.next(cpu, op))) return After.Fault;
    cpu.rip = Branch.cut<T>(target);
    return After.Jump;
  }

  /** What lies above the address on the stack is taken off with it. */
  @inline static back<T>(cpu: Processor, op: Operation): i32 {
    const top = Stack.top<T>(cpu);
    if (top == 0) return After.Fault;
    const after = Branch.to<T>(cpu, <u64>load<T>(top));
    if (after == After.Jump) Stack.drop(cpu, <i64>sizeof<T>() + op.immediate);
    return after;
  }
}
