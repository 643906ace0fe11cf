import type { Random } from "./random.js";
import type { Noise } from "./simulated-line.js";

/** Damages about one write in `every`, each time in one of the ways that a line can. */
export function randomNoise(random: Random, every: number): Noise {
  return (bytes) => {
    if (random.below(every) !== 0 || bytes.length === 0) return bytes;
    const at = random.below(bytes.length);
    switch (random.below(6)) {
      case 0: // lost
        return new Uint8Array();
      case 1: // cut short
        return bytes.slice(0, at);
      case 2: {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
        return flipped;
      }
      case 3: // doubled
        return Uint8Array.from([...bytes, ...bytes]);
      case 4: // junk in the middle
        return Uint8Array.from([...bytes.slice(0, at), ...junk(random), ...bytes.slice(at)]);
      default: // a byte lost
        return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
    }
  };
}

/** Text and bytes, flags and escapes among them. */
export function junk(random: Random): Uint8Array {
  const bytes = random.bytes(1 + random.below(60));
  return bytes.map((byte) => (byte < 40 ? 0x7e : byte < 60 ? 0x7d : byte));
}
