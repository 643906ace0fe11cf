import disassembler from "iced-x86/iced_x86_bg.wasm?url";
import engine from "v86/build/v86.wasm?url";
import type { GdbBridgeAddress, LabAssets } from "../../emulator/browser/protocol.js";

/** Where this page's files are. Absolute, since a worker resolves addresses against its own. */
export const LAB_ASSETS: LabAssets = {
  images: new URL("images/", document.baseURI).href,
  engine: new URL(engine, document.baseURI).href,
  disassembler: new URL(disassembler, document.baseURI).href,
  ...gdbBridge(),
};

/**
 * The bridge to a debugger, where `kspace serve --gdb` has opened the page: its address has the
 * token behind the `#`, which no server is sent.
 */
function gdbBridge(): { readonly gdb?: GdbBridgeAddress } {
  const [, token] = /^#gdb=([0-9a-f]+)$/.exec(location.hash) ?? [];
  if (token === undefined) return {};
  const address = new URL(document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  return { gdb: { address: address.href, token } };
}
