/**
 * Where iced's GNU formatter and objdump write an instruction differently, objdump's spelling
 * is taken: it is what the kernel's own scripts/decodecode and everybody's notes show.
 * Reference: binutils, opcodes/i386-dis.c and gas/doc/c-i386.texi.
 */

/** The suffix that objdump leaves out, since it is the processor mode's own size. */
const DEFAULT_SUFFIXES: Readonly<Record<number, string>> = { 16: "w", 32: "l", 64: "q" };
const WITHOUT_DEFAULT_SUFFIX = /^(push|pop|call|jmp)([wlq])$/;
const SHIFT = /^(?:ro|rc|sh|sa)[lr][bwlq]?$/;
const DESCRIPTOR_TABLE = /^[ls][gi]dt$/;
const IGNORED_SEGMENT = /%([cdes]s):(?=[^,]*\()/;
const STRING_INSTRUCTION = /^(?:ins|outs|movs|lods|stos|scas|cmps)[bwlq]?$/;

/** x87 arithmetic that replaces the topmost two numbers by the result. */
const POPPING_ARITHMETIC = /^f(?:add|mul|subr?|divr?)p$/;

/** Operands that the manuals do not name, since they are always the same. */
const IMPLICIT_OPERANDS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  monitor: { 32: "%eax,%ecx,%edx", 64: "%rax,%ecx,%edx" },
  mwait: { 32: "%eax,%ecx", 64: "%eax,%ecx" },
  monitorx: { 32: "%eax,%ecx,%edx", 64: "%rax,%ecx,%edx" },
  mwaitx: { 32: "%eax,%ecx,%ebx", 64: "%eax,%ecx,%ebx" },
};

const PREFIX_SPELLING: Readonly<Record<string, string>> = { repe: "repz", repne: "repnz" };

/** The columns that a mnemonic and its prefixes fill before the operands come. */
const MNEMONIC_COLUMNS = 6;

/**
 * @param text what iced's formatter says, mnemonic and operands apart by any number of blanks.
 * @param mnemonic the word in it that is no prefix.
 */
export function objdumpSpelling(
  text: string,
  mnemonic: string,
  bits: 16 | 32 | 64,
  bytes: Uint8Array,
): string {
  const behindPrefixes = text.indexOf(mnemonic);
  let prefixes = text
    .slice(0, behindPrefixes)
    .split(" ")
    .map((prefix) => PREFIX_SPELLING[prefix] ?? prefix)
    .join(" ");
  if (mnemonic === "ret") prefixes = prefixes.replace("rep ", "repz ");
  let operands = text.slice(behindPrefixes + mnemonic.length).trim();
  // Of no effect in 64-bit mode, so they are written as prefixes: a filler's, mostly.
  const [, segment] = IGNORED_SEGMENT.exec(operands) ?? [];
  if (bits === 64 && segment !== undefined) {
    prefixes += `${segment} `;
    operands = operands.replace(IGNORED_SEGMENT, "");
    prefixes = "data16 ".repeat(Math.max(0, operandSizePrefixes(bytes) - 1)) + prefixes;
  }
  const head = prefixes + mnemonicSpelling(mnemonic, bits);
  const tail = operandSpelling(operands, mnemonic, bits, bytes);
  return tail === "" ? head : `${head.padEnd(MNEMONIC_COLUMNS)} ${tail}`;
}

function mnemonicSpelling(mnemonic: string, bits: 16 | 32 | 64): string {
  const [, stem, suffix] = WITHOUT_DEFAULT_SUFFIX.exec(mnemonic) ?? [];
  if (stem !== undefined && suffix === DEFAULT_SUFFIXES[bits]) return stem;
  if (bits === 32 && DESCRIPTOR_TABLE.test(mnemonic)) return `${mnemonic}l`;
  return mnemonic;
}

function operandSpelling(
  operands: string,
  mnemonic: string,
  bits: 16 | 32 | 64,
  bytes: Uint8Array,
): string {
  if (operands === "") {
    if (mnemonic === "fxch") return "%st(1)";
    if (POPPING_ARITHMETIC.test(mnemonic)) return "%st,%st(1)";
    return IMPLICIT_OPERANDS[mnemonic]?.[bits] ?? "";
  }
  let spelled = operands.replaceAll(",)", ")");
  if (SHIFT.test(mnemonic) && isShiftByOne(bytes, bits)) spelled = spelled.replace("$0x1,", "");
  if (mnemonic === "in" || mnemonic === "out") spelled = spelled.replace("%dx", "(%dx)");
  if (STRING_INSTRUCTION.test(mnemonic)) {
    spelled = spelled
      .replace(/(?<!:)(\(%[er]?di\))/, "%es:$1")
      .replace(/(?<!:)(\(%[er]?si\))/, "%ds:$1")
      .replace("%dx", "(%dx)");
  }
  // The two-operand form stands for the three-operand one with the same register twice.
  if (mnemonic.startsWith("imul")) spelled = spelled.replace(/^(\$\w+),(%\w+)$/, "$1,$2,$2");
  // GNU's old name of the debug registers.
  spelled = spelled.replace(/%dr(\d)/, "%db$1");
  if (mnemonic === "ljmp" || mnemonic === "lcall") {
    spelled = spelled.replace(/^\$0x0+(?=[0-9a-f])/, "$0x");
  }
  return spelled;
}

/** Opcodes D0 and D1, which have no operand for the number 1: Intel SDM vol. 2B, SAL/SAR/SHL/SHR. */
function isShiftByOne(bytes: Uint8Array, bits: 16 | 32 | 64): boolean {
  const opcode = bytes.find((byte) => !isPrefix(byte, bits));
  return opcode === 0xd0 || opcode === 0xd1;
}

function operandSizePrefixes(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => !isPrefix(byte, 64));
  return bytes.subarray(0, end).filter((byte) => byte === 0x66).length;
}

function isPrefix(byte: number, bits: 16 | 32 | 64): boolean {
  const isSegmentOrSize = (byte & 0xe7) === 0x26 || (byte >= 0x64 && byte <= 0x67);
  const isLockOrRepeat = byte === 0xf0 || byte === 0xf2 || byte === 0xf3;
  const isRex = bits === 64 && (byte & 0xf0) === 0x40;
  return isSegmentOrSize || isLockOrRepeat || isRex;
}
