import { Machine, PageUse } from "../state/machine";
import { Processor } from "../state/processor";
import { BlockCache, dropPage } from "./block-cache";

/** Forgets what any processor has decoded of a page of the guest's memory: it is written. */
export function invalidateCode(machine: Machine, page: u32): void {
  const use = machine.pageUse + page;
  store<u8>(use, load<u8>(use) & ~PageUse.Code);
  let cpu: Processor | null = machine.firstProcessor;
  while (cpu !== null) {
    dropPage(cpu, changetype<BlockCache>(cpu.blocks), page);
    cpu = cpu.nextProcessor;
  }
}
