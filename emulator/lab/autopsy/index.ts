export type {
  Autopsy,
  AutopsyContext,
  AutopsyFrame,
  AutopsyPlace,
  AutopsyTask,
  BlockedTask,
  Finding,
  Lock,
  LockHolder,
  LockType,
  WaitingFor,
} from "./autopsy.js";
export {
  type AutopsyJson,
  autopsyJson,
  type LockHolderJson,
  lockHolderJson,
} from "./autopsy-json.js";
export {
  type AutopsyTextOptions,
  autopsyLines,
  autopsyNotice,
  autopsySummary,
  blockedTaskLines,
} from "./autopsy-text.js";
export { blockedPlaces, isHolderPending, type ToldPlace, toldPlaces } from "./told-places.js";
