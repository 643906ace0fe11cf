import { expect, test } from "vitest";
import { compileXz } from "./xz-wasm.js";

/** `printf '\0asm\1\0\0\0' | xz -9`, version 5.4.1: the smallest WebAssembly module. */
const packed =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAHAGFzbQEAAAAACdWQwO1V/lUAASAIuxnZux+2830BAAAAAARZWg==";

function stream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Response(new Uint8Array(bytes)).body ?? new ReadableStream();
}

test("unpacks and compiles a program", async () => {
  const module = await compileXz(stream(Buffer.from(packed, "base64")));
  expect(WebAssembly.Module.exports(module)).toEqual([]);
});

test("what is damaged or broken off is refused", async () => {
  const bytes = Buffer.from(packed, "base64");
  await expect(compileXz(stream(bytes.subarray(0, 20)))).rejects.toThrow();
  bytes[28] = 0;
  await expect(compileXz(stream(bytes))).rejects.toThrow();
});
