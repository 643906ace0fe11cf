import { controlRegisterRows } from "./control-register";
import { cpuidRows } from "./cpuid";
import { debugRegisterRows } from "./debug-register";
import { descriptorTableRows } from "./descriptor-table";
import { farTransferRows } from "./far-transfer";
import { haltRows } from "./halt";
import { inputOutputRows } from "./input-output";
import { interruptRows } from "./interrupt";
import { interruptFlagRows } from "./interrupt-flag";
import { interruptReturnRows } from "./interrupt-return";
import { invalidateRows } from "./invalidate";
import { machineStatusRows } from "./machine-status";
import { msrRows } from "./msr";
import { segmentBaseRows } from "./segment-base";
import { segmentCheckRows } from "./segment-check";
import { syscallRows } from "./syscall";
import { sysenterRows } from "./sysenter";
import { taskRegisterRows } from "./task-register";
import { timeStampRows } from "./time-stamp";

/** What operating systems are made of. */
export function systemRows(): void {
  controlRegisterRows();
  cpuidRows();
  debugRegisterRows();
  descriptorTableRows();
  farTransferRows();
  haltRows();
  inputOutputRows();
  interruptRows();
  interruptFlagRows();
  interruptReturnRows();
  invalidateRows();
  machineStatusRows();
  msrRows();
  segmentBaseRows();
  segmentCheckRows();
  sysenterRows();
  syscallRows();
  taskRegisterRows();
  timeStampRows();
}
