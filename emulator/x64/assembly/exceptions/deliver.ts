import { Stop } from "../state/after";
import { Processor } from "../state/processor";

/** Delivers the exception that is pending. @returns false: the run ends with `cpu.stop` */
export function deliverException(cpu: Processor): bool {
  cpu.stop = cpu.interceptsExceptions ? Stop.Exception : Stop.Shutdown;
  return false;
}
