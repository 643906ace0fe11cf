import { readFile, stat } from "node:fs/promises";
import { InputError } from "../errors.js";
import { unreadable } from "../host-files.js";
import type { BuiltFile } from "./build-inputs.js";
import { type FileArgument, guestPathOf } from "./file-argument.js";
import type { ModuleArgument } from "./module-argument.js";
import type { TestArgument } from "./test-argument.js";

/** A file of the host that goes into the guest. */
export interface InputFile {
  readonly host: string;
  readonly guest: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

export interface InputModule extends InputFile {
  readonly params: Readonly<Record<string, string>>;
}

export interface InputProgram extends InputFile {
  readonly args: readonly string[];
}

/** Everything that a run takes from the host, read before anything is started. */
export interface RunInputs {
  readonly modules: readonly InputModule[];
  readonly test: InputProgram | undefined;
  readonly files: readonly InputFile[];
}

/**
 * @param built what was built of C files among the modules and of the test
 * @throws InputError for a file that cannot be read, and for two that would be one.
 */
export async function readInputs(
  modules: readonly ModuleArgument[],
  test: TestArgument | undefined,
  files: readonly FileArgument[],
  built: ReadonlyMap<string, BuiltFile> = new Map(),
): Promise<RunInputs> {
  const readBuilt = async (host: string): Promise<InputFile> => {
    const file = built.get(host);
    if (file === undefined) return readInput(host, guestPathOf(host));
    return { host, guest: guestPathOf(file.name), bytes: file.bytes, mode: 0o644 };
  };
  const inputs: RunInputs = {
    modules: await Promise.all(
      modules.map(async ({ file, params }) => ({
        ...(await readBuilt(file)),
        mode: 0o644,
        params,
      })),
    ),
    test: test && {
      ...(await readBuilt(test.program)),
      mode: 0o755,
      args: test.args,
    },
    files: await Promise.all(files.map(({ host, guest }) => readInput(host, guest))),
  };
  refuseCollisions([...inputs.modules, ...(inputs.test ? [inputs.test] : []), ...inputs.files]);
  return inputs;
}

async function readInput(host: string, guest: string): Promise<InputFile> {
  try {
    const [bytes, { mode }] = await Promise.all([readFile(host), stat(host)]);
    return { host, guest, bytes, mode: mode & 0o777 };
  } catch (error) {
    throw unreadable(host, error);
  }
}

function refuseCollisions(files: readonly InputFile[]): void {
  const taken = new Map<string, string>();
  for (const { host, guest } of files) {
    const other = taken.get(guest);
    if (other !== undefined) {
      throw new InputError(`${other} and ${host} would both be ${guest} in the guest.`);
    }
    taken.set(guest, host);
  }
}
