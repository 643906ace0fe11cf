/** Which bytes of a vector are taken (`i8x16.swizzle`): what is not below 16 gives 0. */
export class ByteIndices {
  /** All of them, in their order. */
  @inline static get identity(): v128 {
    return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }

  /** From a place on; a negative one is before the first byte. */
  @inline static from(place: i32): v128 {
    return i8x16.add(ByteIndices.identity, i8x16.splat(<i8>place));
  }
}
