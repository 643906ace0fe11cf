/** What the compiled engine exports: `assembly/index.ts`. Addresses are in its memory. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory;
  createMachine(ramBytes: number): number;
  createProcessor(machine: number): number;
  /** @param counter of {@link COUNTERS} */
  counterOf(cpu: number, counter: number): number;
  fieldOffset(field: number): number;
  forgetCode(machine: number, page: number): void;
  readFlagsOf(cpu: number): number;
  writeFlagsOf(cpu: number, flags: number): void;
  setPageTables(cpu: number, physical: number): void;
  setPrivilege(cpu: number, cpl: number): void;
  runSlice(cpu: number, budget: number): number;
  /** @returns 0: another interrupt waits */
  raiseInterrupt(cpu: number, vector: number): number;
  raiseNmi(cpu: number): void;
  /** @returns 0: there are too many */
  addBreakpoint(cpu: number, address: bigint): number;
  removeBreakpoint(cpu: number, address: bigint): void;
  /** @returns 0: there are too many */
  addWatchpoint(cpu: number, first: bigint, last: bigint, kinds: number): number;
  removeWatchpoint(cpu: number, first: bigint, last: bigint, kinds: number): void;
  watchpointHit(cpu: number): number;
  watchpointAddress(cpu: number): bigint;
}

/** `Field` of `assembly/state/host-access.ts`. */
export const FIELDS = {
  rip: 0,
  instructions: 1,
  faultVector: 2,
  faultError: 3,
  cr2: 4,
  mxcsr: 5,
  segments: 6,
  xmm: 7,
  float: 8,
  floatControl: 9,
  floatStatus: 10,
  floatTop: 11,
  floatTags: 12,
  interceptsExceptions: 13,
  machineRam: 14,
  gdtBase: 15,
  gdtLimit: 16,
} as const;

export type FieldName = keyof typeof FIELDS;

/** `Counter` of `assembly/state/counters.ts`. */
export const COUNTERS = {
  decodedBlocks: 0,
  decodedInstructions: 1,
  invalidations: 2,
  flushes: 3,
  pageWalks: 4,
} as const;

export type CounterName = keyof typeof COUNTERS;
