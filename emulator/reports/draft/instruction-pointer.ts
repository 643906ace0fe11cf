import { type FramePlace, readFrame } from "./frame-line.js";

/** What a line about the instruction pointer says. */
export interface InstructionPointer {
  /** Undefined for user mode. */
  readonly place: FramePlace | undefined;
  readonly mode: "kernel" | "user";
  /**
   * The registers follow (show_regs(), show_iret_regs()); otherwise the line repeats in short
   * what has been printed, or says it ahead (`IP:`, show_fault_oops() until 4.19).
   */
  readonly opensRegisters: boolean;
  readonly bits: 32 | 64 | undefined;
  /** The rest of the line, where registers follow. */
  readonly rest: string;
}

/** `RIP: 0010:…`, `EIP: 0060:…`: arch/x86/kernel/dumpstack.c, show_ip(). */
const WITH_SELECTOR = /^\s*([RE])IP: ?([0-9a-f]{4}):\s*(.*)$/;
/** Kernels until 4.10 print the address once or twice. */
const ADDRESSES = /^\[<([0-9a-f]{8,16})>\]\s*(?:\[<[0-9a-f]{8,16}>\]\s*)?/;
/** `EIP is at f+0x1/0x2` (until 4.12), `RIP  [<…>] f+0x1/0x2`, `RIP: f+0x1/0x2 RSP: …`, `IP: …`. */
const SHORT = /^\s*(R|E|)IP(?: is at |:| {1,2}(?=\[<))\s*(.*)$/;
const ITS_REGISTERS = /\s{1,8}(?:(?:RSP|SS:ESP|EFLAGS)\b.*)$/;

/** Reads a line about the instruction pointer; undefined where it is none. */
export function readInstructionPointer(text: string): InstructionPointer | undefined {
  const full = WITH_SELECTOR.exec(text);
  if (full !== null) {
    const [, letter, selector, rest = ""] = full;
    const bits = letter === "R" ? 64 : 32;
    // The two lowest bits of a code selector are the privilege level: Intel SDM vol. 3A, 5.5.
    const user = (Number.parseInt(selector ?? "0", 16) & 3) === 3;
    if (user) return { place: undefined, mode: "user", opensRegisters: true, bits, rest: "" };
    return { place: readTarget(rest), mode: "kernel", opensRegisters: true, bits, rest };
  }
  const short = SHORT.exec(text);
  if (short === null) return undefined;
  const [, letter, rest = ""] = short;
  const bits = letter === "R" ? 64 : letter === "E" ? 32 : undefined;
  const place = readTarget(rest);
  if (place === undefined) return undefined;
  const opens = letter === "E" && /^EIP: [^[]/.test(text.trimStart());
  if (opens && place.symbol === undefined && (place.address ?? 0n) < 0xc000_0000n) {
    const user = (place.address ?? 0n) >= 0x1000n;
    if (user) return { place: undefined, mode: "user", opensRegisters: true, bits, rest };
  }
  return { place, mode: "kernel", opensRegisters: opens, bits, rest };
}

function readTarget(text: string): FramePlace | undefined {
  const addresses = ADDRESSES.exec(text);
  const rest = (addresses === null ? text : text.slice(addresses[0].length)).replace(
    ITS_REGISTERS,
    "",
  );
  const address = addresses?.[1] === undefined ? undefined : BigInt(`0x${addresses[1]}`);
  const frame = readFrame(rest);
  if (frame !== undefined) {
    return { ...frame, address: address ?? frame.address, sure: true, role: "instruction" };
  }
  if (address === undefined && !/^\(null\)|^0x0*$/.test(rest.trim())) return undefined;
  return {
    symbol: undefined,
    offset: undefined,
    size: undefined,
    module: undefined,
    address: address ?? 0n,
    sure: true,
    role: "instruction",
  };
}
