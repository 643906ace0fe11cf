// INVLPG, INVD, WBINVD. There are no caches of memory that could be written back.
import { Attribute, Column, Form, OpcodeMap, Operand, opcode } from "../../decode/opcode-map";
import { Canonical } from "../../memory/page-walk";
import { flushTlbPage } from "../../memory/tlb";
import { Branch } from "../../run/branch";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

export function invalidateRows(): void {
  opcode(OpcodeMap.TwoByte, 0x01, Column.Any, 7, Form.Memory)
    .of(Operand.M)
    .with(Attribute.Privileged | Attribute.EndsBlock)
    .does((c, o) => invalidatePage(c, o));
  opcode(OpcodeMap.TwoByte, 0x08)
    .with(Attribute.Privileged)
    .does((c, o) => After.Next);
  opcode(OpcodeMap.TwoByte, 0x09)
    .with(Attribute.Privileged)
    .does((c, o) => After.Next);
}

function invalidatePage(cpu: Processor, op: Operation): i32 {
  const address = cpu.address(op);
  // Nothing is translated at another address, and nothing said against it (SDM vol. 2A, INVLPG).
  if (Canonical.is(address)) flushTlbPage(cpu, address);
  return Branch.over(cpu, op);
}
