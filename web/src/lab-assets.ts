import disassembler from "iced-x86/iced_x86_bg.wasm?url";
import engine from "v86/build/v86.wasm?url";
import type { LabAssets } from "../../emulator/browser/protocol.js";

/** Where this page's files are. Absolute, since a worker resolves addresses against its own. */
export const LAB_ASSETS: LabAssets = {
  images: new URL("images/", document.baseURI).href,
  engine: new URL(engine, document.baseURI).href,
  disassembler: new URL(disassembler, document.baseURI).href,
};
