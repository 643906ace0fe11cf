// ADD, SUB, MUL, DIV of PS, PD, SS, SD; SSE3's ADDSUB.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { FloatLanes } from "./float-lanes";
import { Add, Divide, Multiply, Subtract, SubtractAndAdd } from "./float-operations";

export function floatArithmeticRows(): void {
  arithmeticRows<Add>(0x58); // ADDPS, ADDPD, ADDSS, ADDSD
  arithmeticRows<Multiply>(0x59); // MULPS, MULPD, MULSS, MULSD
  arithmeticRows<Subtract>(0x5c); // SUBPS, SUBPD, SUBSS, SUBSD
  arithmeticRows<Divide>(0x5e); // DIVPS, DIVPD, DIVSS, DIVSD
  opcode(OpcodeMap.TwoByte, 0xd0, Column.XF2) // ADDSUBPS
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.packed<SubtractAndAdd, f32, u32>(c, o));
  opcode(OpcodeMap.TwoByte, 0xd0, Column.X66) // ADDSUBPD
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.packed<SubtractAndAdd, f64, u64>(c, o));
}

function arithmeticRows<T>(byte: i32): void {
  const two = OpcodeMap.TwoByte;
  opcode(two, byte, Column.None)
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.packed<T, f32, u32>(c, o));
  opcode(two, byte, Column.X66)
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.packed<T, f64, u64>(c, o));
  opcode(two, byte, Column.XF3)
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.scalar<T, f32, u32>(c, o));
  opcode(two, byte, Column.XF2)
    .of(Operand.V, Operand.W)
    .does((c, o) => FloatLanes.scalar<T, f64, u64>(c, o));
}
