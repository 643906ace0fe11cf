// How SSE4.2 compares strings: SDM vol. 2B, 4.1.2 to 4.1.6.

/** The number of elements before the first zero. */
export function lengthOf(string: usize, isWords: bool): u32 {
  const value = v128.load(string);
  const zero = i64x2.splat(0);
  const zeros = isWords
    ? i16x8.bitmask(i16x8.eq(value, zero)) | 0x100
    : i8x16.bitmask(i8x16.eq(value, zero)) | 0x10000;
  return ctz<u32>(zeros);
}

/**
 * Compares two strings, of which a is the pattern: a set, ranges, or a string to be found.
 * @param a address of the elements
 * @param control the instruction's immediate
 * @returns a bit for each element of b
 */
export function compareStrings(a: usize, lengthA: u32, b: usize, lengthB: u32, control: u32): u32 {
  switch (control & 3) {
    case 0:
      return Strings.compare<u8>(a, lengthA, b, lengthB, control);
    case 1:
      return Strings.compare<u16>(a, lengthA, b, lengthB, control);
    case 2:
      return Strings.compare<i8>(a, lengthA, b, lengthB, control);
    default:
      return Strings.compare<i16>(a, lengthA, b, lengthB, control);
  }
}

class Strings {
  static compare<T>(a: usize, lengthA: u32, b: usize, lengthB: u32, control: u32): u32 {
    const all: u32 = sizeof<T>() == 1 ? 0xffff : 0xff;
    const validA: u32 = (1 << lengthA) - 1;
    const validB: u32 = (1 << lengthB) - 1;
    let bits: u32;
    switch ((control >> 2) & 3) {
      case 0:
        bits = Strings.any<T>(a, lengthA, v128.load(b)) & validB;
        break;
      case 1:
        bits = Strings.ranges<T>(a, lengthA, v128.load(b)) & validB;
        break;
      case 2: {
        const equal = Elements.equal<T>(v128.load(a), v128.load(b));
        // Behind both ends they are equal, behind one of them not.
        bits = (equal & validA & validB) | (all & ~(validA | validB));
        break;
      }
      default:
        bits = Strings.ordered<T>(a, lengthA, v128.load(b), validB, all);
    }
    switch ((control >> 4) & 3) {
      case 1:
        return bits ^ all;
      case 3:
        return bits ^ validB;
      default:
        return bits;
    }
  }

  /** Elements of b that are some element of a. */
  @inline static any<T>(a: usize, lengthA: u32, b: v128): u32 {
    let bits: u32 = 0;
    for (let i: u32 = 0; i < lengthA; i++) bits |= Elements.equal<T>(Elements.splat<T>(a, i), b);
    return bits;
  }

  /** Elements of b that lie between two of a. */
  @inline static ranges<T>(a: usize, lengthA: u32, b: v128): u32 {
    let bits: u32 = 0;
    for (let i: u32 = 1; i < lengthA; i += 2) {
      const low = Elements.splat<T>(a, i - 1);
      const high = Elements.splat<T>(a, i);
      bits |= Elements.notLess<T>(b, low) & Elements.notLess<T>(high, b);
    }
    return bits;
  }

  /** Places in b where a begins, as far as b goes. */
  @inline static ordered<T>(a: usize, lengthA: u32, b: v128, validB: u32, all: u32): u32 {
    let bits = all;
    for (let i: u32 = 0; i < lengthA; i++) {
      const equal = Elements.equal<T>(Elements.splat<T>(a, i), b) & validB;
      bits &= (equal >> i) | ~(all >> i);
    }
    return bits & all;
  }
}

class Elements {
  @inline static splat<T>(pointer: usize, index: u32): v128 {
    const at = pointer + <usize>index * sizeof<T>();
    return sizeof<T>() == 1 ? v128.load_splat<u8>(at) : v128.load_splat<u16>(at);
  }

  @inline static equal<T>(a: v128, b: v128): u32 {
    if (sizeof<T>() == 1) return i8x16.bitmask(i8x16.eq(a, b));
    return i16x8.bitmask(i16x8.eq(a, b));
  }

  @inline static notLess<T>(a: v128, b: v128): u32 {
    if (sizeof<T>() == 1) {
      return i8x16.bitmask(isSigned<T>() ? i8x16.ge_s(a, b) : i8x16.ge_u(a, b));
    }
    return i16x8.bitmask(isSigned<T>() ? i16x8.ge_s(a, b) : i16x8.ge_u(a, b));
  }
}
