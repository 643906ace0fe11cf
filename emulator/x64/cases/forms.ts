import {
  Code,
  CodeExt,
  CpuidFeature,
  Decoder,
  EncodingKind,
  Instruction,
  MandatoryPrefix,
  MemorySize,
  MemorySizeExt,
  Mnemonic,
  type OpCodeInfo,
  OpCodeTableKind,
  RflagsBits,
} from "iced-x86";
import { FLAG } from "./case-format.js";
import { INVALID_FORM } from "./invalid.js";
import { type Operand, operandOfKind } from "./operands.js";
import { DIFFERENT, FEATURES_IN_SCOPE, PRIVILEGED, SYSTEM_FEATURES } from "./scope.js";

/** What the elements of vectors and of memory operands are. */
export type Element = "integer" | "f32" | "f64" | "f80" | "bcd";

/**
 * An instruction form: one row of the manual's tables, like `ADD r/m16, r16`. The list is iced's
 * (`Code`), made by others from the makers' manuals.
 */
export interface Form {
  /** iced's name, `Add_rm16_r16`. */
  readonly name: string;
  /** iced's number: the identity of the form in seeds. */
  readonly code: Code;
  /** iced's, `Add`. */
  readonly mnemonic: string;
  /** As in Intel's manual: `ADD r/m16, r16`. */
  readonly text: string;
  /** The same of the encoding: `o16 01 /r`. */
  readonly encoding: string;
  readonly operands: readonly Operand[];
  readonly feature: string;
  /** The bytes before the opcode. */
  readonly escape: readonly number[];
  readonly opcode: readonly number[];
  readonly fwait: boolean;
  readonly mandatoryPrefix: number | undefined;
  readonly operandSize: number;
  /** Of what a string instruction, LOOP or JRCXZ counts and points with; 0 where it is free. */
  readonly addressSize: number;
  readonly rexW: boolean;
  readonly modRm: boolean;
  /** `/digit`, -1 when there is none; the same for the low bits of ModRM. */
  readonly group: number;
  readonly rmGroup: number;
  readonly memoryBytes: number;
  readonly element: Element;
  readonly lockable: boolean;
  readonly repeatable: "rep" | "repe" | "no";
  /** Ring 3 may not: only #GP(0) is seen of it. */
  readonly ringZero: boolean;
  /** Uses the stack by RSP. */
  readonly stack: boolean;
  /** What is undefined afterwards, as bits of RFLAGS. */
  readonly undefinedFlags: number;
  readonly readFlags: number;
  /** How many times as many cases as of others it gets. */
  readonly weight: number;
}

/** A form that is not compared, and why. */
export interface OtherForm {
  readonly name: string;
  readonly text: string;
  readonly scope: "privileged" | "out of scope";
  readonly reason: string;
}

export interface Forms {
  readonly user: readonly Form[];
  readonly others: readonly OtherForm[];
}

const ESCAPES = new Map<OpCodeTableKind, readonly number[]>([
  [OpCodeTableKind.Normal, []],
  [OpCodeTableKind.T0F, [0x0f]],
  [OpCodeTableKind.T0F38, [0x0f, 0x38]],
  [OpCodeTableKind.T0F3A, [0x0f, 0x3a]],
]);

const MANDATORY = new Map<MandatoryPrefix, number>([
  [MandatoryPrefix.P66, 0x66],
  [MandatoryPrefix.PF2, 0xf2],
  [MandatoryPrefix.PF3, 0xf3],
]);

const FLAG_BITS: readonly (readonly [number, number])[] = [
  [RflagsBits.OF, FLAG.of],
  [RflagsBits.SF, FLAG.sf],
  [RflagsBits.ZF, FLAG.zf],
  [RflagsBits.AF, FLAG.af],
  [RflagsBits.CF, FLAG.cf],
  [RflagsBits.PF, FLAG.pf],
];

const ELEMENTS = new Map<MemorySize, Element>([
  [MemorySize.Float32, "f32"],
  [MemorySize.Float64, "f64"],
  [MemorySize.Float80, "f80"],
  [MemorySize.Bcd, "bcd"],
]);

/** Every form that is valid in 64-bit mode and no VEX, EVEX, XOP or MVEX. */
export function listForms(): Forms {
  const user: Form[] = [INVALID_FORM];
  const others: OtherForm[] = [];
  for (const [name, code] of Object.entries(Code)) {
    if (typeof code !== "number") continue;
    const info = CodeExt.opCode(code);
    if (!info.isInstruction || !info.mode64 || info.encoding === EncodingKind.MVEX) continue;
    const features = featuresOf(code);
    const text = info.instructionString;
    const reason = reasonAgainst(name, info, features);
    if (reason === undefined) user.push(describe(name, code, info, features));
    else others.push({ name, text, ...reason });
  }
  return { user, others };
}

