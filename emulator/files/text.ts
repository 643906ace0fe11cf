import { FileError } from "./errors.js";

/*
 * Linux names are bytes, host names are strings. Valid UTF-8 maps to the string one expects;
 * each byte that is not part of valid UTF-8 maps to the lone surrogate U+DC00 + byte, and back,
 * so that every name the guest can make survives the way through the host unchanged.
 * This is Python's "surrogateescape" (PEP 383).
 */

/** Linux include/uapi/linux/limits.h: NAME_MAX, in bytes. */
export const NAME_MAX = 255;

/** Linux include/uapi/linux/limits.h: PATH_MAX is 4096 bytes with the final NUL. */
export const TARGET_MAX = 4095;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** With the u flag, a surrogate class matches lone surrogates only. */
const loneSurrogate = /[\ud800-\udfff]/u;

/** Bytes of a name or link target to a string. Never fails, see the note above. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

/**
 * The inverse of {@link decodeText}.
 * @throws FileError EINVAL for a lone surrogate that stands for no byte.
 */
export function encodeText(text: string): Uint8Array {
  if (!loneSurrogate.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) {
      bytes.push(code - 0xdc00);
    } else if (code >= 0xd800 && code <= 0xdfff) {
      throw new FileError(
        "EINVAL",
        `"${text}" has a lone surrogate, which no file name can hold; use well-formed text`,
      );
    } else {
      bytes.push(...encoder.encode(character));
    }
  }
  return Uint8Array.from(bytes);
}

function decodeEscaped(bytes: Uint8Array): string {
  let text = "";
  let offset = 0;
  while (offset < bytes.length) {
    const length = utf8SequenceLength(bytes, offset);
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[offset] ?? 0));
      offset += 1;
    } else {
      text += strictDecoder.decode(bytes.subarray(offset, offset + length));
      offset += length;
    }
  }
  return text;
}

/** Length of the well-formed UTF-8 sequence at `offset`, or 0. Unicode standard, table 3-7. */
function utf8SequenceLength(bytes: Uint8Array, offset: number): number {
  const lead = bytes[offset] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || offset + length > bytes.length) return 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[offset + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) {
    if (((bytes[offset + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/**
 * Checks a name that an entry is to be made under, and returns it in the one form that
 * {@link decodeText} gives it.
 * @throws FileError EINVAL for a name no directory can hold, ENAMETOOLONG past 255 bytes.
 */
export function checkName(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new FileError(
      "EINVAL",
      `${JSON.stringify(name)} is no file name; use one without "/" and NUL that is not "." or ".."`,
    );
  }
  const canonical = loneSurrogate.test(name) ? decodeText(encodeText(name)) : name;
  // A UTF-16 unit becomes at most three bytes: short names need no counting.
  if (name.length * 3 > NAME_MAX && encodeText(canonical).length > NAME_MAX) {
    throw new FileError(
      "ENAMETOOLONG",
      `"${name.slice(0, 32)}…" is longer than ${NAME_MAX} bytes; shorten the name`,
    );
  }
  return canonical;
}
