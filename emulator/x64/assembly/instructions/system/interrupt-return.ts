// IRET, IRETD, IRETQ.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { updateAttention } from "../../exceptions/attention";
import { interruptReturn } from "../../segments/far-return";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Flag } from "../../state/rflags";
import { Vector } from "../../state/vectors";

export function interruptReturnRows(): void {
  opcode(OpcodeMap.OneByte, 0xcf)
    .with(Attribute.EndsBlock)
    .sizes(
      (c, o) => iret<u16>(c, o),
      (c, o) => iret<u32>(c, o),
      (c, o) => iret<u64>(c, o),
    );
}

function iret<T>(cpu: Processor, op: Operation): i32 {
  // There are no tasks in long mode that it could return to.
  if ((cpu.flags & Flag.NestedTask) != 0) return cpu.raise(Vector.GeneralProtection);
  // Even if it faults (SDM vol. 3C, 25.3, of NMI unblocking).
  cpu.nmiBlocked = false;
  updateAttention(cpu);
  return interruptReturn<T>(cpu);
}
