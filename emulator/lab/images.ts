import type { StartBuildThread } from "../toolchain/index.js";
import { LabError } from "./errors.js";

/** One file of the image set, as `images/manifest.json` records it. */
export interface ManifestFile {
  /** Relative to the manifest, with `/`. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What a lab needs from the platform that it runs on. */
export interface ImageSource {
  /**
   * Reads a file of the image set.
   * @param onBytes told how many bytes of it have come, while more are to come and at the end; a
   *   download that breaks and is tried again begins anew
   * @throws when it is not there; the message ends up in a {@link LabError}.
   */
  readImage(path: string, signal?: AbortSignal, onBytes?: OnBytes): Promise<Uint8Array>;
  /** SHA-256 of the bytes, lower-case hexadecimal. */
  sha256(bytes: Uint8Array): Promise<string>;
  /** Unpacks gzip (RFC 1952), the fastest way that the platform has. */
  gunzip(bytes: Uint8Array): Promise<Uint8Array>;
  /** The emulator's WebAssembly, compiled; the same module for every call. */
  engine(): Promise<WebAssembly.Module>;
  /** The disassembler's WebAssembly, compiled: `iced_x86_bg.wasm` of the npm package iced-x86. */
  disassembler(): Promise<WebAssembly.Module>;
  /** Unpacks a WebAssembly program, an xz file, and compiles it. */
  compileXz(packed: Uint8Array): Promise<WebAssembly.Module>;
  /** Starts a thread of its own for the compiler, which runs `serveBuilds`. */
  readonly startBuildThread: StartBuildThread;
}

/** How many bytes have come so far. */
export type OnBytes = (loadedBytes: number) => void;

const MANIFEST = "manifest.json";

/** The prebuilt files. Each is checked against the manifest when it is read. */
export class Images {
  readonly source: ImageSource;
  readonly #files: ReadonlyMap<string, ManifestFile>;

  private constructor(source: ImageSource, files: readonly ManifestFile[]) {
    this.source = source;
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  /** @throws LabError `image-missing` or `image-corrupt` when the manifest cannot be read. */
  static async open(source: ImageSource): Promise<Images> {
    const bytes = await readOrExplain(source, MANIFEST);
    return new Images(source, parseManifest(bytes));
  }

  /**
   * How large a file is, bytes.
   * @throws LabError `image-missing`
   */
  size(path: string): number {
    return this.#expected(path).bytes;
  }

  /** @throws LabError (rejects) `image-missing` or `image-corrupt`, with the file's name. */
  async read(path: string, signal?: AbortSignal, onBytes?: OnBytes): Promise<Uint8Array> {
    const expected = this.#expected(path);
    const bytes = await readOrExplain(this.source, path, signal, onBytes);
    const found = await this.source.sha256(bytes);
    if (found !== expected.sha256) {
      throw new LabError(
        "image-corrupt",
        `images/${path} is not the file that the manifest describes.\n` +
          `  expected: ${expected.bytes} bytes, SHA-256 ${expected.sha256}\n` +
          `  found:    ${bytes.length} bytes, SHA-256 ${found}\n${REPAIR}`,
      );
    }
    return bytes;
  }

  #expected(path: string): ManifestFile {
    const expected = this.#files.get(path);
    if (expected !== undefined) return expected;
    throw new LabError("image-missing", `images/${MANIFEST} lists no file ${path}. ${REPAIR}`);
  }
}

const REPAIR = "Install kspace again, or make the images anew with `npm run images`.";

async function readOrExplain(
  source: ImageSource,
  path: string,
  signal?: AbortSignal,
  onBytes?: OnBytes,
): Promise<Uint8Array> {
  try {
    return await source.readImage(path, signal, onBytes);
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError("image-missing", `images/${path} cannot be read: ${reason}. ${REPAIR}`, {
      cause,
    });
  }
}

function parseManifest(bytes: Uint8Array): ManifestFile[] {
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof manifest === "object" && manifest !== null && "files" in manifest) {
      const { files } = manifest;
      if (Array.isArray(files) && files.every(isManifestFile)) return files;
    }
  } catch {
    // Told below together with a manifest of another shape.
  }
  throw new LabError("image-corrupt", `images/${MANIFEST} is not a manifest. ${REPAIR}`);
}

function isManifestFile(value: unknown): value is ManifestFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "bytes" in value &&
    typeof value.bytes === "number" &&
    "sha256" in value &&
    typeof value.sha256 === "string"
  );
}
