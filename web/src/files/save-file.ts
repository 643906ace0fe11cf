/** The browser has begun its download long before, ms; until then it needs the address. */
const KEPT_MS = 60_000;

/** Gives a file to the person, as a download. */
export function saveFile(name: string, bytes: Uint8Array): void {
  const type = name.endsWith(".zip") ? "application/zip" : "application/octet-stream";
  // A copy of its own: the bytes may be a part of a larger buffer.
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
