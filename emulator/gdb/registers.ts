import { type CommandContext, type CommandFamily, OK } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { bytesOfHex, hexOf } from "./latin1.js";
import { type RegisterLayout, registerLayout } from "./target-description.js";

/** `g` and `G`, all registers; `p` and `P`, one: GDB manual, appendix E.2. */
export const registerCommands: CommandFamily = {
  g: readAll,
  G: writeAll,
  p: readOne,
  P: writeOne,
};

/** A register's value as the protocol has it: in the target's byte order, or `x` for each digit. */
export function encodeRegister({ bits }: RegisterLayout, value: bigint | undefined): string {
  const bytes = bits / 8;
  if (value === undefined) return "xx".repeat(bytes);
  let rest = BigInt.asUintN(bits, value);
  const littleEndian = Uint8Array.from({ length: bytes }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
  return hexOf(littleEndian);
}

function readAll({ target }: CommandContext): string {
  const values = target.readRegisters();
  return registerLayout(target.arch)
    .map((register) => encodeRegister(register, values.get(register.name)))
    .join("");
}

function writeAll({ target }: CommandContext, argument: string): string {
  const values = target.readRegisters();
  let at = 0;
  const changes = registerLayout(target.arch).flatMap((register) => {
    const digits = argument.slice(at, at + register.bits / 4);
    at += digits.length;
    const value = decodeRegister(register, digits);
    const changed = value !== undefined && value !== values.get(register.name);
    return changed ? [{ name: register.name, value }] : [];
  });
  if (at !== argument.length) throw new GdbError("bad-request", "More registers than there are.");
  for (const { name, value } of changes) target.writeRegister(name, value);
  return OK;
}

function readOne({ target }: CommandContext, argument: string): string {
  const register = registerNumbered(target.arch, argument);
  return encodeRegister(register, target.readRegisters().get(register.name));
}

function writeOne({ target }: CommandContext, argument: string): string {
  const [number = "", digits = ""] = argument.split("=");
  const register = registerNumbered(target.arch, number);
  const value = decodeRegister(register, digits);
  if (value === undefined) throw new GdbError("bad-request", "A register without a value.");
  target.writeRegister(register.name, value);
  return OK;
}

function registerNumbered(arch: "i686" | "x86_64", number: string): RegisterLayout {
  const register = /^[0-9a-f]{1,4}$/i.test(number)
    ? registerLayout(arch)[Number.parseInt(number, 16)]
    : undefined;
  if (register === undefined) throw new GdbError("bad-register", "There is no such register.");
  return register;
}

/** Undefined for one that shall stay as it is. */
function decodeRegister({ name, bits }: RegisterLayout, digits: string): bigint | undefined {
  if (/^x*$/.test(digits)) return undefined;
  const bytes = bytesOfHex(digits);
  if (bytes?.length !== bits / 8) {
    throw new GdbError("bad-request", `The value of ${name} has ${bits / 4} hexadecimal digits.`);
  }
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
