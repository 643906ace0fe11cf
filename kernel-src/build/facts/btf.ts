/**
 * Finds where the members of structures are, from the kernel's own type information
 * (Documentation/bpf/btf.rst).
 */

const BTF_MAGIC = 0xeb9f;
const typeSize = 12;

/** BTF kinds, and how many bytes follow the common part of a type, each or per element. */
const kinds: Readonly<Record<number, { readonly fixed: number; readonly each: number }>> = {
  1: { fixed: 4, each: 0 }, // INT
  2: { fixed: 0, each: 0 }, // PTR
  3: { fixed: 12, each: 0 }, // ARRAY
  4: { fixed: 0, each: 12 }, // STRUCT
  5: { fixed: 0, each: 12 }, // UNION
  6: { fixed: 0, each: 8 }, // ENUM
  7: { fixed: 0, each: 0 }, // FWD
  8: { fixed: 0, each: 0 }, // TYPEDEF
  9: { fixed: 0, each: 0 }, // VOLATILE
  10: { fixed: 0, each: 0 }, // CONST
  11: { fixed: 0, each: 0 }, // RESTRICT
  12: { fixed: 0, each: 0 }, // FUNC
  13: { fixed: 0, each: 8 }, // FUNC_PROTO
  14: { fixed: 4, each: 0 }, // VAR
  15: { fixed: 0, each: 12 }, // DATASEC
  16: { fixed: 0, each: 0 }, // FLOAT
  17: { fixed: 4, each: 0 }, // DECL_TAG
  18: { fixed: 0, each: 0 }, // TYPE_TAG
  19: { fixed: 0, each: 12 }, // ENUM64
};
const STRUCT = 4;

/**
 * The offsets in bytes of members named `struct.member`; members of anonymous structures inside
 * are not looked for.
 *
 * @param btf the bytes of vmlinux's `.BTF` section
 * @throws if the bytes are no BTF, or a member is not there or is a bit field
 */
export function memberOffsets(btf: Buffer, names: readonly string[]): Record<string, number> {
  const wanted = new Set(names);
  const found: Record<string, number> = {};
  for (const { key, bits } of members(btf)) {
    if (!wanted.has(key) || found[key] !== undefined) continue;
    if (bits % 8 !== 0) throw new Error(`${key} is a bit field.`);
    found[key] = bits / 8;
  }
  const missing = names.filter((name) => found[name] === undefined);
  if (missing.length > 0) throw new Error(`Not in the kernel's BTF: ${missing.join(", ")}.`);
  return Object.fromEntries(names.map((name) => [name, found[name] ?? 0]));
}

function* members(btf: Buffer): Generator<{ key: string; bits: number }> {
  if (btf.length < 24 || btf.readUInt16LE(0) !== BTF_MAGIC) throw new Error("Not BTF data.");
  const headerLength = btf.readUInt32LE(4);
  const types = headerLength + btf.readUInt32LE(8);
  const typesEnd = types + btf.readUInt32LE(12);
  const strings = headerLength + btf.readUInt32LE(16);
  const text = (offset: number): string =>
    btf.toString("latin1", strings + offset, btf.indexOf(0, strings + offset));

  for (let at = types; at < typesEnd; ) {
    const name = text(btf.readUInt32LE(at));
    const info = btf.readUInt32LE(at + 4);
    const kind = (info >>> 24) & 0x1f;
    const count = info & 0xffff;
    // With kind_flag set, the upper 8 bits of a member's offset are its bit field's width.
    const offsetMask = info >>> 31 ? 0xffffff : 0xffffffff;
    const layout = kinds[kind];
    if (layout === undefined) throw new Error(`Unknown BTF kind ${kind}.`);
    at += typeSize;
    if (kind === STRUCT && name !== "") {
      for (let i = 0; i < count; i++) {
        const member = at + i * layout.each;
        const bits = (btf.readUInt32LE(member + 8) & offsetMask) >>> 0;
        yield { key: `${name}.${text(btf.readUInt32LE(member))}`, bits };
      }
    }
    at += layout.fixed + count * layout.each;
  }
}
