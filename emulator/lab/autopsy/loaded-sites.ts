import {
  type GuestModule,
  type StoppedKernel,
  type SymbolTable,
  sectionInMemory,
} from "../../guest/index.js";
import { lockCallSites } from "./call-sites.js";
import type { LoadedSite } from "./followed-module.js";

/** What a module's sites are found with. */
export interface LoadedSitesContext {
  readonly kernel: Pick<StoppedKernel, "read">;
  readonly symbols: Pick<SymbolTable, "addressOf">;
}

export interface LoadedSites {
  readonly sites: readonly LoadedSite[];
  /** Takings of locks by instructions that are not followed. */
  readonly others: number;
}

/** Of CALL rel32 and JMP rel32: the opcode and the distance behind it. */
const INSTRUCTION_BYTES = 5;

/**
 * Where a file's sites lie in the module that was made of it. The loader has put the distance to
 * the kernel's function into each, which tells the module's file from any other.
 * @returns undefined when the module is not of that file.
 * @throws ElfError, GuestError
 */
export function loadedSites(
  file: Uint8Array,
  module: GuestModule,
  { kernel, symbols }: LoadedSitesContext,
): LoadedSites | undefined {
  const { sites, others } = lockCallSites(file);
  const loaded: LoadedSite[] = [];
  for (const { section, offset, returnOffset, callee } of sites) {
    // The loader leaves out some sections, and gives those of `init` back in the end.
    const loadedSection = sectionInMemory(module, section);
    if (loadedSection === undefined) continue;
    const { address: base, region } = loadedSection;
    const address = base + BigInt(offset);
    const target = symbols.addressOf(callee.name);
    if (
      target === undefined ||
      targetOf(kernel.read(address, INSTRUCTION_BYTES), address) !== low(target)
    ) {
      return undefined;
    }
    const returnAddress = returnOffset === undefined ? undefined : base + BigInt(returnOffset);
    loaded.push({ address, returnAddress, callee, isInit: region.kind === "init" });
  }
  return { sites: loaded, others };
}

/** Where an instruction at an address leads, its low 32 bits. */
function targetOf(instruction: Uint8Array, address: bigint): bigint {
  const view = new DataView(instruction.buffer, instruction.byteOffset, instruction.length);
  return low(address + BigInt(INSTRUCTION_BYTES) + BigInt(view.getInt32(1, true)));
}

function low(address: bigint): bigint {
  return BigInt.asUintN(32, address);
}
