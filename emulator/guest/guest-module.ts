/** `enum module_state` of include/linux/module.h. */
export type ModuleState = "live" | "coming" | "going" | "unformed";

/** A stretch of memory that a module has. */
export interface ModuleRegion {
  /** `init` is freed once the module is live. */
  readonly kind: "core" | "init";
  readonly base: bigint;
  readonly bytes: number;
  /** How many bytes of it, from its start, are code. */
  readonly textBytes: number;
}

export interface ModuleSection {
  /** As in the `.ko`: `.text`, `.data`, … */
  readonly name: string;
  readonly address: bigint;
}

export interface ModuleSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly bytes: number;
  /** The letter of nm(1) that /proc/kallsyms shows: `t` code, `d` data, … */
  readonly type: string;
}

/** A module as its `struct module` has it. */
export interface GuestModule {
  /** Of its `struct module`. */
  readonly address: bigint;
  readonly name: string;
  readonly state: ModuleState;
  readonly regions: readonly ModuleRegion[];
  /** Also those of `init`, whose memory may be gone. */
  readonly sections: readonly ModuleSection[];
  readonly symbols: readonly ModuleSymbol[];
  /** What of it could not be read and why, a sentence each. */
  readonly missing: readonly string[];
}

/** The region of a module that an address lies in. */
export function regionAt(
  { regions }: Pick<GuestModule, "regions">,
  address: bigint,
): ModuleRegion | undefined {
  return regions.find(({ base, bytes }) => base <= address && address < base + BigInt(bytes));
}

/** Where a section is; undefined where its memory was given back, or it was never loaded. */
export function sectionInMemory(
  module: Pick<GuestModule, "sections" | "regions">,
  name: string,
): { readonly address: bigint; readonly region: ModuleRegion } | undefined {
  const address = module.sections.find((section) => section.name === name)?.address;
  const region = address === undefined ? undefined : regionAt(module, address);
  return address === undefined || region === undefined ? undefined : { address, region };
}
