import { trapFrame } from "../../disassembly/index.js";
import type { Report } from "../../report.js";
import type { Explain } from "../explanation.js";
import { faultingOperand } from "../memory-fault.js";
import { registerOrigin } from "../origin/register-origin.js";
import { describeAddress, describePointer, isCanonical } from "../pointer-patterns.js";
import type { Scene, Trap } from "../scene.js";
import { culpritName, findLine, hex, trapName } from "../wording.js";

/**
 * A general protection fault: Intel SDM vol. 3A, 6.15, interrupt 13. In kernel code most are
 * accesses to non-canonical addresses, for which there is no page fault.
 */
export const explainGeneralProtection: Explain = async (scene) => {
  const { report } = scene;
  const name = trapName(report) ?? "The kernel";
  const trap = await scene.trap();
  const evidence = [
    ...(trap === undefined ? [] : [trap.line]),
    ...(await scene.culpritLine()),
    report.message,
  ];
  const range = kasanRange(report);
  if (range !== undefined) return { sentence: `${name} ${range}.`, evidence };
  const pointer = report.registers.get("rip") ?? trapFrame(report)?.address;
  if (pointer !== undefined && report.arch === "x86-64" && !isCanonical(pointer)) {
    const pattern = describePointer(pointer, 64);
    return {
      sentence: `${culpritName(report) ?? "The kernel"} jumped to ${hex(pointer)}, which is no address that the processor has (not canonical)${pattern ? `; it ${pattern}` : ""}.`,
      evidence,
    };
  }
  const special = trap && privileged(trap);
  if (special !== undefined) return { sentence: `${name} ${special}.`, evidence };
  const address = nonCanonicalAddress(report, trap, scene);
  if (address === undefined) {
    const selector = selectorOf(report);
    const maybe = findLine(report, /maybe for address (0x[0-9a-f]+)/)?.[1];
    const where =
      maybe === undefined
        ? "the report does not show on which address"
        : `the kernel's guess is that it was in accessing ${maybe}`;
    const sentence =
      selector === undefined
        ? `${name} did what the processor does not allow (a general protection fault), and ${where}.`
        : `${name} used the segment selector ${hex(selector)}, which the processor does not allow.`;
    return { sentence, evidence };
  }
  const operand = trap && faultingOperand(trap, scene);
  const { base, baseValue } = operand ?? {};
  const meaning = describeAddress(address, base, baseValue, 64);
  const origin = base && (await registerOrigin(scene, base));
  return {
    sentence: `${name} used ${hex(address)} as an address, which is none that the processor has (not canonical)${meaning ? `; ${meaning}` : ""}${origin ? `; ${origin}` : ""}.`,
    evidence,
  };
};

/** What kernels with KASAN print behind it: arch/x86/mm/kasan, kasan_non_canonical_hook(). */
function kasanRange(report: Report): string | undefined {
  const [, kind, from] =
    findLine(report, /KASAN: ([\w-]+) in range \[0x([0-9a-f]+)-0x[0-9a-f]+\]/) ?? [];
  if (kind === undefined || from === undefined) return undefined;
  const address = BigInt(`0x${from}`);
  if (kind === "null-ptr-deref") {
    return `was about to access address ${hex(address)} or the few bytes behind it, an offset from a NULL pointer: KASAN's check of that access is what faulted`;
  }
  const pattern = describePointer(address, 64);
  const meaning =
    pattern === undefined ? "which is no address of kernel memory" : `which ${pattern}`;
  return `was about to access an address from ${hex(address)} on, ${meaning}: KASAN's check of that access is what faulted`;
}

/** Instructions that fault for what they do, not for an address. */
function privileged({ mnemonic, values }: Trap): string | undefined {
  if (mnemonic === "rdmsr" || mnemonic === "wrmsr") {
    const register = values.registers.find(({ name }) => name === "ecx")?.value;
    const which = register === undefined ? "" : ` ${hex(register)}`;
    return mnemonic === "rdmsr"
      ? `read the model-specific register${which}, which this processor does not have`
      : `wrote to the model-specific register${which} a value that the processor does not take, or there is no such register`;
  }
  if (/^v?mov(?:aps|apd|dqa|nt)/.test(mnemonic)) {
    const access = values.memory[0];
    if (access?.address !== undefined && access.address % 16n !== 0n) {
      return `used ${hex(access.address)} in an instruction (\`${mnemonic}\`) that needs an address divisible by its operand's size`;
    }
  }
  return undefined;
}

function nonCanonicalAddress(
  report: Report,
  trap: Trap | undefined,
  scene: Scene,
): bigint | undefined {
  const [, printed] = findLine(report, /non-canonical address 0x([0-9a-f]+)/) ?? [];
  if (printed !== undefined) return BigInt(`0x${printed}`);
  if (report.arch !== "x86-64" || trap === undefined) return undefined;
  const address = faultingOperand(trap, scene)?.access.address;
  return address === undefined || isCanonical(address) ? undefined : address;
}

/** The error code names a selector when a segment was loaded: Intel SDM vol. 3A, 6.13. */
function selectorOf(report: Report): number | undefined {
  const [, code] = findLine(report, /general protection fault.*: ([0-9a-f]{4}) \[#\d+\]/) ?? [];
  const selector = Number.parseInt(code ?? "0", 16) & 0xfff8;
  return selector === 0 ? undefined : selector;
}
