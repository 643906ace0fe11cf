import type {
  CheckpointInfo,
  FileEvent,
  GuestView,
  LabEvent,
  LoadedModule,
  MachineStatus,
  WhatToBuild,
} from "../../../../emulator/browser/protocol.js";
import type { LabBuild } from "../../../../emulator/lab/build/build.js";
import { LabActionError, type LabActions } from "../../lab-actions.js";
import { LabStore } from "../../lab-store.js";
import { FakeTerminal, prompt } from "./fake-terminal.js";

const FOLDER = "/home/student/3-locking";

const BUILT: LabBuild = {
  outcome: "built",
  path: "",
  bytes: new Uint8Array(),
  output: "",
  diagnostics: [],
};

const IDLE: MachineStatus = {
  state: "idle",
  instructionsPerSecond: 0,
  guestMs: 0,
  place: undefined,
};

/**
 * A lab whose guest does what a test says. What is asked of it is noted in its order, what is typed
 * at its shell with a `$ ` in front.
 */
export class FakeGuest {
  readonly asked: string[] = [];
  readonly store = new LabStore();
  readonly terminal = new FakeTerminal();
  readonly files = new Map([
    [`${FOLDER}/Makefile`, "obj-m := hello.o\n"],
    [`${FOLDER}/hello.c`, 'MODULE_LICENSE("GPL");\n'],
    [`${FOLDER}/hello-test.c`, "int main(void)\n{\n}\n"],
  ]);
  /** How something is built. */
  build: (what: WhatToBuild) => LabBuild | Promise<LabBuild> = () => BUILT;
  /** What a command prints; undefined for one that does not end. */
  readonly prints = new Map<string, string | undefined>([
    ["./a.out", "read 6 bytes: hello"],
    ["echo $?", "0"],
  ]);
  #folder = "~";
  #ids = 0;
  #cancel: () => void = () => undefined;

  constructor() {
    this.store.started({
      arch: "i686",
      kernelRelease: "6.1",
      engine: "v86",
      memoryBytes: 1,
      refusedFiles: [],
    });
    this.terminal.write(prompt(this.#folder));
    this.terminal.onCommand = (line) => this.#answer(line);
    this.terminal.onListener = () => prompt(this.#folder);
  }

  /** What was typed and asked since this was called last. */
  take(): string[] {
    return this.asked.splice(0);
  }

  status(state: MachineStatus["state"]): void {
    this.store.take({ kind: "status", status: { ...IDLE, state } });
  }

  modules(...names: readonly string[]): void {
    const modules = names.map(
      (name): LoadedModule => ({ name, size: 1, usedBy: [], file: undefined }),
    );
    const guest: GuestView = { modules, devices: [], asOf: -1 };
    this.store.take({ kind: "guest", guest });
  }

  readonly actions: LabActions = {
    ...refusals(),
    type: (bytes) => this.terminal.type(bytes),
    typeCommand: (line) => this.terminal.typeCommand(line),
    onTerminal: (listener) => this.terminal.onTerminal(listener),
    readFile: async (path) => this.files.get(path) ?? "",
    listFiles: async (folder) =>
      [...this.files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    rescue: async () => {
      this.asked.push("rescue");
      this.status("idle");
      this.store.take({ kind: "reports-reset" });
      this.modules();
      this.#folder = "~";
      this.terminal.reset(prompt(this.#folder));
      return 1;
    },
    checkpoint: async (name): Promise<CheckpointInfo> => {
      this.asked.push(`checkpoint ${name}`);
      return { id: ++this.#ids, name, guestMs: 0, bytes: 1 };
    },
    forgetCheckpoint: async (id) => void this.asked.push(`forget ${id}`),
    build: (what) => {
      this.asked.push(`build ${"module" in what ? what.module : what.program}`);
      return new Promise((resolve, reject) => {
        this.#cancel = () =>
          reject(new LabActionError({ code: "aborted", message: "The build was cancelled." }));
        Promise.resolve(this.build(what)).then(resolve, reject);
      });
    },
    cancelBuild: () => this.#cancel(),
  };

  #answer(line: string): void {
    this.asked.push(`$ ${line}`);
    if (line.startsWith("cd ")) this.#folder = line.slice("cd ".length);
    this.terminal.write(`${line}\r\n`);
    const printed = this.prints.has(line) ? this.prints.get(line) : "";
    if (printed === undefined) return;
    this.terminal.write(`${printed === "" ? "" : `${printed}\r\n`}${prompt(this.#folder)}`);
  }
}

/** What a job never asks for. */
function refusals(): LabActions {
  const refuse = (): never => {
    throw new Error("Nobody asks for that here.");
  };
  const nothing: Disposable = { [Symbol.dispose]: () => undefined };
  return {
    start: refuse,
    type: refuse,
    typeCommand: refuse,
    onTerminal: refuse,
    resize: refuse,
    rescue: refuse,
    checkpoint: refuse,
    goBackTo: refuse,
    forgetCheckpoint: refuse,
    readFile: refuse,
    readBytes: refuse,
    writeFile: refuse,
    writeBytes: refuse,
    removeFile: refuse,
    renameFile: refuse,
    makeFolder: refuse,
    listFiles: refuse,
    originalOf: refuse,
    onEvent: (_listener: (event: LabEvent) => void) => nothing,
    onFiles: (_listener: (files: readonly FileEvent[]) => void) => nothing,
    resetSection: refuse,
    readSource: refuse,
    decodeAgain: refuse,
    build: refuse,
    cancelBuild: refuse,
    prepareBuilds: refuse,
  };
}
