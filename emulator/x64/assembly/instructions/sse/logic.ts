// Logic on whole registers: MMX, SSE, SSE2; PTEST of SSE4.1.
import { Column, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Flags } from "../../flags/lazy-flags";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { Sse } from "./operands";
import { packedRows, xmmRow } from "./packed-rows";

export function logicRows(): void {
  const two = OpcodeMap.TwoByte;
  packedRows<And>(two, 0xdb); // PAND
  packedRows<AndNot>(two, 0xdf); // PANDN
  packedRows<Or>(two, 0xeb); // POR
  packedRows<Xor>(two, 0xef); // PXOR
  const both = Column.None | Column.X66;
  xmmRow<And>(two, 0x54, both); // ANDPS, ANDPD
  xmmRow<AndNot>(two, 0x55, both); // ANDNPS, ANDNPD
  xmmRow<Or>(two, 0x56, both); // ORPS, ORPD
  xmmRow<Xor>(two, 0x57, both); // XORPS, XORPD
  opcode(OpcodeMap.ThreeByte38, 0x17, Column.X66).of(Operand.V, Operand.W).does(testBits); // PTEST
}

class And {
  @inline apply(a: v128, b: v128): v128 {
    return v128.and(a, b);
  }
}

class AndNot {
  @inline apply(a: v128, b: v128): v128 {
    return v128.andnot(b, a);
  }
}

class Or {
  @inline apply(a: v128, b: v128): v128 {
    return v128.or(a, b);
  }
}

class Xor {
  @inline apply(a: v128, b: v128): v128 {
    return v128.xor(a, b);
  }
}

function testBits(cpu: Processor, op: Operation): i32 {
  const source = Sse.source(cpu, op);
  if (source == 0) return After.Fault;
  const a = Sse.destination(op);
  const b = v128.load(source);
  const isZero = !v128.any_true(v128.and(a, b));
  const isCovered = !v128.any_true(v128.andnot(b, a));
  Flags.set(cpu, (isZero ? Flag.Zero : 0) | (isCovered ? Flag.Carry : 0));
  return After.Next;
}
