import { GuestError } from "../errors.js";
import {
  ARRAY,
  bad,
  CONST,
  DATASEC,
  ENUM,
  ENUM64,
  FLOAT,
  INT,
  PTR,
  RESTRICT,
  STRUCT,
  TYPE_TAG,
  TYPEDEF,
  TypeTable,
  UNION,
  VAR,
  VOLATILE,
} from "./type-table.js";

/** What a name in C stands for at one place of a structure. */
export interface BtfMember {
  /** Bytes from the start of the structure. */
  readonly offset: number;
  /** Bytes that it takes; of a bit field, those that hold it. 0 for an array without a length. */
  readonly bytes: number;
  /** Of a bit field: the lowest of its bits, counted from bit 0 of the byte at `offset`. */
  readonly bitField: { readonly shift: number; readonly bits: number } | undefined;
  /** The id of its type. */
  readonly type: number;
}

/** A variable that the type information knows: those that each processor has one of. */
export interface BtfVariable {
  /** Bytes from the start of its section. */
  readonly offset: number;
  readonly bytes: number;
  readonly section: string;
  readonly type: number;
}

/** `const volatile T *` and so on: more in a row are damage. */
const LONGEST_CHAIN = 64;

/** The type information of a kernel: Linux Documentation/bpf/btf.rst. */
export class Btf {
  readonly #types: TypeTable;
  /** Structures and unions by name; typedefs of such where no structure has the name. */
  readonly #structures = new Map<string, number>();
  readonly #members = new Map<string, BtfMember | undefined>();
  readonly #pointerBytes: number;
  #enumerators: ReadonlyMap<string, bigint> | undefined;
  #variables: ReadonlyMap<string, BtfVariable> | undefined;

