import type { ByteReader } from "../byte-reader.js";
import { DW_FORM_implicit_const } from "./constants.js";
import type { DebugSections } from "./debug-sections.js";
import { corruptSection, DwarfError } from "./dwarf-error.js";
import { type Encoding, fixedFormSize } from "./forms.js";

/** Compilers write at most some forty attributes for an entry. */
const MOST_ATTRIBUTES = 256;

/** The shape of a debugging information entry: DWARF 5, 7.5.3. */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  /** Three numbers for each attribute: its name, its form, and the value of an implicit_const. */
  readonly attributes: readonly number[];
  /**
   * How to pass over the attributes: pairs of bytes to skip and of a form of variable size that
   * follows; 0 for no more forms. Attributes that take no bytes do not occur.
   */
  readonly skips: readonly number[];
}

const corrupt = corruptSection(".debug_abbrev");

/** The abbreviations of a unit. They are read as far as they are needed. */
export class AbbreviationTable {
  readonly #sections: DebugSections;
  readonly #reader: ByteReader;
  readonly #encoding: Encoding;
  /** Compilers number them from 1 on, so that this is dense; see {@link find}. */
  readonly #byCode: Abbreviation[] = [];
  readonly #others = new Map<number, Abbreviation>();
  #complete = false;

  /** @param encoding of the unit, which the sizes of some forms depend on. */
  constructor(sections: DebugSections, offset: number, encoding: Encoding) {
    this.#sections = sections;
    this.#reader = sections.reader("abbrev", offset);
    this.#encoding = encoding;
  }

  /** @throws DwarfError when the table has no such code, or is damaged. */
  find(code: number): Abbreviation {
    const known = this.#byCode[code - 1] ?? this.#others.get(code);
    if (known !== undefined) return known;
    while (!this.#complete) {
      const [readCode, abbreviation] = this.#read();
      if (readCode === code && abbreviation !== undefined) return abbreviation;
    }
    throw corrupt(`a unit uses abbreviation ${code}, which its table does not have`);
  }

  #read(): [number, Abbreviation | undefined] {
    const reader = this.#reader;
    const start = reader.position;
    const code = reader.uleb128();
    if (code === 0) {
      this.#complete = true;
      return [0, undefined];
    }
    const tag = reader.uleb128();
    const hasChildren = reader.u8() !== 0;
    const attributes: number[] = [];
    for (;;) {
      const name = reader.uleb128();
      const form = reader.uleb128();
      if (name === 0 && form === 0) break;
      const implicit = form === DW_FORM_implicit_const ? reader.sleb128() : 0;
      attributes.push(name, form, implicit);
      if (attributes.length > 3 * MOST_ATTRIBUTES) {
        throw new DwarfError(
          "limit-exceeded",
          `Abbreviation ${code} in .debug_abbrev has more than ${MOST_ATTRIBUTES} attributes.`,
        );
      }
    }
    this.#sections.budget.spend(reader.position - start);
    const skips = planSkips(attributes, this.#encoding);
    const abbreviation = { tag, hasChildren, attributes, skips };
    if (code === this.#byCode.length + 1) this.#byCode.push(abbreviation);
    else if (!this.#others.has(code)) this.#others.set(code, abbreviation);
    return [code, abbreviation];
  }
}

function planSkips(attributes: readonly number[], encoding: Encoding): number[] {
  const skips: number[] = [];
  let fixed = 0;
  for (let at = 1; at < attributes.length; at += 3) {
    const form = attributes[at] ?? 0;
    const size = fixedFormSize(form, encoding);
    if (size === undefined) {
      skips.push(fixed, form);
      fixed = 0;
    } else {
      fixed += size;
    }
  }
  if (fixed > 0) skips.push(fixed, 0);
  return skips;
}
