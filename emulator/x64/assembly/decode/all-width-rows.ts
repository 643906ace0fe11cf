import { Handler, Immediate, OpcodeMap, Operand, opcode } from "./opcode-map";

/**
 * Two opcodes that follow each other: of operands of 8 bits, and of wider ones.
 * @param byte the first opcode
 * @param digit of the ModRM byte, or `ANY_DIGIT`
 * @param destination of the wider ones, as is `source`
 */
export function allWidthRows(
  map: OpcodeMap,
  byte: i32,
  digit: i32,
  destination: Operand,
  source: Operand,
  immediate: Immediate,
  attributes: u32,
  handler8: Handler,
  handler16: Handler,
  handler32: Handler,
  handler64: Handler,
): void {
  opcode(map, byte, 15, digit)
    .of(ofByte(destination), ofByte(source), immediate == Immediate.Z ? Immediate.I8 : immediate)
    .with(attributes)
    .does(handler8);
  opcode(map, byte + 1, 15, digit)
    .of(destination, source, immediate)
    .with(attributes)
    .sizes(handler16, handler32, handler64);
}

function ofByte(operand: Operand): Operand {
  switch (operand) {
    case Operand.E:
      return Operand.Eb;
    case Operand.G:
      return Operand.Gb;
    default:
      return operand;
  }
}
