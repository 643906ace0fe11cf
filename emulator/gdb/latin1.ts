/**
 * Packets are handled as strings with one character for each byte: nearly all of the protocol
 * is ASCII, and what is not is taken apart character by character.
 */

const HEX_BYTES = /^(?:[0-9a-fA-F]{2})*$/;
const HEX_NUMBER = /^[0-9a-f]{1,16}$/i;

/** A string with one character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  // String.fromCharCode takes its arguments from the stack, which holds some 100,000.
  for (let at = 0; at < bytes.length; at += 0x4000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x4000));
  }
  return text;
}

/** The bytes of a string with one character for each. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Two lower-case digits for each byte. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Undefined where the text is not pairs of hexadecimal digits. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (!HEX_BYTES.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

/** A number of up to 64 bits; undefined where the text is none. */
export function parseHex(digits: string): bigint | undefined {
  return HEX_NUMBER.test(digits) ? BigInt(`0x${digits}`) : undefined;
}

/** Text of ours for the debugger's user, as the protocol carries it: UTF-8 in hexadecimal. */
export function hexOfText(text: string): string {
  return hexOf(new TextEncoder().encode(text));
}
