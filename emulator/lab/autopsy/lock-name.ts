import { type GuestModule, regionAt } from "../../guest/index.js";
import type { Lock, LockType } from "./autopsy.js";
import type { DataSymbols } from "./data-symbols.js";

/** Names a lock by the variable that it lies in, of a module or of the kernel. */
export function lockAt(
  address: bigint,
  type: LockType,
  modules: readonly GuestModule[],
  data: () => DataSymbols,
): Lock {
  for (const module of modules) {
    if (regionAt(module, address) === undefined) continue;
    const symbol = module.symbols.find(
      (candidate) =>
        candidate.address <= address &&
        address < candidate.address + BigInt(Math.max(1, candidate.bytes)),
    );
    const name = symbol && withOffset(symbol.name, Number(address - symbol.address));
    return { address, type, name, module: module.name };
  }
  const place = data().find(address);
  const name = place && withOffset(place.name, place.offset);
  return { address, type, name, module: undefined };
}

function withOffset(name: string, offset: number): string {
  return offset === 0 ? name : `${name}+0x${offset.toString(16)}`;
}
