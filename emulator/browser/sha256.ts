/**
 * SHA-256 of the bytes, lower-case hexadecimal. Browsers have it on secure origins only (Web
 * Cryptography, 10.1): on others, such as a lab in the local network, it is computed here.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash =
    globalThis.crypto?.subtle === undefined
      ? await withoutBrowser(bytes)
      : new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function withoutBrowser(bytes: Uint8Array): Promise<Uint8Array> {
  const { sha256: hash } = await import("@noble/hashes/sha2.js");
  return hash(bytes);
}
