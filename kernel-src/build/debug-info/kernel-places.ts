import { parseElf, SHF_ALLOC, SHF_EXECINSTR } from "../../../emulator/debuginfo/elf.js";

/** More in each section: some are so small that chance would pass over them. */
const ADDRESSES_PER_SECTION = 40;

/**
 * Addresses of a kernel's code, chosen at random, but always the same of the same kernel.
 *
 * @param vmlinux the bytes of a 32-bit vmlinux
 * @param count about how many
 * @param seed above 0; another one gives other addresses
 */
export function sampleCodeAddresses(vmlinux: Uint8Array, count: number, seed: number): number[] {
  const sections = parseElf(vmlinux)
    .sections.filter(
      ({ flags, size }) => (flags & SHF_ALLOC) !== 0 && (flags & SHF_EXECINSTR) !== 0 && size > 0,
    )
    .map(({ address, size }) => ({ start: Number(address), size }));
  const total = sections.reduce((sum, { size }) => sum + size, 0);
  const random = numberGenerator(seed);
  const addresses = sections.flatMap(({ start, size }) => {
    const share = Math.round((count * size) / total);
    return Array.from(
      { length: ADDRESSES_PER_SECTION + share },
      () => start + Math.floor(random() * size),
    );
  });
  return [...new Set(addresses)].sort((a, b) => a - b);
}

/** Park and Miller's generator (Communications of the ACM 31, 1988): from 0 to 1, exclusive. */
function numberGenerator(seed: number): () => number {
  const modulus = 0x7fff_ffff;
  let state = seed % modulus;
  return () => {
    state = Number((BigInt(state) * 48271n) % BigInt(modulus));
    return state / modulus;
  };
}
