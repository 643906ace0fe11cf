import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { IMAGES_FOLDER } from "../../node/image-source.js";
import type { LabAssets } from "../protocol.js";
import { pathOfPublished } from "../published-name.js";

/** Where {@link ImageServer} has everything. */
export const SERVED: LabAssets = {
  images: "http://lab.test/page/images/",
  engine: "http://lab.test/page/v86.wasm",
  disassembler: "http://lab.test/page/iced.wasm",
};

export interface ServedRequest {
  /** In the image set, or the WebAssembly's name. */
  readonly path: string;
  readonly cache: RequestCache | undefined;
  /** The part that is asked for: `bytes=1000-`. */
  readonly range: string | null;
}

/** What a server sends in the place of a file; undefined: the file. */
export type Fault = (
  request: ServedRequest,
  bytes: Uint8Array<ArrayBuffer>,
) => Response | Error | undefined;

/** A `fetch` that has the images and the WebAssembly, and goes wrong as a test wants it. */
export class ImageServer {
  readonly requests: ServedRequest[] = [];
  /** Files that it has beside the images, or in their place. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  wasmType = "application/wasm";
  fault: Fault = () => undefined;

  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const path = url.startsWith(SERVED.images)
      ? pathOfPublished(url.slice(SERVED.images.length))
      : url.slice(url.lastIndexOf("/") + 1);
    const range = new Headers(init.headers).get("range");
    const request = { path, cache: init.cache, range };
    this.requests.push(request);
    const bytes = this.files.get(path) ?? new Uint8Array(await readFile(fileOf(path)));
    const fault = this.fault(request, bytes);
    if (fault instanceof Error) throw fault;
    return fault ?? this.#response(path, bytes, range);
  };

  paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  #response(path: string, bytes: Uint8Array<ArrayBuffer>, range: string | null): Response {
    const type = path.endsWith(".wasm") ? this.wasmType : "application/octet-stream";
    const [, start] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
    const part = bytes.subarray(Number(start ?? 0));
    const headers = { "content-type": type, "content-length": String(part.length) };
    if (start === undefined) return new Response(part, { headers });
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    return new Response(part, {
      status: 206,
      headers: { ...headers, "content-range": contentRange },
    });
  }
}

/** A body that breaks after a part of it. */
export function brokenResponse(part: Uint8Array<ArrayBuffer>, init?: ResponseInit): Response {
  let isSent = false;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (isSent) controller.error(new TypeError("network error"));
        else controller.enqueue(part);
        isSent = true;
      },
    }),
    init,
  );
}

function fileOf(path: string): string {
  const require = createRequire(import.meta.url);
  if (path === "v86.wasm") return require.resolve("v86/build/v86.wasm");
  if (path === "iced.wasm") return require.resolve("iced-x86/iced_x86_bg.wasm");
  return join(IMAGES_FOLDER, path);
}
