// MOV to and from CR0, CR2, CR3, CR4 and CR8.
import { Attribute, OpcodeMap, opcode } from "../../decode/opcode-map";
import { flushTlb } from "../../memory/tlb";
import { Branch } from "../../run/branch";
import { After } from "../../state/after";
import { Cr0, Cr4 } from "../../state/control";
import { updateMode } from "../../state/mode";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";
import { Vector } from "../../state/vectors";

/** Bits of CR0 that exist; writes of others of the lower 32 are ignored (SDM vol. 3A, 2.5). */
const CR0_EXISTING: u32 =
  Cr0.ProtectionEnable |
  Cr0.MonitorCoprocessor |
  Cr0.Emulation |
  Cr0.TaskSwitched |
  Cr0.ExtensionType |
  Cr0.NumericError |
  Cr0.WriteProtect |
  Cr0.AlignmentMask |
  Cr0.NotWriteThrough |
  Cr0.CacheDisable |
  Cr0.Paging;

/** Those of CR4: of features that CPUID claims, and RDPMC's, which always exists. */
const CR4_EXISTING: u64 =
  Cr4.TimeStampDisable |
  Cr4.DebuggingExtensions |
  Cr4.PageSizeExtension |
  Cr4.PhysicalAddressExtension |
  Cr4.GlobalPages |
  Cr4.PerformanceCounter |
  Cr4.FxSave |
  Cr4.SimdExceptions |
  Cr4.UserModeInstructionPrevention |
  Cr4.FsGsBase |
  Cr4.SupervisorExecutionPrevention |
  Cr4.SupervisorAccessPrevention;

/** What the TLB's tables depend on. */
const CR4_OF_PAGES: u32 =
  Cr4.PageSizeExtension |
  Cr4.GlobalPages |
  Cr4.SupervisorExecutionPrevention |
  Cr4.SupervisorAccessPrevention;

/** Of CR3: PWT, PCD, and an address of 40 bits. */
const CR3_RESERVED: u64 = ~0x000000ffffffffff;

export function controlRegisterRows(): void {
  opcode(OpcodeMap.TwoByte, 0x20)
    .with(Attribute.HasModRm | Attribute.Privileged | Attribute.Force64)
    .does((c, o) => moveFrom(c, o));
  opcode(OpcodeMap.TwoByte, 0x22)
    .with(Attribute.HasModRm | Attribute.Privileged | Attribute.Force64 | Attribute.EndsBlock)
    .does((c, o) => moveTo(c, o));
}

function moveFrom(cpu: Processor, op: Operation): i32 {
  let value: u64;
  switch (<i32>op.reg) {
    case 0:
      value = cpu.cr0;
      break;
    case 2:
      value = cpu.cr2;
      break;
    case 3:
      value = cpu.cr3;
      break;
    case 4:
      value = cpu.cr4;
      break;
    case 8:
      value = cpu.cr8;
      break;
    default:
      return cpu.raise(Vector.InvalidOpcode);
  }
  store<u64>(cpu.register(op.rm), cpu.isLongCode ? value : <u64>(<u32>value));
  return After.Next;
}

function moveTo(cpu: Processor, op: Operation): i32 {
  const register = load<u64>(cpu.register(op.rm));
  const value = cpu.isLongCode ? register : <u64>(<u32>register);
  let isAllowed = true;
  switch (<i32>op.reg) {
    case 0:
      isAllowed = writeCr0(cpu, value);
      break;
    case 2:
      cpu.cr2 = value;
      break;
    case 3:
      isAllowed = writeCr3(cpu, value);
      break;
    case 4:
      isAllowed = writeCr4(cpu, value);
      break;
    case 8:
      isAllowed = (value & ~15) == 0;
      if (isAllowed) cpu.cr8 = <u32>value;
      break;
    default:
      return cpu.raise(Vector.InvalidOpcode);
  }
  return isAllowed ? Branch.over(cpu, op) : cpu.raise(Vector.GeneralProtection);
}

/** @returns false: a value that may not be written, and nothing has changed */
export function writeCr0(cpu: Processor, value: u64): bool {
  if (value >> 32 != 0) return false;
  const cr0 = (<u32>value & CR0_EXISTING) | Cr0.ExtensionType;
  // Without paging there is no long mode: this processor has no mode to go to.
  const always = Cr0.ProtectionEnable | Cr0.Paging;
  if ((cr0 & always) != <u32>always) return false;
  if ((cr0 & (Cr0.NotWriteThrough | Cr0.CacheDisable)) == <u32>Cr0.NotWriteThrough) return false;
  const changed = cpu.cr0 ^ cr0;
  cpu.cr0 = cr0;
  // The rights that are in the TLB are those with the old WP.
  if ((changed & Cr0.WriteProtect) != 0) flushTlb(cpu, true);
  if ((changed & Cr0.AlignmentMask) != 0) updateMode(cpu);
  return true;
}

function writeCr3(cpu: Processor, value: u64): bool {
  if ((value & CR3_RESERVED) != 0) return false;
  cpu.cr3 = value;
  flushTlb(cpu, (cpu.cr4 & Cr4.GlobalPages) == 0);
  return true;
}

function writeCr4(cpu: Processor, value: u64): bool {
  if ((value & ~CR4_EXISTING) != 0) return false;
  const cr4 = <u32>value;
  // Long mode has it set (SDM vol. 3A, 4.1.2).
  if ((cr4 & Cr4.PhysicalAddressExtension) == 0) return false;
  const changed = cpu.cr4 ^ cr4;
  cpu.cr4 = cr4;
  if ((changed & CR4_OF_PAGES) != 0) flushTlb(cpu, true);
  updateMode(cpu);
  return true;
}