function featuresOf(code: Code): string[] {
  const instruction = new Instruction();
  instruction.code = code;
  const features = [...instruction.cpuidFeatures()].map((feature) => CpuidFeature[feature] ?? "?");
  instruction.free();
  return features;
}

function reasonAgainst(
  name: string,
  info: OpCodeInfo,
  features: readonly string[],
): Pick<OtherForm, "scope" | "reason"> | undefined {
  const system = features.map((feature) => SYSTEM_FEATURES.get(feature)).find(Boolean);
  if (system !== undefined) return { scope: "privileged", reason: system };
  const missing = features.find((feature) => !FEATURES_IN_SCOPE.has(feature));
  if (missing !== undefined) return { scope: "out of scope", reason: `${missing} is not there` };
  if (info.encoding !== EncodingKind.Legacy) {
    return { scope: "out of scope", reason: `${EncodingKind[info.encoding]} is not there` };
  }
  if (!info.intelDecoder64 || !info.amdDecoder64 || DIFFERENT.has(name)) {
    return { scope: "out of scope", reason: "Intel and AMD differ in it" };
  }
  const far = /^(Call|Jmp)_m16/.test(name) ? " far" : "";
  const privileged = PRIVILEGED.get(Mnemonic[info.mnemonic] + far);
  return privileged === undefined ? undefined : { scope: "privileged", reason: privileged };
}

function describe(name: string, code: Code, info: OpCodeInfo, features: readonly string[]): Form {
  const operands = Array.from({ length: info.opCount }, (_, index) => {
    const operand = operandOfKind(info.opKind(index));
    if (operand === undefined) throw new Error(`${name} has an operand of an unknown kind.`);
    return operand;
  });
  const opcode = info.opCodeLength === 2 ? [info.opCode >> 8, info.opCode & 0xff] : [info.opCode];
  const flags = flagsOf(code);
  return {
    name,
    code,
    mnemonic: Mnemonic[info.mnemonic],
    text: info.instructionString,
    encoding: info.opCodeString,
    operands,
    feature: features.join("+"),
    escape: ESCAPES.get(info.table) ?? [],
    opcode,
    fwait: info.fwait,
    mandatoryPrefix: MANDATORY.get(info.mandatoryPrefix),
    operandSize: info.operandSize,
    addressSize: info.addressSize,
    rexW: info.operandSize === 64 && !info.defaultOpSize64,
    modRm:
      info.groupIndex >= 0 ||
      info.rmGroupIndex >= 0 ||
      operands.some((operand) => operand.in === "rm" || operand.in === "reg"),
    group: info.groupIndex,
    rmGroup: info.rmGroupIndex,
    memoryBytes: MemorySizeExt.size(info.memorySize),
    element: ELEMENTS.get(MemorySizeExt.elementType(info.memorySize)) ?? elementByName(name),
    lockable: info.canUseLockPrefix,
    repeatable: repetition(info),
    ringZero: info.isPrivileged,
    stack: info.isStackInstruction,
    undefinedFlags: flags.undefined,
    readFlags: flags.read,
    weight: 1,
  };
}

/** Of instructions without a memory operand: CMPPS is not among them, MOVHLPS is. */
function elementByName(name: string): Element {
  if (/^(movhlps|movlhps|movmskps|cvtp?s)/i.test(name)) return "f32";
  return /^movmskpd/i.test(name) ? "f64" : "integer";
}

function repetition(info: OpCodeInfo): Form["repeatable"] {
  if (!info.canUseRepPrefix) return "no";
  return info.canUseRepnePrefix ? "repe" : "rep";
}

/** The flags that an instruction leaves undefined, and those that it reads, as bits of RFLAGS. */
export function flagsOf(code: Code): { undefined: number; read: number } {
  const instruction = new Instruction();
  instruction.code = code;
  const bits = (iced: number): number =>
    FLAG_BITS.reduce((sum, [theirs, ours]) => sum | ((iced & theirs) === 0 ? 0 : ours), 0);
  const flags = {
    undefined: bits(instruction.rflagsUndefined),
    read: bits(instruction.rflagsRead),
  };
  instruction.free();
  return flags;
}

/** Which form these bytes are, by iced; undefined for what is no instruction. */
export function formOfCode(bytes: Uint8Array): Code | undefined {
  const decoder = new Decoder(64, bytes, 0);
  const instruction = decoder.decode();
  const code = instruction.code;
  instruction.free();
  decoder.free();
  return code === Code.INVALID ? undefined : code;
}
