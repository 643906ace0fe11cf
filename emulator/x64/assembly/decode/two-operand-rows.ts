import { Attribute, Handler, Immediate, OpcodeMap, Operand, opcode } from "./opcode-map";

/**
 * The nine encodings that ADD, OR, ADC, SBB, AND, SUB, XOR and CMP have each.
 * @param base the first opcode
 * @param digit of the ModRM byte after 80, 81 and 83
 */
export function twoOperandRows(
  base: u32,
  digit: i32,
  attributes: u32,
  handler8: Handler,
  handler16: Handler,
  handler32: Handler,
  handler64: Handler,
): void {
  const one = OpcodeMap.OneByte;
  opcode(one, base).of(Operand.Eb, Operand.Gb).with(attributes).does(handler8);
  opcode(one, base + 1)
    .of(Operand.E, Operand.G)
    .with(attributes)
    .sizes(handler16, handler32, handler64);
  opcode(one, base + 2)
    .of(Operand.Gb, Operand.Eb)
    .does(handler8);
  opcode(one, base + 3)
    .of(Operand.G, Operand.E)
    .sizes(handler16, handler32, handler64);
  opcode(one, base + 4)
    .of(Operand.Accumulator, Operand.I, Immediate.I8)
    .does(handler8);
  opcode(one, base + 5)
    .of(Operand.Accumulator, Operand.I, Immediate.Z)
    .sizes(handler16, handler32, handler64);
  opcode(one, 0x80, 15, digit)
    .of(Operand.Eb, Operand.I, Immediate.I8)
    .with(attributes)
    .does(handler8);
  opcode(one, 0x81, 15, digit)
    .of(Operand.E, Operand.I, Immediate.Z)
    .with(attributes)
    .sizes(handler16, handler32, handler64);
  opcode(one, 0x82, 15, digit)
    .of(Operand.Eb, Operand.I, Immediate.I8)
    .with(attributes | Attribute.Not64)
    .does(handler8);
  opcode(one, 0x83, 15, digit)
    .of(Operand.E, Operand.I, Immediate.I8)
    .with(attributes)
    .sizes(handler16, handler32, handler64);
}
