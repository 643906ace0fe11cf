import { x87Unit } from "../../float/float-unit";
import { unpackExtended } from "../../float/unpack";
import { FINITE, ZERO } from "../../float/unpacked";
import { Processor } from "../../state/processor";

/** Of a register, in the full tag word (SDM vol. 1, 8.1.7). */
enum Tag {
  Valid = 0,
  Zero = 1,
  Special = 2,
  Empty = 3,
}

/** Two bits for each register, by its own number: the processor keeps but one, and looks at the rest. */
export function fullTags(cpu: Processor): u16 {
  let tags: u32 = 0;
  for (let number: u32 = 0; number < 8; number++) {
    const isFull = ((cpu.floatTags >> <u8>number) & 1) != 0;
    tags |= (isFull ? tagOf(cpu.float(number)) : <u32>Tag.Empty) << (number << 1);
  }
  return <u16>tags;
}

function tagOf(register: usize): u32 {
  unpackExtended(x87Unit.a, register);
  const kind = x87Unit.a.kind;
  return kind == FINITE ? <u32>Tag.Valid : kind == ZERO ? <u32>Tag.Zero : <u32>Tag.Special;
}

/** Of a full tag word only what is empty counts. */
export function setFullTags(cpu: Processor, tags: u32): void {
  let full: u32 = 0;
  for (let number: u32 = 0; number < 8; number++) {
    if (((tags >> (number << 1)) & 3) != Tag.Empty) full |= 1 << number;
  }
  cpu.floatTags = <u8>full;
}
