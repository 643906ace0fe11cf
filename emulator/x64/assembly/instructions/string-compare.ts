// CMPS, SCAS.
import { allWidthRows } from "../decode/all-width-rows";
import { ANY_DIGIT, Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { Flags } from "../flags/lazy-flags";
import { extraAddress, faultInExtra } from "../memory/string-address";
import { addressMask } from "../state/address-size";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Repeat, repeatWhile } from "./repeat";

export function stringCompareRows(): void {
  allWidthRows(
    OpcodeMap.OneByte,
    0xa6,
    ANY_DIGIT,
    Operand.None,
    Operand.X,
    Immediate.None,
    0,
    (c, o) => compares<u8>(c, o),
    (c, o) => compares<u16>(c, o),
    (c, o) => compares<u32>(c, o),
    (c, o) => compares<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xae,
    ANY_DIGIT,
    Operand.Y,
    Operand.None,
    Immediate.None,
    0,
    (c, o) => scans<u8>(c, o),
    (c, o) => scans<u16>(c, o),
    (c, o) => scans<u32>(c, o),
    (c, o) => scans<u64>(c, o),
  );
}

function compares<T>(cpu: Processor, op: Operation): i32 {
  return repeatWhile(cpu, op, (c, o) => compareOne<T>(c, o));
}

function compareOne<T>(cpu: Processor, op: Operation): bool {
  const first = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (first == 0) return false;
  // Both may lie in two pages each, and there is one place to put such a one together.
  const a = load<T>(first);
  const mask = addressMask(cpu, op);
  const second = cpu.readAt<T>(extraAddress(cpu, mask, sizeof<T>(), false));
  if (second == 0) return faultInExtra(cpu);
  const b = load<T>(second);
  Flags.subtract<T>(cpu, a, b, <T>(a - b));
  const stride = Repeat.stride<T>(cpu);
  Repeat.move(cpu.register(GeneralRegister.Rsi), stride, mask);
  Repeat.move(cpu.register(GeneralRegister.Rdi), stride, mask);
  return true;
}

function scans<T>(cpu: Processor, op: Operation): i32 {
  return repeatWhile(cpu, op, (c, o) => scanOne<T>(c, o));
}

function scanOne<T>(cpu: Processor, op: Operation): bool {
  const place = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (place == 0) return false;
  const a = <T>cpu.rax;
  const b = load<T>(place);
  Flags.subtract<T>(cpu, a, b, <T>(a - b));
  Repeat.move(cpu.register(GeneralRegister.Rdi), Repeat.stride<T>(cpu), addressMask(cpu, op));
  return true;
}
