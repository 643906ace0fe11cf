/** One instruction, run by a processor. */
export interface FloatCase {
  /** The instruction's name in AT&T's syntax, as native/float-cases.c has it. */
  readonly name: string;
  /** The x87 control word, or MXCSR. */
  readonly control: number;
  /** Ten bytes each, of which the instruction takes what it needs. */
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly result: Uint8Array;
  /** The x87 status word, or the exception flags of MXCSR. */
  readonly status: number;
}

const OPERAND_BYTES = 10;
/** Instruction, control (2), indexes of the operands (2, 2), result (10), status (2). */
const RECORD_BYTES = 19;

/**
 * Reads what native/float-cases.c and native/transcendental-references.py write: a line of JSON, the operands, then a record per case.
 */
export function* readFloatCases(bytes: Uint8Array): Generator<FloatCase> {
  const lineEnd = bytes.indexOf(0x0a);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, lineEnd))) as {
    cases: number;
    operands: number;
    operations: string[];
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const operands = lineEnd + 1;
  const operand = (index: number) => {
    const at = operands + index * OPERAND_BYTES;
    return bytes.subarray(at, at + OPERAND_BYTES);
  };
  let at = operands + header.operands * OPERAND_BYTES;
  for (let index = 0; index < header.cases; index++, at += RECORD_BYTES) {
    const name = header.operations[view.getUint8(at)];
    if (name === undefined) throw new Error(`Case ${index} names no instruction; record it again.`);
    yield {
      name,
      control: view.getUint16(at + 1, true),
      a: operand(view.getUint16(at + 3, true)),
      b: operand(view.getUint16(at + 5, true)),
      result: bytes.subarray(at + 7, at + 17),
      status: view.getUint16(at + 17, true),
    };
  }
}
