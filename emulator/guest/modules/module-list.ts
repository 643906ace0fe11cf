import { GuestError } from "../errors.js";
import {
  type GuestModule,
  type ModuleRegion,
  type ModuleSymbol,
  regionAt,
} from "../guest-module.js";
import type { KernelView } from "../kernel-view.js";
import { listEntries } from "../memory/linked-list.js";
import type { PartialList } from "../partial-list.js";
import type { GuestPlace } from "../symbol-table.js";
import { readModule, readRegions } from "./module-reader.js";
import { readModuleSymbols } from "./module-symbols.js";

/** Far more than anybody loads. */
const MOST_MODULES = 4096;

/** The modules in the order of `/proc/modules`: the one that was loaded last comes first. */
export function listModules(view: KernelView): PartialList<GuestModule> {
  return readEach(view, (address) => readModule(view, address));
}

/** Where the code of modules is, with nothing else of them read. */
export function moduleRegions(view: KernelView): readonly ModuleRegion[] {
  const all = readEach(view, (address) => readRegions(view, view.structure("module", address)));
  return all.items.flat();
}

function readEach<T>(view: KernelView, read: (address: bigint) => T): PartialList<T> {
  const items: T[] = [];
  const missing: string[] = [];
  try {
    const list = listEntries(view, view.symbol("modules"), "modules", MOST_MODULES);
    missing.push(...list.missing);
    for (const entry of list.items) {
      try {
        items.push(read(view.container(entry, "module", "list")));
      } catch (error) {
        if (!(error instanceof GuestError)) throw error;
        missing.push(`A module: ${error.message}`);
      }
    }
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    missing.push(error.message);
  }
  return { items, missing };
}

/** The symbols of all modules. */
export function modulesSymbols(view: KernelView): readonly ModuleSymbol[] {
  const all = readEach(view, (address) =>
    readModuleSymbols(view, view.structure("module", address)),
  );
  return all.items.flat();
}

/** The symbol of a module that an address lies behind. */
export function modulePlace(view: KernelView, address: bigint): GuestPlace | undefined {
  const found = readEach(view, (at) => {
    const module = view.structure("module", at);
    return { at, regions: readRegions(view, module) };
  }).items.find((module) => regionAt(module, address) !== undefined);
  return found && placeIn(readModule(view, found.at), address);
}

/** The symbol of a module that an address in it lies behind. */
export function placeIn(
  { name: module, symbols }: Pick<GuestModule, "name" | "symbols">,
  address: bigint,
): GuestPlace | undefined {
  let best: ModuleSymbol | undefined;
  for (const symbol of symbols) {
    if (symbol.address <= address && symbol.address > (best?.address ?? 0n)) best = symbol;
  }
  if (best === undefined) return undefined;
  return { name: best.name, offset: Number(address - best.address), module };
}
