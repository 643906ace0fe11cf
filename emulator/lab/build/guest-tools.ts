import { type HostCommand, hostCommand, type RequestHandler } from "../../console/index.js";
import { FileError, type FileTree } from "../../files/index.js";
import { ToolchainError } from "../../toolchain/index.js";
import { LabError } from "../errors.js";
import type { KernelFacts } from "../kernel-facts.js";
import type { Builds } from "./builds.js";
import { FetchNotice } from "./fetch-notice.js";
import { guestCc } from "./guest-cc.js";
import { CommandError } from "./guest-folder.js";
import { guestMake } from "./guest-make.js";

/** What the guest's own commands that build need of the lab. */
export interface GuestToolsHost {
  /** The guest's `/home`. */
  readonly files: FileTree;
  readonly builds: Builds;
  readonly kernel: KernelFacts;
  onGuestCall(name: string, handler: RequestHandler): Disposable;
}

type Tool = (host: GuestToolsHost, command: HostCommand) => Promise<number>;

/** Names of the compiler in the guest: kernel-src/build/root-file-system.ts, hostCommands. */
const COMPILERS = ["gcc", "cc", "clang"];

/** Answers the guest's own commands that build: `make`, and `gcc` by all its names. */
export function registerGuestTools(host: GuestToolsHost): void {
  const register = (name: string, tool: Tool, failed: (name: string, why: string) => Failure) =>
    host.onGuestCall(
      name,
      hostCommand((command) => run(host, command, tool, failed)),
    );
  register("make", guestMake, (name, why) => ({
    message: `${name}: *** ${why.replace(/\.$/, "")}.  Stop.\n`,
    status: 2,
  }));
  for (const name of COMPILERS) {
    register(name, guestCc, (called, why) => ({
      message: `${called}: error: ${why}\n`,
      status: 1,
    }));
  }
}

/** How a command says that it cannot do what it is asked. */
interface Failure {
  readonly message: string;
  readonly status: number;
}

async function run(
  host: GuestToolsHost,
  command: HostCommand,
  tool: Tool,
  failed: (name: string, why: string) => Failure,
): Promise<number> {
  using notice = new FetchNotice(command);
  using _listening = host.builds.onFetch(notice.show);
  try {
    return await tool(host, command);
  } catch (error) {
    if (!isExpected(error)) throw error;
    notice[Symbol.dispose]();
    const { message, status } = failed(command.name, error.message);
    command.stderr(message);
    return status;
  }
}

/** What the command's user can do something about. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof CommandError ||
    error instanceof FileError ||
    error instanceof ToolchainError ||
    error instanceof LabError
  );
}
