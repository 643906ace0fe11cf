import { BrowserError } from "./failure.js";

/** What the lab cannot do without, by the names that compatibility tables have for it. */
const NEEDED: readonly (readonly [name: string, global: string])[] = [
  ["WebAssembly", "WebAssembly"],
  ["web workers", "Worker"],
  ["fetch", "fetch"],
  ["streams", "ReadableStream"],
  ["DecompressionStream", "DecompressionStream"],
];

/** The names of what a page lacks. @param scope the page's global object */
export function missingFeatures(scope: object = globalThis): readonly string[] {
  return NEEDED.filter(([, global]) => Reflect.get(scope, global) === undefined).map(
    ([name]) => name,
  );
}

/** @throws BrowserError `unsupported-browser` */
export function requireFeatures(scope: object = globalThis): void {
  const missing = missingFeatures(scope);
  if (missing.length === 0) return;
  throw new BrowserError(
    "unsupported-browser",
    `This browser lacks ${new Intl.ListFormat("en").format(missing)}, or it is switched off in ` +
      "its settings. The lab runs in current versions of Firefox, Chrome, Edge and Safari.",
  );
}
