// UD0, UD1, UD2: what is #UD for certain. The ModRM byte that UD0 and UD1 have in the manuals is
// not looked at, as nothing comes of it.
import { raiseInvalidOpcode } from "../decode/bad-instructions";
import { Attribute, OpcodeMap, opcode } from "../decode/opcode-map";

export function undefinedRows(): void {
  opcode(OpcodeMap.TwoByte, 0x0b).with(Attribute.EndsBlock).does(raiseInvalidOpcode);
  opcode(OpcodeMap.TwoByte, 0xb9).with(Attribute.EndsBlock).does(raiseInvalidOpcode);
  opcode(OpcodeMap.TwoByte, 0xff).with(Attribute.EndsBlock).does(raiseInvalidOpcode);
}
