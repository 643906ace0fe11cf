/**
 * Keeps the page's files in the browser, so that it opens without a network. The build writes the
 * list of the files into it (web/build/offline-plugin.ts). It imports nothing: browsers run it as
 * a plain script.
 *
 * A file is kept under its hash, so that a new version fetches only what has changed, and the page
 * of the old one keeps its files for as long as it is open.
 */
import type { OfflineFile, OfflineMessage } from "./offline-files.js";
import type { ServiceWorkerScope } from "./worker-scope.js";

declare const __KSPACE_OFFLINE_FILES__: readonly OfflineFile[];

const files = __KSPACE_OFFLINE_FILES__;
const scope = globalThis as unknown as ServiceWorkerScope;
const base = scope.registration.scope;
/** Another copy of the page below another path of the same origin has a cache of its own. */
const CACHE = `kspace ${base}`;

const filesByUrl = new Map(files.map((file) => [new URL(file.path, base).href, file]));
const index = files.find(({ path }) => path === "index.html");

scope.addEventListener("install", (event) => {
  event.waitUntil(keepAll(files.filter(({ when }) => when === "install")));
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
  if (file !== undefined) event.respondWith(answer(request, file));
});

async function obey(message: OfflineMessage): Promise<void> {
  if (message === "keep-everything") return keepAll(files);
  if (message === "take-over") return scope.skipWaiting();
  const tabs = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (tabs.length === 1) await scope.skipWaiting();
}

function fileOf(request: Request): OfflineFile | undefined {
  const url = new URL(request.url);
  if (request.mode === "navigate" && `${url.origin}${url.pathname}` === base) return index;
  return filesByUrl.get(`${url.origin}${url.pathname}`);
}

async function answer(request: Request, file: OfflineFile): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(file));
  // "reload" asks to go past every cache: the page found that what it got was damaged.
  if (kept !== undefined && request.cache !== "reload") return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept !== undefined) return kept;
    throw error;
  }
}

/** One after the other: it must not take the network from a lab that starts. */
async function keepAll(wanted: readonly OfflineFile[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const file of wanted) {
    if ((await cache.match(keyOf(file))) === undefined) await keep(cache, file);
  }
}

/** @throws (rejects) when the file does not come, or is not the one of this version */
async function keep(cache: Cache, file: OfflineFile): Promise<void> {
  // The page has most of them in the browser's own cache by now; the server is asked if they are
  // still right, without sending them again.
  const response = await fetch(new URL(file.path, base), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${file.path}: ${response.status} ${response.statusText}`);
  const bytes = await response.arrayBuffer();
  const found = await sha256(bytes);
  if (found !== file.sha256) throw new Error(`${file.path} is of another version: ${found}.`);
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const headers = { "content-type": type, "content-length": String(bytes.byteLength) };
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
