/** `printf '\0asm\1\0\0\0' | xz -9`, version 5.4.1: the smallest WebAssembly module, packed. */
export const TINY_PROGRAM: Uint8Array<ArrayBuffer> = new Uint8Array(
  Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAHAGFzbQEAAAAACdWQwO1V/lUAASAIuxnZux+2830BAAAAAARZWg==",
    "base64",
  ),
);
