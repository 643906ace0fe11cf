import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { Transform } from "node:stream";

/** What goes wrong when a file is asked for. */
export type Fault =
  /** The server does not have it. */
  | { readonly kind: "missing" }
  /** The connection ends after so many bytes. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** The same, once; then parts of the file can be asked for (RFC 9110, 14), and come. */
  | { readonly kind: "cut-once"; readonly afterBytes: number }
  /** A bit of the byte at this place is not what it should be. */
  | { readonly kind: "flipped"; readonly at: number }
  /** It comes, at so many bytes a second. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number };

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** As strict as the page claims to be content with; `frame-ancestors` only counts in a header. */
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page is below this path, so that all its addresses have to be relative. */
const PREFIX = "/courses/kernel/";

/**
 * A plain file server on the loopback interface, that knows nothing of the page: what it serves it
 * finds in a folder. Tests make it fail.
 */
export class SiteServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #server: Server;
  readonly #faults = new Map<string, Fault>();
  /** Of files that break once: which parts were asked for, after the first time. */
  readonly #parts = new Map<string, string[]>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(folder: string): Promise<SiteServer> {
    const site = new SiteServer(folder);
    await new Promise<void>((resolve, reject) => {
      site.#server.once("error", reject);
      site.#server.listen(0, "127.0.0.1", resolve);
    });
    return site;
  }

  /** Where the page is. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PREFIX}`;
  }

  /** @param path from the page's folder on: `images/i686/snapshot.bin` */
  breakFile(path: string, fault: Fault): void {
    this.#faults.set(path, fault);
  }

  /** Which parts of a file were asked for after its connection was cut once: `bytes=1000-`. */
  partsOf(path: string): readonly string[] {
    return this.#parts.get(path) ?? [];
  }

  /** Everything is served as it should be. */
  mend(): void {
    this.#faults.clear();
    this.#parts.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname === PREFIX ? "index.html" : pathname.slice(PREFIX.length);
    const fault = this.#faults.get(path);
    const file = join(this.#folder, normalize(`/${decodeURIComponent(path)}`));
    const found = pathname.startsWith(PREFIX) ? await statFile(file) : undefined;
    if (found === undefined || fault?.kind === "missing") {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found\n");
      return;
    }
    const etag = `"${found.size.toString(16)}-${found.mtimeMs.toString(16)}"`;
    const headers = {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      etag,
    };
    if (request.headers["if-none-match"] === etag && fault === undefined) {
      response.writeHead(304, headers).end();
      return;
    }
    const parts = this.#parts.get(path);
    const { range = "" } = request.headers;
    if (fault?.kind === "cut-once" && parts !== undefined) {
      parts.push(range);
      sendPart(response, headers, file, found.size, range);
      return;
    }
    if (fault?.kind === "cut-once") this.#parts.set(path, []);
    response.writeHead(200, { ...headers, "content-length": found.size });
    const content = createReadStream(file);
    response.on("close", () => content.destroy());
    if (fault === undefined) content.pipe(response);
    else content.pipe(faulty(fault, response)).pipe(response);
  }
}

async function statFile(path: string): Promise<Stats | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The rest of a file, from where a range begins. */
function sendPart(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  file: string,
  size: number,
  range: string,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
  response.writeHead(range === "" ? 200 : 206, {
    ...headers,
    "content-length": size - start,
    ...(range !== "" && { "content-range": `bytes ${start}-${size - 1}/${size}` }),
  });
  createReadStream(file, { start }).pipe(response);
}

function faulty(fault: Exclude<Fault, { kind: "missing" }>, response: ServerResponse): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const from = passed;
      passed += chunk.length;
      if (fault.kind === "slow") {
        const ms = (chunk.length / fault.bytesPerSecond) * 1000;
        setTimeout(() => done(null, chunk), ms);
      } else if (fault.kind === "flipped") {
        const changed = Buffer.from(chunk);
        const at = fault.at - from;
        const byte = changed[at];
        if (at >= 0 && byte !== undefined) changed[at] = byte ^ 1;
        done(null, changed);
      } else if (passed < fault.afterBytes) {
        done(null, chunk);
      } else {
        // What was sent before is on its way; then the peer sees the connection end.
        response.write(chunk.subarray(0, fault.afterBytes - from), () => response.destroy());
      }
    },
  });
}
