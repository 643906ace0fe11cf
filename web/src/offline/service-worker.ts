/**
 * Keeps the page's files in the browser, so that it opens without a network. The build writes the
 * list of the files into it (web/build/offline-plugin.ts). It imports nothing: browsers run it as
 * a plain script.
 *
 * A file is kept under its hash, so that a new version fetches only what has changed, and the page
 * of the old one keeps its files for as long as it is open.
 */
import type { OfflineFile, OfflineMessage } from "./offline-files.js";
import type { RequestEvent, ServiceWorkerScope } from "./worker-scope.js";

declare const __KSPACE_OFFLINE_FILES__: readonly OfflineFile[];

const files = __KSPACE_OFFLINE_FILES__;
const scope = globalThis as unknown as ServiceWorkerScope;
const base = scope.registration.scope;
/** Another copy of the page below another path of the same origin has a cache of its own. */
const CACHE = `kspace ${base}`;

const filesByUrl = new Map(files.map((file) => [new URL(file.path, base).href, file]));
const index = files.find(({ path }) => path === "index.html");

scope.addEventListener("install", (event) => {
  event.waitUntil(keepAll(["install"]));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => scope.clients.claim()));
});

scope.addEventListener("message", (event) => {
  event.waitUntil(obey(event.data));
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const file = request.method === "GET" ? fileOf(request) : undefined;
  if (file !== undefined) event.respondWith(answer(event, file));
});

async function obey(message: OfflineMessage): Promise<void> {
  if (message === "keep-later") return keepNext(["install", "later"]);
  if (message === "keep-builds") return keepNext(["builds"]);
  if (message === "take-over") return scope.skipWaiting();
  const tabs = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (tabs.length === 1) await scope.skipWaiting();
}

function fileOf(request: Request): OfflineFile | undefined {
  const url = new URL(request.url);
  if (request.mode === "navigate" && `${url.origin}${url.pathname}` === base) return index;
  return filesByUrl.get(`${url.origin}${url.pathname}`);
}

async function answer(event: RequestEvent, file: OfflineFile): Promise<Response> {
  const { request } = event;
  // Where the browser's storage is broken, the network is still there.
  const kept = await keptResponse(file).catch(() => undefined);
  // "reload" asks to go past every cache: the page found that what it got was damaged.
  if (kept !== undefined && request.cache !== "reload") return kept;
  try {
    const response = await fetch(request);
    // What was needed once is needed again. Not a part of a file (206), which the page puts together.
    if (response.status === 200 && file.when !== "install") {
      const copy = response.clone();
      // There may be no room for it, or it breaks off: then the page, too, hears of what concerns it.
      event.waitUntil(keepResponse(file, copy).catch(() => undefined));
    }
    return response;
  } catch (error) {
    if (kept !== undefined) return kept;
    throw error;
  }
}

/** Settles when what is being kept is kept. */
let keeping = Promise.resolve();

/** After what was asked for before. */
function keepNext(when: readonly OfflineFile["when"][]): Promise<void> {
  keeping = keeping.catch(() => undefined).then(() => keepAll(when));
  return keeping;
}

/** One after the other: it must not take the network from a lab that starts. */
async function keepAll(when: readonly OfflineFile["when"][]): Promise<void> {
  for (const file of files.filter((one) => when.includes(one.when))) {
    if ((await keptResponse(file)) === undefined) await keep(file);
  }
}

async function keptResponse(file: OfflineFile): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  return cache.match(keyOf(file));
}

/** @throws (rejects) when the file does not come, or is not the one of this version */
async function keep(file: OfflineFile): Promise<void> {
  // The page has most of them in the browser's own cache by now; the server is asked if they are
  // still right, without sending them again. Whatever the person waits for goes first.
  const how: RequestInit = { cache: "no-cache", priority: "low" };
  await keepResponse(file, await fetch(new URL(file.path, base), how));
}

/** @throws (rejects) as `keep` */
async function keepResponse(file: OfflineFile, response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${file.path}: ${response.status} ${response.statusText}`);
  const bytes = await response.arrayBuffer();
  const found = await sha256(bytes);
  if (found !== file.sha256) throw new Error(`${file.path} is of another version: ${found}.`);
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const headers = { "content-type": type, "content-length": String(bytes.byteLength) };
  const cache = await caches.open(CACHE);
  await cache.put(keyOf(file), new Response(bytes, { headers }));
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forgetOthers(): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set(files.map(keyOf));
  for (const { url } of await cache.keys()) {
    if (!wanted.has(url)) await cache.delete(url);
  }
}

function keyOf({ path, sha256 }: OfflineFile): string {
  const url = new URL(path, base);
  url.searchParams.set("sha256", sha256);
  return url.href;
}
