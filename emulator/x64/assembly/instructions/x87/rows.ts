import { Column, Form, Handler, OpcodeMap, Operand, opcode, Row } from "../../decode/opcode-map";

/** An instruction of D8 to DF whose operand in memory has this digit. */
export function memoryRow(byte: i32, digit: i32): Row {
  return opcode(OpcodeMap.OneByte, byte, Column.Any, digit, Form.Memory).of(
    Operand.None,
    Operand.M,
  );
}

/** An instruction of D8 to DF by its whole ModRM byte. */
export function registerRow(byte: i32, modRm: i32): Row {
  return opcode(OpcodeMap.FloatD8 + (byte - 0xd8), modRm);
}

/** Eight instructions whose ModRM byte ends with the number of a register. */
export function stackRows(byte: i32, modRm: i32, handler: Handler): void {
  for (let i = 0; i < 8; i++) registerRow(byte, modRm + i).does(handler);
}
