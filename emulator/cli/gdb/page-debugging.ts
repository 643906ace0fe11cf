import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Images } from "../../lab/index.js";
import { GdbBridge } from "../../node/gdb-bridge.js";
import { nodeImageSource } from "../../node/index.js";
import { onFreePort } from "../free-port.js";
import { cacheFolder } from "./cache-folder.js";
import { gdbScript } from "./gdb-script.js";
import { BUILT_VMLINUX, kernelFiles } from "./kernel-files.js";
import { DEFAULT_GDB_PORT } from "./listen.js";

/** What lets gdb debug the guest of a page that this machine serves. */
export class PageDebugging implements AsyncDisposable {
  readonly #bridge: GdbBridge;
  readonly #folder: string;

  /**
   * @param port for gdb; undefined: the default one, or the next that is free.
   * @throws InputError, LabError (rejects)
   */
  static async open(
    port: number | undefined,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<PageDebugging> {
    const images = await Images.open(nodeImageSource());
    const options = { cache: cacheFolder(env), candidates: [BUILT_VMLINUX] };
    // The page's guest is always of this processor.
    const files = await kernelFiles(images, "i686", options);
    const bridge = await onFreePort(
      { port, usualPort: DEFAULT_GDB_PORT, option: "--gdb", unasked: "With --gdb alone" },
      (free) => GdbBridge.listen(free),
    );
    const folder = await mkdtemp(join(tmpdir(), "kspace-gdb-"));
    const debugging = new PageDebugging(bridge, folder);
    const script = gdbScript({
      vmlinux: files.vmlinux,
      entryFrames: files.entryFrames,
      folders: [[files.sourceRoot, files.sources]],
      sourceFolders: [],
      modules: [],
      host: bridge.host,
      port: bridge.port,
    });
    await writeFile(debugging.script, script);
    return debugging;
  }

  private constructor(bridge: GdbBridge, folder: string) {
    this.#bridge = bridge;
    this.#folder = folder;
  }

  /** A file with commands for gdb. */
  get script(): string {
    return join(this.#folder, "commands.gdb");
  }

  /** What the page's address must end with. */
  get fragment(): string {
    return `#gdb=${this.#bridge.token}`;
  }

  get handleUpgrade(): GdbBridge["handleUpgrade"] {
    return this.#bridge.handleUpgrade;
  }

  instructions(): string {
    return [
      "Open it, then start gdb, which finds the page's guest at " +
        `${this.#bridge.host}:${this.#bridge.port}:`,
      "",
      `  gdb -q -x ${this.script}`,
      "",
      '"monitor modules" shows how it reads the symbols of the modules that are loaded.',
      "",
    ].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bridge[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
