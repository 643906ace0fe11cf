// UD0, UD1, UD2: what is #UD for certain. UD0 and UD1 have a ModRM byte, on Intel's processors.
import { raiseInvalidOpcode } from "../decode/bad-instructions";
import { Attribute, OpcodeMap, opcode } from "../decode/opcode-map";

export function undefinedRows(): void {
  opcode(OpcodeMap.TwoByte, 0x0b).with(Attribute.EndsBlock).does(raiseInvalidOpcode);
  opcode(OpcodeMap.TwoByte, 0xb9)
    .with(Attribute.EndsBlock | Attribute.HasModRm)
    .does(raiseInvalidOpcode);
  opcode(OpcodeMap.TwoByte, 0xff)
    .with(Attribute.EndsBlock | Attribute.HasModRm)
    .does(raiseInvalidOpcode);
}
