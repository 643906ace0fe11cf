import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { listen, type RunningServer } from "../../cli/serve/listen.js";
import { siteHandler } from "../../cli/serve/site.js";
import { IMAGES_FOLDER } from "../../node/image-source.js";

/** What servers pack that pack at all: nginx' and Apache's lists for static files, and wasm. */
const PACKED_BY_SERVERS = /\.(html|js|css|json|svg|wasm|webmanifest|md)$/;

/** The built page on the loopback interface, as `kspace serve` has it, and what was asked for. */
export class LoggedSite implements AsyncDisposable {
  readonly #folder: string;
  readonly #asked: Set<string>;
  readonly #server: RunningServer;

  private constructor(folder: string, asked: Set<string>, server: RunningServer) {
    this.#folder = folder;
    this.#asked = asked;
    this.#server = server;
  }

  get url(): string {
    return this.#server.url;
  }

  static async open(folder: string): Promise<LoggedSite> {
    const asked = new Set<string>();
    const handle = siteHandler({ site: folder, images: IMAGES_FOLDER });
    const server = await listen((request, response, next) => {
      // What the service worker keeps for later is no part of what a start waits for.
      const isForLater =
        request.headers["sec-fetch-dest"] === "serviceworker" ||
        request.headers.referer?.endsWith("/service-worker.js");
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      if (!isForLater) asked.add(pathname === "/" ? "/index.html" : pathname);
      handle(request, response, next);
    }, 0);
    return new LoggedSite(folder, asked, server);
  }

  /** Forgets what was asked for. */
  clearLog(): void {
    this.#asked.clear();
  }

  /** Bytes of what was asked for, as a static server with gzip sends the bodies. */
  async askedBytes(): Promise<number> {
    const sizes = [...this.#asked].map(async (path) => {
      const bytes = await readFile(join(this.#folder, path));
      return PACKED_BY_SERVERS.test(path) ? gzipSync(bytes).length : bytes.length;
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