  /** @throws GuestError `bad-btf` */
  constructor(bytes: Uint8Array) {
    this.#types = new TypeTable(bytes);
    const typedefs = new Map<string, number>();
    let pointerBytes: number | undefined;
    for (let id = 1; id < this.#types.count; id++) {
      const kind = this.#types.kind(id);
      // Of types that share a name, different files have different ones; the first is the one
      // that pahole met first.
      if (kind === STRUCT || kind === UNION) setIfNew(this.#structures, this.#types.name(id), id);
      else if (kind === TYPEDEF) setIfNew(typedefs, this.#types.name(id), id);
      else if (kind === INT && this.#types.name(id) === "long unsigned int") {
        pointerBytes = this.#types.size(id);
      } else if (kind === INT && this.#types.name(id) === "unsigned long") {
        pointerBytes = this.#types.size(id);
      }
    }
    for (const [name, id] of typedefs) setIfNew(this.#structures, name, id);
    // BTF does not say how long a pointer is; on Linux it is as long as a long (ILP32, LP64).
    if (pointerBytes !== 4 && pointerBytes !== 8) throw bad("it does not tell how long a long is");
    this.#pointerBytes = pointerBytes;
  }

  /**
   * Bytes that the structure, union or typedef of a name takes.
   * @throws GuestError `no-such-type`
   */
  sizeOf(name: string): number {
    return this.#sizeOfType(this.#structure(name));
  }

  /**
   * Where a member is, by its path: `pid`, `thread.sp`, `list.next`; members of anonymous
   * structures are found as C finds them, and those of an array's element by the array's name.
   * @throws GuestError `no-such-type`, `no-such-member`
   */
  member(type: string, path: string): BtfMember {
    const found = this.#lookUp(type, path);
    if (found === undefined) {
      throw new GuestError("no-such-member", `In this kernel, ${type} has no member ${path}.`);
    }
    return found;
  }

  hasMember(type: string, path: string): boolean {
    return this.#structures.has(type) && this.#lookUp(type, path) !== undefined;
  }

  /** The value of an enumerator, whatever enumeration it is of. */
  enumerator(name: string): bigint | undefined {
    this.#enumerators ??= this.#readEnumerators();
    return this.#enumerators.get(name);
  }

  /** A variable that each processor has one of, where the type information tells them. */
  variable(name: string): BtfVariable | undefined {
    this.#variables ??= this.#readVariables();
    return this.#variables.get(name);
  }

  /** Bytes of a pointer, and of a `long`. */
  get pointerBytes(): number {
    return this.#pointerBytes;
  }

  #structure(name: string): number {
    const id = this.#structures.get(name);
    if (id === undefined) {
      throw new GuestError("no-such-type", `This kernel has no structure or union ${name}.`);
    }
    return id;
  }

  #lookUp(type: string, path: string): BtfMember | undefined {
    const key = `${type} ${path}`;
    if (this.#members.has(key)) return this.#members.get(key);
    let id = this.#structure(type);
    let bit = 0;
    let found: { readonly bit: number; readonly bits: number; readonly type: number } | undefined;
    for (const name of path.split(".")) {
      found = this.#findMember(this.#withoutArrays(id), name, new Set());
      if (found === undefined) break;
      bit += found.bit;
      id = found.type;
    }
    const member = found && this.#describe(bit, found.bits, id);
    this.#members.set(key, member);
    return member;
  }

  /** @param looked structures that are known not to have it, so that no cycle is followed. */
  #findMember(
    structure: number,
    name: string,
    looked: Set<number>,
  ): { readonly bit: number; readonly bits: number; readonly type: number } | undefined {
    const kind = this.#types.kind(structure);
    if ((kind !== STRUCT && kind !== UNION) || looked.has(structure)) return undefined;
    looked.add(structure);
    const count = this.#types.elementCount(structure);
    for (let index = 0; index < count; index++) {
      const member = this.#types.memberAt(structure, index);
      if (member.name === name) return member;
      if (member.name !== "") continue;
      const inside = this.#findMember(this.#resolve(member.type), name, looked);
      if (inside !== undefined) return { ...inside, bit: member.bit + inside.bit };
    }
    return undefined;
  }

  #describe(bit: number, bits: number, type: number): BtfMember {
    const resolved = this.#resolve(type);
    let first = bit;
    let width = bits;
    if (width === 0 && this.#types.kind(resolved) === INT) {
      // Bit fields of older pahole: an INT of its own with less bits than bytes hold.
      const int = this.#types.intBits(resolved);
      if (int.bits !== 0 && int.bits !== this.#types.size(resolved) * 8) {
        width = int.bits;
        first += int.shift;
      }
    }
    const offset = Math.floor(first / 8);
    if (width === 0) {
      return { offset, bytes: this.#sizeOfType(type), bitField: undefined, type };
    }
    const shift = first % 8;
    const bytes = Math.ceil((shift + width) / 8);
    return { offset, bytes, bitField: { shift, bits: width }, type };
  }

  #sizeOfType(type: number): number {
    let id = type;
    let factor = 1;
    for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
      id = this.#resolve(id);
      const kind = this.#types.kind(id);
      if (kind === PTR) return factor * this.#pointerBytes;
      if (HAS_SIZE.has(kind)) return factor * this.#types.size(id);
      if (kind !== ARRAY) return 0; // A function or void, as GCC's sizeof almost has it.
      const { element, count } = this.#types.array(id);
      factor *= count;
      id = element;
      if (!Number.isSafeInteger(factor)) throw bad(`array ${id} is larger than any memory`);
    }
    throw bad(`type ${type} is an array of arrays without end`);
  }

  /** What a typedef or qualified type is in the end. */
  #resolve(type: number): number {
    let id = type;
    for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
      if (!IS_ALIAS.has(this.#types.kind(id))) return id;
      id = this.#types.target(id);
    }
    throw bad(`type ${type} stands for itself`);
  }

  #withoutArrays(type: number): number {
    let id = this.#resolve(type);
    for (let steps = 0; this.#types.kind(id) === ARRAY; steps++) {
      if (steps === LONGEST_CHAIN) throw bad(`type ${type} is an array of arrays without end`);
      id = this.#resolve(this.#types.array(id).element);
    }
    return id;
  }

  #readVariables(): ReadonlyMap<string, BtfVariable> {
    const variables = new Map<string, BtfVariable>();
    for (let id = 1; id < this.#types.count; id++) {
      if (this.#types.kind(id) !== DATASEC) continue;
      const section = this.#types.name(id);
      const count = this.#types.elementCount(id);
      for (let index = 0; index < count; index++) {
        const { variable, offset, bytes } = this.#types.variableAt(id, index);
        if (this.#types.kind(variable) !== VAR) continue;
        const type = this.#types.target(variable);
        setIfNew(variables, this.#types.name(variable), { offset, bytes, section, type });
      }
    }
    return variables;
  }

  #readEnumerators(): ReadonlyMap<string, bigint> {
    const enumerators = new Map<string, bigint>();
    for (let id = 1; id < this.#types.count; id++) {
      const kind = this.#types.kind(id);
      if (kind !== ENUM && kind !== ENUM64) continue;
      const count = this.#types.elementCount(id);
      for (let index = 0; index < count; index++) {
        const { name, value } = this.#types.enumeratorAt(id, index);
        setIfNew(enumerators, name, value);
      }
    }
    return enumerators;
  }
}

const HAS_SIZE: ReadonlySet<number> = new Set([INT, STRUCT, UNION, ENUM, ENUM64, FLOAT, DATASEC]);
const IS_ALIAS: ReadonlySet<number> = new Set([TYPEDEF, CONST, VOLATILE, RESTRICT, TYPE_TAG]);

function setIfNew<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, value);
}
