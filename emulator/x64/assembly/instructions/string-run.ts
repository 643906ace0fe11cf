// What MOVS and STOS do fast: elements that lie in pages that the TLB has, which neither fault nor
// have to be looked at.
import { BlockMode } from "../blocks/block";
import { extraAddress } from "../memory/string-address";
import { Tlb } from "../memory/tlb";
import { addressMask } from "../state/address-size";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Flag } from "../state/rflags";
import { Repeat } from "./repeat";

/** Where an element lies in our memory, and how many follow in its page. */
class Page {
  @inline static elements<T>(address: u64): u64 {
    return (0x1000 - (address & 0xfff)) / sizeof<T>();
  }

  @inline static has(cpu: Processor, address: u64, tag: usize): bool {
    return load<u64>(Tlb.entry(cpu.tlb, address) + tag) == (address & ~0xfff);
  }

  @inline static pointer(cpu: Processor, address: u64): usize {
    return <usize>address + load<u32>(Tlb.entry(cpu.tlb, address), Tlb.ADDEND);
  }
}

/** Upwards, and where addresses neither wrap around nor meet a segment's limit within a page. */
function isPlain(cpu: Processor, mask: u64): bool {
  const isFlat = (cpu.blockMode & BlockMode.Segmented) == 0;
  return (cpu.flags & Flag.Direction) == 0 && mask != 0xffff && isFlat;
}

/** Goes on with MOVS. @returns how many elements were copied */
export function copyRun<T>(cpu: Processor, op: Operation, most: u64): u64 {
  const mask = addressMask(cpu, op);
  if (!isPlain(cpu, mask)) return 0;
  const source = cpu.address(op);
  const target = extraAddress(cpu, mask, sizeof<T>(), true);
  if (!Page.has(cpu, source, Tlb.READ) || !Page.has(cpu, target, Tlb.WRITE)) return 0;
  const count = min(most, min(Page.elements<T>(source), Page.elements<T>(target)));
  const bytes = <usize>count * sizeof<T>();
  copyUpwards<T>(Page.pointer(cpu, target), Page.pointer(cpu, source), bytes);
  Repeat.move(cpu.register(GeneralRegister.Rsi), bytes, mask);
  Repeat.move(cpu.register(GeneralRegister.Rdi), bytes, mask);
  return count;
}

/** Element by element where the target begins within the source: there it repeats what it has. */
function copyUpwards<T>(target: usize, source: usize, bytes: usize): void {
  if (target - source >= bytes) {
    memory.copy(target, source, bytes);
    return;
  }
  for (let offset: usize = 0; offset < bytes; offset += sizeof<T>()) {
    store<T>(target + offset, load<T>(source + offset));
  }
}

/** Goes on with STOS. @returns how many elements were written */
export function fillRun<T>(cpu: Processor, op: Operation, most: u64): u64 {
  const mask = addressMask(cpu, op);
  if (!isPlain(cpu, mask)) return 0;
  const address = cpu.address(op);
  if (!Page.has(cpu, address, Tlb.WRITE)) return 0;
  const count = min(most, Page.elements<T>(address));
  const bytes = <usize>count * sizeof<T>();
  fill<T>(Page.pointer(cpu, address), <T>cpu.rax, bytes);
  Repeat.move(cpu.register(GeneralRegister.Rdi), bytes, mask);
  return count;
}

function fill<T>(target: usize, value: T, bytes: usize): void {
  const byte = <u8>value;
  if (value == <T>(<u64>byte * 0x0101010101010101)) {
    memory.fill(target, byte, bytes);
    return;
  }
  for (let offset: usize = 0; offset < bytes; offset += sizeof<T>()) {
    store<T>(target + offset, value);
  }
}
