import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip, type ZlibOptions } from "node:zlib";
import type { ImageSource } from "../lab/index.js";
import { compileV86 } from "../machine/v86-wasm.js";
import { compileXz } from "../toolchain/xz-wasm.js";
import { startBuildThread } from "./build-thread.js";

/** Where this package keeps its images, in a checkout and when installed. */
export const IMAGES_FOLDER = fileURLToPath(new URL("../../images", import.meta.url));

const unpack = promisify<Uint8Array, ZlibOptions, Uint8Array>(gunzip);
/** zlib's default of 16 KiB takes twice as long: it visits the event loop for each chunk. */
const UNPACK_CHUNK_BYTES = 4 * 1024 * 1024;

/** Reads images from a folder, and the emulator from the installed npm package. */
export function nodeImageSource(folder: string = IMAGES_FOLDER): ImageSource {
  let engine: Promise<WebAssembly.Module> | undefined;
  let disassembler: Promise<WebAssembly.Module> | undefined;
  return {
    readImage: async (path, signal, onBytes) => {
      const bytes = await readFile(join(folder, path), { signal });
      onBytes?.(bytes.length);
      return bytes;
    },
    sha256: async (bytes) => createHash("sha256").update(bytes).digest("hex"),
    gunzip: (bytes) => unpack(bytes, { chunkSize: UNPACK_CHUNK_BYTES }),
    engine: () => {
      engine ??= readPackaged("v86/build/v86.wasm").then(compileV86);
      return engine;
    },
    disassembler: () => {
      disassembler ??= readPackaged("iced-x86/iced_x86_bg.wasm").then((file) =>
        WebAssembly.compile(file),
      );
      return disassembler;
    },
    compileXz: (packed) => compileXz(new Blob([packed as BlobPart]).stream()),
    startBuildThread,
  };
}

/** @param file of an npm package, as `require` takes it. */
function readPackaged(file: string): Promise<Buffer<ArrayBuffer>> {
  return readFile(createRequire(import.meta.url).resolve(file));
}
