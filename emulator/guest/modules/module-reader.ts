import { GuestError, hex, orElse } from "../errors.js";
import type { GuestModule, ModuleRegion, ModuleSection, ModuleState } from "../guest-module.js";
import type { KernelView } from "../kernel-view.js";
import type { Structure } from "../memory/structure.js";
import { readModuleSymbols } from "./module-symbols.js";

/** No module has so many; more are damage. */
const MOST_SECTIONS = 4096;
/** Of a section's name; the kernel's own are much shorter. */
const LONGEST_NAME = 256;
/** Larger than any module that is loaded into 128 MiB, or into x86-64's room for modules. */
const LARGEST_REGION = 1024 * 1024 * 1024;

const STATES: readonly (readonly [enumerator: string, state: ModuleState])[] = [
  ["MODULE_STATE_LIVE", "live"],
  ["MODULE_STATE_COMING", "coming"],
  ["MODULE_STATE_GOING", "going"],
  ["MODULE_STATE_UNFORMED", "unformed"],
];

/** @throws GuestError where no module is. */
export function readModule(view: KernelView, address: bigint): GuestModule {
  const module = view.structure("module", address);
  const missing: string[] = [];
  const partOf = <T>(what: string, read: () => readonly T[]): readonly T[] =>
    orElse(read, ({ message }) => {
      missing.push(`${what}: ${message}`);
      return [];
    });
  return {
    address,
    name: moduleName(module),
    state: moduleState(view, module),
    regions: partOf("Where it lies", () => readRegions(view, module)),
    sections: partOf("Its sections", () => readSections(view, module)),
    symbols: partOf("Its symbols", () => readModuleSymbols(view, module)),
    missing,
  };
}

function moduleName(module: Structure): string {
  const name = module.text("name");
  // MODULE_NAME is checked nowhere, but comes from a file's name.
  if (!/^[\x21-\x7e]+$/.test(name)) {
    throw new GuestError(
      "damaged",
      `At ${hex(module.address)} is no module: its name is unreadable.`,
      module.address,
    );
  }
  return name;
}

function moduleState(view: KernelView, module: Structure): ModuleState {
  const value = module.unsigned("state");
  const state = STATES.find(([name]) => view.types.enumerator(name) === value)?.[1];
  if (state === undefined) {
    throw new GuestError("damaged", `Module ${module.text("name")} is in state ${value}.`);
  }
  return state;
}

/** Where a module's memory is, those of `init` left out once it has been freed. */
export function readRegions(view: KernelView, module: Structure): readonly ModuleRegion[] {
  return [
    region(view.structure("module_layout", module.addressOf("core_layout")), "core"),
    region(view.structure("module_layout", module.addressOf("init_layout")), "init"),
  ].filter(({ base, bytes }) => base !== 0n && bytes > 0);
}

function region(layout: Structure, kind: ModuleRegion["kind"]): ModuleRegion {
  const bytes = size(layout);
  return {
    kind,
    base: layout.unsigned("base"),
    bytes,
    textBytes: Math.min(layout.number("text_size"), bytes),
  };
}

function size(layout: Structure): number {
  const bytes = layout.number("size");
  if (bytes > LARGEST_REGION) {
    throw new GuestError("damaged", `A module cannot have ${bytes} bytes.`, layout.address);
  }
  return bytes;
}

/** As /sys/module/NAME/sections has them: `struct module_sect_attrs`, kernel/module/sysfs.c. */
function readSections(view: KernelView, module: Structure): readonly ModuleSection[] {
  // Not there before the module has its place in /sys, and without CONFIG_KALLSYMS.
  const pointer = module.has("sect_attrs") ? module.pointer("sect_attrs") : undefined;
  if (pointer === undefined) return [];
  const attributes = view.structure("module_sect_attrs", pointer);
  const first = attributes.addressOf("attrs");
  const bytes = BigInt(view.types.sizeOf("module_sect_attr"));
  const count = attributes.number("nsections");
  if (count > MOST_SECTIONS) {
    throw new GuestError("damaged", `A module cannot have ${count} sections.`, pointer);
  }
  const sections: ModuleSection[] = [];
  for (let index = 0; index < count; index++) {
    const attribute = view.structure("module_sect_attr", first + BigInt(index) * bytes);
    const name = attribute.pointer("battr.attr.name");
    if (name === undefined) break;
    sections.push({
      name: view.memory.text(name, LONGEST_NAME),
      address: attribute.unsigned("address"),
    });
  }
  return sections;
}
