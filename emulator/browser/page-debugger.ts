import { LabDebugger } from "../lab/debugger/index.js";
import type { Lab } from "../lab/index.js";
import { PageGdbBridge } from "./gdb-bridge.js";
import type { GdbBridgeAddress } from "./protocol.js";

/** Lets debuggers reach a page's guest, over a bridge that the page's server offers. */
export class PageDebugger implements Disposable {
  readonly #debugger: LabDebugger;
  readonly #bridge: PageGdbBridge;

  /** @throws LabError (rejects) where the kernel's types and symbols cannot be read. */
  static async open(lab: Lab, bridge: GdbBridgeAddress): Promise<PageDebugger> {
    const kernel = await lab.openedKernel();
    return new PageDebugger(new LabDebugger(lab, { kernel }), bridge);
  }

  private constructor(labDebugger: LabDebugger, { address, token }: GdbBridgeAddress) {
    this.#debugger = labDebugger;
    this.#bridge = new PageGdbBridge(labDebugger.server, address, token);
    // Without a bridge the page is what it was; its server knows why it refused.
    void this.#bridge.serve().catch(() => undefined);
  }

  [Symbol.dispose](): void {
    this.#bridge[Symbol.dispose]();
    this.#debugger[Symbol.dispose]();
  }
}
