import { type IcedInstance, instantiateIced } from "./iced-instance.js";
import type {
  Access,
  Accesses,
  Disassembler,
  Flow,
  Instruction,
  MemoryUse,
  RegisterUse,
} from "./instruction.js";
import { objdumpSpelling } from "./objdump-spelling.js";

/**
 * The disassembler: iced-x86. Of those at hand it is the one that has a formatter for GNU syntax
 * with the options that make it write as objdump does, tells what each instruction reads and
 * writes, and is small (244 KB compressed; Capstone with all of its processors 575 KB).
 */

/** `FormatterSyntax.Gas`. */
const GNU_SYNTAX = 0;
/** `FormatMnemonicOptions.NoPrefixes`. */
const WITHOUT_PREFIXES = 1;

/** `FlowControl`, in the order of its numbers. */
const FLOWS: readonly Flow[] = [
  "next",
  "jump",
  "jump",
  "conditional-jump",
  "return",
  "call",
  "call",
  "interrupt",
  "other",
  "exception",
];

/** `OpAccess`, in the order of its numbers; a conditional access counts as one. */
const ACCESSES: readonly (Access | undefined)[] = [
  undefined,
  "read",
  "read",
  "write",
  "write",
  "read-write",
  "read-write",
];

/** `OpKind.NearBranch16`, `32` and `64`. */
const isNearBranch = (kind: number): boolean => kind >= 1 && kind <= 3;

/** @throws DisassemblerError when `module` is not iced-x86's. */
export async function icedDisassembler(module: WebAssembly.Module): Promise<Disassembler> {
  return new IcedDisassembler(await instantiateIced(module));
}

class IcedDisassembler implements Disassembler {
  readonly #iced: IcedInstance;
  readonly #formatter: number;
  /** Decoded into and read out again for each instruction. */
  readonly #instruction: number;
  readonly #infoFactory: number;
  readonly #registerNames = new Map<number, string>();

  constructor(iced: IcedInstance) {
    this.#iced = iced;
    this.#formatter = iced.tryNew("formatter_new", GNU_SYNTAX) ?? 0;
    this.#instruction = iced.call("instruction_new");
    this.#infoFactory = iced.call("instructioninfofactory_new");
    const set = (option: string, value: number): void => {
      iced.call(`formatter_set_${option}`, this.#formatter, value);
    };
    set("alwaysShowScale", 1);
    set("showZeroDisplacements", 1);
    set("ripRelativeAddresses", 1);
    set("smallHexNumbersInDecimal", 0);
    set("uppercaseHex", 0);
    set("branchLeadingZeros", 0);
    set("showUselessPrefixes", 1);
  }

  decode(code: Uint8Array, bits: 16 | 32 | 64, address: bigint): Instruction[] {
    const instructions: Instruction[] = [];
    this.#decode(code, bits, address, (decoder) => {
      let at = 0;
      while (at < code.length) {
        this.#iced.tryCall("decoder_set_position", decoder, at);
        this.#iced.setBigint("decoder_set_ip", decoder, wrap(address + BigInt(at), bits));
        this.#iced.call("decoder_decodeOut", decoder, this.#instruction);
        const instruction = this.#read(code, at, bits, wrap(address + BigInt(at), bits));
        instructions.push(instruction);
        at += instruction.bytes.length;
      }
    });
    return instructions;
  }

  accesses({ bytes, bits, address }: Instruction): Accesses {
    return (
      this.#decode(bytes, bits, address, (decoder) => {
        this.#iced.call("decoder_decodeOut", decoder, this.#instruction);
        const info = this.#iced.call(
          "instructioninfofactory_info",
          this.#infoFactory,
          this.#instruction,
        );
        const registers = this.#iced
          .callArray("instructioninfo_usedRegisters", info)
          .flatMap((use) => this.#registerUse(use));
        const memory = this.#iced
          .callArray("instructioninfo_usedMemory", info)
          .flatMap((use) => this.#memoryUse(use));
        this.#iced.call("__wbg_instructioninfo_free", info);
        return { registers, memory };
      }) ?? { registers: [], memory: [] }
    );
  }

  #decode<T>(
    code: Uint8Array,
    bits: number,
    address: bigint,
    use: (decoder: number) => T,
  ): T | undefined {
    const iced = this.#iced;
    const bytes = iced.copyIn(code);
    const decoder = iced.tryNew("decoder_new", bits, bytes, code.length, 0);
    if (decoder === undefined) return undefined;
    try {
      iced.setBigint("decoder_set_ip", decoder, address);
      return use(decoder);
    } finally {
      iced.call("__wbg_decoder_free", decoder);
    }
  }

  #read(code: Uint8Array, at: number, bits: 16 | 32 | 64, address: bigint): Instruction {
    const iced = this.#iced;
    const self = this.#instruction;
    if (iced.call("instruction_isInvalid", self) !== 0) {
      return {
        address,
        bits,
        bytes: code.slice(at, at + 1),
        text: "(bad)",
        mnemonic: "(bad)",
        flow: "exception",
        target: undefined,
        relativeAddress: undefined,
      };
    }
    const branches = isNearBranch(iced.call("instruction_op0Kind", self));
    const target = branches ? iced.callBigint("instruction_nearBranchTarget", self) : undefined;
    const bytes = code.slice(at, at + iced.call("instruction_length", self));
    const mnemonic = iced.callString(
      "formatter_formatMnemonicOptions",
      this.#formatter,
      self,
      WITHOUT_PREFIXES,
    );
    const spelled = objdumpSpelling(
      iced.callString("formatter_format", this.#formatter, self),
      mnemonic,
      bits,
      bytes,
    );
    return {
      address,
      bits,
      bytes,
      text: target === undefined ? spelled : spelled.replace(/0x([0-9a-f]+)$/, "$1"),
      mnemonic,
      flow: FLOWS[iced.call("instruction_flowControl", self)] ?? "other",
      target,
      relativeAddress:
        iced.call("instruction_isIpRelMemoryOperand", self) === 0
          ? undefined
          : iced.callBigint("instruction_ipRelMemoryAddress", self),
    };
  }

  #registerUse(use: number): RegisterUse[] {
    const name = this.#registerName(this.#iced.call("usedregister_register", use));
    const access = ACCESSES[this.#iced.call("usedregister_access", use)];
    this.#iced.call("__wbg_usedregister_free", use);
    return name === undefined || access === undefined ? [] : [{ name, access }];
  }

  #memoryUse(use: number): MemoryUse[] {
    const get = (field: string): number => this.#iced.call(`usedmemory_${field}`, use);
    const access = ACCESSES[get("access")];
    const base = this.#registerName(get("base"));
    const size = this.#iced.call("memorysizeext_size", get("memorySize"));
    const memory = {
      segment: this.#registerName(get("segment")) ?? "ds",
      base: base === "rip" || base === "eip" ? undefined : base,
      index: this.#registerName(get("index")),
      scale: get("scale"),
      displacement: this.#iced.callBigint("usedmemory_displacement", use),
      size: size === 0 ? undefined : size,
    };
    this.#iced.call("__wbg_usedmemory_free", use);
    return access === undefined ? [] : [{ ...memory, access }];
  }

  #registerName(register: number): string | undefined {
    if (register === 0) return undefined;
    const known = this.#registerNames.get(register);
    if (known !== undefined) return known;
    const name = this.#iced
      .callString("formatter_formatRegister", this.#formatter, register)
      .replace("%", "");
    this.#registerNames.set(register, name);
    return name;
  }
}

function wrap(address: bigint, bits: number): bigint {
  return BigInt.asUintN(bits === 64 ? 64 : 32, address);
}
