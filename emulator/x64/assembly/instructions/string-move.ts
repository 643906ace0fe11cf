// MOVS, STOS, LODS.
import { allWidthRows } from "../decode/all-width-rows";
import { ANY_DIGIT, Immediate, OpcodeMap, Operand } from "../decode/opcode-map";
import { extraAddress, faultInExtra } from "../memory/string-address";
import { addressMask } from "../state/address-size";
import { GeneralRegister } from "../state/general-register";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { noRun, Repeat, repeat } from "./repeat";
import { copyRun, fillRun } from "./string-run";

export function stringMoveRows(): void {
  allWidthRows(
    OpcodeMap.OneByte,
    0xa4,
    ANY_DIGIT,
    Operand.None,
    Operand.X,
    Immediate.None,
    0,
    (c, o) => moves<u8>(c, o),
    (c, o) => moves<u16>(c, o),
    (c, o) => moves<u32>(c, o),
    (c, o) => moves<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xaa,
    ANY_DIGIT,
    Operand.Y,
    Operand.None,
    Immediate.None,
    0,
    (c, o) => stores<u8>(c, o),
    (c, o) => stores<u16>(c, o),
    (c, o) => stores<u32>(c, o),
    (c, o) => stores<u64>(c, o),
  );
  allWidthRows(
    OpcodeMap.OneByte,
    0xac,
    ANY_DIGIT,
    Operand.None,
    Operand.X,
    Immediate.None,
    0,
    (c, o) => loads<u8>(c, o),
    (c, o) => loads<u16>(c, o),
    (c, o) => loads<u32>(c, o),
    (c, o) => loads<u64>(c, o),
  );
}

function moves<T>(cpu: Processor, op: Operation): i32 {
  return repeat(
    cpu,
    op,
    (c, o) => moveOne<T>(c, o),
    (c, o, most) => copyRun<T>(c, o, most),
  );
}

function moveOne<T>(cpu: Processor, op: Operation): bool {
  const source = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (source == 0) return false;
  const mask = addressMask(cpu, op);
  if (!cpu.writeAt<T>(extraAddress(cpu, mask, sizeof<T>(), true), load<T>(source))) {
    return faultInExtra(cpu);
  }
  const stride = Repeat.stride<T>(cpu);
  Repeat.move(cpu.register(GeneralRegister.Rsi), stride, mask);
  Repeat.move(cpu.register(GeneralRegister.Rdi), stride, mask);
  return true;
}

function stores<T>(cpu: Processor, op: Operation): i32 {
  return repeat(
    cpu,
    op,
    (c, o) => storeOne<T>(c, o),
    (c, o, most) => fillRun<T>(c, o, most),
  );
}

function storeOne<T>(cpu: Processor, op: Operation): bool {
  if (!cpu.writeAt<T>(cpu.addressOf<T>(op, true), <T>cpu.rax)) return false;
  Repeat.move(cpu.register(GeneralRegister.Rdi), Repeat.stride<T>(cpu), addressMask(cpu, op));
  return true;
}

function loads<T>(cpu: Processor, op: Operation): i32 {
  return repeat(cpu, op, (c, o) => loadOne<T>(c, o), noRun);
}

function loadOne<T>(cpu: Processor, op: Operation): bool {
  const source = cpu.readAt<T>(cpu.addressOf<T>(op, false));
  if (source == 0) return false;
  cpu.setRegister<T>(cpu.register(GeneralRegister.Rax), load<T>(source));
  Repeat.move(cpu.register(GeneralRegister.Rsi), Repeat.stride<T>(cpu), addressMask(cpu, op));
  return true;
}
