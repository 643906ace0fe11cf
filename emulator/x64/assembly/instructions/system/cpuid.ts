// CPUID: exactly what this processor has. SDM vol. 2A, CPUID.
import { OpcodeMap, opcode } from "../../decode/opcode-map";
import { After } from "../../state/after";
import { Operation } from "../../state/operation";
import { Processor } from "../../state/processor";

/**
 * A maker of our own: systems choose workarounds for a maker's errata by this name, and there is
 * none that we would want. What is not by the name, they find by the bits of features.
 */
const VENDOR = memory.data<u8>([
  // "kspace x64  "
  0x6b, 0x73, 0x70, 0x61, 0x63, 0x65, 0x20, 0x78, 0x36, 0x34, 0x20, 0x20,
]);

const BRAND = memory.data<u8>([
  // "kspace x86-64 engine", and zeros up to 48 bytes
  0x6b, 0x73, 0x70, 0x61, 0x63, 0x65, 0x20, 0x78, 0x38, 0x36, 0x2d, 0x36, 0x34, 0x20, 0x65, 0x6e,
  0x67, 0x69, 0x6e, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0,
]);

/** Family 6 as all that have SYSENTER and CMOV; model and stepping say nothing. */
const SIGNATURE: u32 = 0x600;

/** CLFLUSH flushes 8 * 8 bytes; one logical processor. */
const CLFLUSH_SIZE: u32 = (8 << 8) | (1 << 16);

enum Leaf1Edx {
  Fpu = 1 << 0,
  DebuggingExtensions = 1 << 2,
  PageSizeExtension = 1 << 3,
  TimeStampCounter = 1 << 4,
  Msr = 1 << 5,
  PhysicalAddressExtension = 1 << 6,
  CompareExchange8 = 1 << 8,
  SysenterSysexit = 1 << 11,
  GlobalPages = 1 << 13,
  ConditionalMove = 1 << 15,
  PageAttributeTable = 1 << 16,
  PageSize36 = 1 << 17,
  CacheLineFlush = 1 << 19,
  Mmx = 1 << 23,
  FxSave = 1 << 24,
  Sse = 1 << 25,
  Sse2 = 1 << 26,
}

enum Leaf1Ecx {
  Sse3 = 1 << 0,
  Ssse3 = 1 << 9,
  CompareExchange16 = 1 << 13,
  Sse41 = 1 << 19,
  Sse42 = 1 << 20,
  PopulationCount = 1 << 23,
}

enum Leaf7 {
  // EBX
  FsGsBase = 1 << 0,
  SupervisorExecutionPrevention = 1 << 7,
  /** REP MOVSB and STOSB are the fast way to copy and fill: they are here. */
  EnhancedRepMovsb = 1 << 9,
  SupervisorAccessPrevention = 1 << 20,
  // ECX
  UserModeInstructionPrevention = 1 << 2,
  // EDX
  ArchitecturalCapabilities = 1 << 29,
}

enum Extended1Edx {
  SyscallSysret = 1 << 11,
  NoExecute = 1 << 20,
  GigabytePages = 1 << 26,
  Rdtscp = 1 << 27,
  LongMode = 1 << 29,
}

/** ECX of 80000001H: LAHF and SAHF in 64-bit code. */
const LAHF_SAHF: u32 = 1 << 0;
/** EDX of 80000007H: the time-stamp counter counts at one rate, and never stops. */
const INVARIANT_TSC: u32 = 1 << 8;
/** EAX of 80000008H: physical addresses have 40 bits, linear ones 48. */
const ADDRESS_BITS: u32 = 40 | (48 << 8);

const HIGHEST: u32 = 7;
const HIGHEST_EXTENDED: u32 = 0x80000008;

export function cpuidRows(): void {
  opcode(OpcodeMap.TwoByte, 0xa2).does((c, o) => identify(c, o));
}

function identify(cpu: Processor, op: Operation): i32 {
  const leaf = <u32>cpu.rax;
  const subleaf = <u32>cpu.rcx;
  switch (leaf) {
    case 0:
      return answer(cpu, HIGHEST, load<u32>(VENDOR), load<u32>(VENDOR, 8), load<u32>(VENDOR, 4));
    case 1:
      return answer(
        cpu,
        SIGNATURE,
        CLFLUSH_SIZE,
        Leaf1Ecx.Sse3 |
          Leaf1Ecx.Ssse3 |
          Leaf1Ecx.CompareExchange16 |
          Leaf1Ecx.Sse41 |
          Leaf1Ecx.Sse42 |
          Leaf1Ecx.PopulationCount,
        Leaf1Edx.Fpu |
          Leaf1Edx.DebuggingExtensions |
          Leaf1Edx.PageSizeExtension |
          Leaf1Edx.TimeStampCounter |
          Leaf1Edx.Msr |
          Leaf1Edx.PhysicalAddressExtension |
          Leaf1Edx.CompareExchange8 |
          Leaf1Edx.SysenterSysexit |
          Leaf1Edx.GlobalPages |
          Leaf1Edx.ConditionalMove |
          Leaf1Edx.PageAttributeTable |
          Leaf1Edx.PageSize36 |
          Leaf1Edx.CacheLineFlush |
          Leaf1Edx.Mmx |
          Leaf1Edx.FxSave |
          Leaf1Edx.Sse |
          Leaf1Edx.Sse2,
      );
    case 7:
      if (subleaf != 0) return answer(cpu, 0, 0, 0, 0);
      return answer(
        cpu,
        0,
        Leaf7.FsGsBase |
          Leaf7.SupervisorExecutionPrevention |
          Leaf7.EnhancedRepMovsb |
          Leaf7.SupervisorAccessPrevention,
        Leaf7.UserModeInstructionPrevention,
        Leaf7.ArchitecturalCapabilities,
      );
    case 0x80000000:
      return answer(cpu, HIGHEST_EXTENDED, 0, 0, 0);
    case 0x80000001:
      return answer(
        cpu,
        0,
        0,
        LAHF_SAHF,
        Extended1Edx.SyscallSysret |
          Extended1Edx.NoExecute |
          Extended1Edx.GigabytePages |
          Extended1Edx.Rdtscp |
          Extended1Edx.LongMode,
      );
    case 0x80000002:
    case 0x80000003:
    case 0x80000004: {
      const part = BRAND + ((leaf - 0x80000002) << 4);
      const ebx = load<u32>(part, 4);
      return answer(cpu, load<u32>(part), ebx, load<u32>(part, 8), load<u32>(part, 12));
    }
    case 0x80000007:
      return answer(cpu, 0, 0, 0, INVARIANT_TSC);
    case 0x80000008:
      return answer(cpu, ADDRESS_BITS, 0, 0, 0);
    default:
      return answer(cpu, 0, 0, 0, 0);
  }
}

function answer(cpu: Processor, eax: u32, ebx: u32, ecx: u32, edx: u32): i32 {
  cpu.rax = eax;
  cpu.rbx = ebx;
  cpu.rcx = ecx;
  cpu.rdx = edx;
  return After.Next;
}
