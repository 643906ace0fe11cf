import type { Lab } from "../lab.js";

/** Answers the guest's own commands that build. */
export function registerGuestTools(_lab: Lab): void {}
