import { type CommandFamily, OK } from "./command.js";

/** `D` and `k`, the ends of a session: GDB manual, appendix E.2. */
export const detachCommands: CommandFamily = {
  D: () => ({ end: "detach", answer: OK }),
  k: () => ({ end: "kill", answer: undefined }),
};
