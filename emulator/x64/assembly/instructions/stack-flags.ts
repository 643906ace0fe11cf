// PUSHF, POPF.
import { Attribute, OpcodeMap, opcode } from "../decode/opcode-map";
import { readFlags } from "../flags/lazy-flags";
import { writeFlags } from "../flags/write-flags";
import { Branch } from "../run/branch";
import { Stack } from "../stack/stack";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { ARITHMETIC, Flag } from "../state/rflags";

export function stackFlagsRows(): void {
  opcode(OpcodeMap.OneByte, 0x9c)
    .with(Attribute.Default64)
    .sizes(
      (c, o) => pushFlags<u16>(c, o),
      (c, o) => pushFlags<u32>(c, o),
      (c, o) => pushFlags<u64>(c, o),
    );
  // Behind it interrupts may come, and addresses be checked otherwise.
  opcode(OpcodeMap.OneByte, 0x9d)
    .with(Attribute.Default64 | Attribute.EndsBlock)
    .sizes(
      (c, o) => popFlags<u16>(c, o),
      (c, o) => popFlags<u32>(c, o),
      (c, o) => popFlags<u64>(c, o),
    );
}

/** RF and VM are pushed as 0. */
function pushFlags<T>(cpu: Processor, op: Operation): i32 {
  const flags = readFlags(cpu) & ~(<u64>(Flag.Resume | Flag.Virtual8086));
  return Stack.push<T>(cpu, <T>flags) ? After.Next : After.Fault;
}

function popFlags<T>(cpu: Processor, op: Operation): i32 {
  const top = Stack.top<T>(cpu);
  if (top == 0) return After.Fault;
  const value = <u64>load<T>(top) & ~(<u64>Flag.Resume);
  const mask = writable(cpu);
  Stack.drop(cpu, sizeof<T>());
  writeFlags(cpu, value, sizeof<T>() == 2 ? mask & 0xffff : mask);
  return Branch.over(cpu, op);
}

/** IOPL only changes at CPL 0, and IF where the CPL is not above IOPL: SDM vol. 2B, table 4-16. */
function writable(cpu: Processor): u64 {
  let mask: u32 =
    ARITHMETIC |
    Flag.Trap |
    Flag.Direction |
    Flag.NestedTask |
    Flag.Resume |
    Flag.AlignmentCheck |
    Flag.Identification;
  const ioPrivilege = (<u32>cpu.flags >> 12) & 3;
  if (cpu.cpl == 0) mask |= Flag.IoPrivilege;
  if (cpu.cpl <= ioPrivilege) mask |= Flag.Interrupt;
  return mask;
}
