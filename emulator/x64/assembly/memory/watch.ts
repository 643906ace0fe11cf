import { hasWatchpointIn } from "../debugger/host-watchpoints";
import { hasDataBreakpointIn } from "../exceptions/breakpoints";
import { Processor } from "../state/processor";

/** Whether something in the page is watched, so that no access to it may be fast. */
export function isWatchedPage(cpu: Processor, page: u64): bool {
  return hasWatchpointIn(cpu, page) || hasDataBreakpointIn(cpu, page);
}
