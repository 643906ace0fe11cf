import { type DebugFile, openDebugFile } from "../debug-file.js";
import { ByteWriter, buildElf, type SectionPlan } from "./elf-builder.js";

/** An attribute of an abbreviation: name, form, and the value of DW_FORM_implicit_const. */
export type AttributePlan = readonly [name: number, form: number, implicit?: number];

export interface AbbreviationPlan {
  readonly tag: number;
  readonly hasChildren?: boolean;
  readonly attributes: readonly AttributePlan[];
}

/** An abbreviation table; the first plan has code 1. */
export function abbreviations(...plans: readonly AbbreviationPlan[]): ByteWriter {
  const writer = new ByteWriter();
  for (const [index, { tag, hasChildren = false, attributes }] of plans.entries()) {
    writer
      .uleb(index + 1)
      .uleb(tag)
      .u8(hasChildren ? 1 : 0);
    for (const [name, form, implicit] of attributes) {
      writer.uleb(name).uleb(form);
      if (implicit !== undefined) writer.sleb(implicit);
    }
    writer.u8(0, 0);
  }
  return writer.u8(0);
}

/** A unit of DWARF 4 or 5 with addresses of 4 bytes. */
export function unit(version: 4 | 5, entries: ByteWriter, abbreviationOffset = 0): ByteWriter {
  const content = new ByteWriter().u16(version);
  if (version === 4) content.u32(abbreviationOffset).u8(4);
  else content.u8(1, 4).u32(abbreviationOffset);
  return new ByteWriter().sized(content.bytes(entries.finish()));
}

/** Where the code of {@link openDwarf}'s files begins. */
export const CODE = 0x1000;

/** Opens a linked i386 file with 4096 bytes of code and these debug sections. */
export function openDwarf(sections: Readonly<Record<string, ByteWriter>>): DebugFile {
  const plans = Object.entries(sections).map(
    ([name, writer]): SectionPlan => ({ name: `.debug_${name}`, bytes: writer.finish() }),
  );
  const text = { name: ".text", bytes: new Uint8Array(4096), flags: 6, address: BigInt(CODE) };
  return openDebugFile(buildElf({ bits: 32, type: 2, sections: [text, ...plans] }));
}
