import { describe, expect, it } from "vitest";
import { abbreviations, CODE, openDwarf, unit } from "../test-support/dwarf-builder.js";
import { ByteWriter } from "../test-support/elf-builder.js";
import {
  DW_AT_comp_dir,
  DW_AT_stmt_list,
  DW_FORM_sec_offset,
  DW_FORM_string,
} from "./constants.js";
import { type LineTable, ROW_ENDS_SEQUENCE, ROW_IS_STATEMENT } from "./line-table.js";

const DW_TAG_compile_unit = 0x11;

interface HeaderPlan {
  readonly minimumInstructionLength?: number;
  readonly maximumOperations?: number;
  readonly lineBase?: number;
  readonly lineRange?: number;
  readonly opcodeBase?: number;
}

/** Operands of the standard opcodes, DWARF 5, 7.22; and two of an opcode 13. */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2];

/** A program of version 4 with the files `/src/dir/one.c`, `/src/two.c` and `/abs/three.c`. */
function run(program: ByteWriter, plan: HeaderPlan = {}): LineTable {
  const { opcodeBase = 13 } = plan;
  const rest = new ByteWriter()
    .u8(plan.minimumInstructionLength ?? 1, plan.maximumOperations ?? 1, 1)
    .u8(plan.lineBase ?? -5, plan.lineRange ?? 14, opcodeBase, ...OPERANDS.slice(0, opcodeBase - 1))
    .string("dir")
    .u8(0)
    .string("one.c")
    .u8(1, 0, 0)
    .string("two.c")
    .u8(0, 0, 0)
    .string("/abs/three.c")
    .u8(1, 0, 0)
    .u8(0);
  const content = new ByteWriter().u16(4).sized(rest).bytes(program.finish());
  return read(new ByteWriter().sized(content));
}

function read(line: ByteWriter): LineTable {
  const file = openDwarf({
    abbrev: abbreviations({
      tag: DW_TAG_compile_unit,
      attributes: [
        [DW_AT_comp_dir, DW_FORM_string],
        [DW_AT_stmt_list, DW_FORM_sec_offset],
      ],
    }),
    info: unit(4, new ByteWriter().uleb(1).string("/src").u32(0)),
    line,
  });
  const [first] = file.dwarf.units;
  const table = first && file.dwarf.lineTable(first);
  if (table === undefined) throw new Error("The unit has no line table.");
  return table;
}

/** Address from {@link CODE} on, file, line, column, and what the flags say. */
function rowsOf({ rows }: LineTable): unknown[] {
  return Array.from({ length: rows.count }, (_, row) => {
    const flags = rows.flags[row] ?? 0;
    const words = [
      ...((flags & ROW_IS_STATEMENT) !== 0 ? ["statement"] : []),
      ...((flags & ROW_ENDS_SEQUENCE) !== 0 ? ["end"] : []),
    ];
    const address = (rows.addresses[row] ?? 0) - CODE;
    return [address, rows.files[row], rows.lines[row], rows.columns[row], words.join(" ")];
  });
}

const setAddress = (writer: ByteWriter, address: number): ByteWriter =>
  writer.u8(0, 5, 2).u32(address);

describe("runLineProgram", () => {
  it("runs the example of the standard (DWARF 5, D.5)", () => {
    const program = setAddress(new ByteWriter(), CODE + 0x239);
    // The bytes of figure D.32, with an opcode base of 10, a line base of 1 and a range of 15.
    program.u8(2).uleb(0).u8(0x12, 0x7a, 0x7b, 0x7f, 0x1c).u8(2).uleb(3).u8(0, 1, 1);
    const table = run(program, { lineBase: 1, lineRange: 15, opcodeBase: 10 });
    // Lines 3, 5, 6 and so on: 0x12 - 10 = 8 is line 1 + 8 % 15 + 1.
    const expected = [0x12, 0x7a, 0x7b, 0x7f, 0x1c].reduce<[number, number][]>((rows, opcode) => {
      const [address, line] = rows.at(-1) ?? [0x239, 1];
      const adjusted = opcode - 10;
      rows.push([address + Math.floor(adjusted / 15), line + 1 + (adjusted % 15)]);
      return rows;
    }, []);
    const rows = rowsOf(table);
    expect(rows.slice(0, -1)).toEqual(
      expected.map(([address, line]) => [address, 1, line, 0, "statement"]),
    );
    const last = expected.at(-1);
    expect(rows.at(-1)).toEqual([(last?.[0] ?? 0) + 3, 1, last?.[1], 0, "statement end"]);
  });

  it("runs every standard opcode", () => {
    const program = setAddress(new ByteWriter(), CODE)
      .u8(3)
      .sleb(99) // advance_line
      .u8(4)
      .uleb(2) // set_file
      .u8(5)
      .uleb(7) // set_column
      .u8(1) // copy
      .u8(6) // negate_stmt
      .u8(2)
      .uleb(16) // advance_pc
      .u8(3)
      .sleb(-50)
      .u8(7, 10, 11) // set_basic_block, set_prologue_end, set_epilogue_begin
      .u8(12)
      .uleb(300) // set_isa
      .u8(1)
      .u8(8) // const_add_pc: (255 - opcode base) / line range
      .u8(1)
      .u8(9)
      .u16(0x100) // fixed_advance_pc
      .u8(0, 2, 4)
      .uleb(3) // set_discriminator
      .u8(1)
      .u8(0, 1, 1); // end_sequence
    expect(rowsOf(run(program))).toEqual([
      [0, 2, 100, 7, "statement"],
      [16, 2, 50, 7, ""],
      [33, 2, 50, 7, ""],
      [289, 2, 50, 7, ""],
      [289, 2, 50, 7, "end"],
    ]);
  });

  it("passes over opcodes that it does not know", () => {
    const program = setAddress(new ByteWriter(), CODE)
      .u8(13)
      .uleb(500)
      .uleb(600)
      .u8(0, 4, 0x80, 1, 2, 3)
      .u8(0, 0)
      .u8(1, 0, 1, 1);
    expect(rowsOf(run(program, { opcodeBase: 14 }))).toHaveLength(2);
  });

  it("counts instructions longer than a byte, and several operations of one", () => {
    const program = (): ByteWriter =>
      setAddress(new ByteWriter(), CODE).u8(2).uleb(3).u8(1).u8(2).uleb(2).u8(1, 0, 1, 1);
    const addresses = (plan: HeaderPlan): unknown[] =>
      rowsOf(run(program(), plan)).map((row) => (row as unknown[])[0]);
    expect(addresses({ minimumInstructionLength: 4 })).toEqual([12, 20, 20]);
    // DWARF 5, 6.2.5.1: 3 operations are one instruction of 2 and a half; 5 are two and a half.
    expect(addresses({ minimumInstructionLength: 4, maximumOperations: 2 })).toEqual([4, 8, 8]);
  });

  it("does not move for a line range of 0", () => {
    const program = setAddress(new ByteWriter(), CODE).u8(200, 8, 1, 0, 1, 1);
    expect(rowsOf(run(program, { lineRange: 0 }))).toHaveLength(3);
  });

  it("joins the names of files with their folders", () => {
    const table = run(new ByteWriter());
    expect([0, 1, 2, 3, 4].map((file) => table.path(file))).toEqual([
      undefined,
      "/src/dir/one.c",
      "/src/two.c",
      "/abs/three.c",
      undefined,
    ]);
  });

  it("takes files that the program defines", () => {
    const defined = new ByteWriter().u8(3).string("late.c").u8(0, 0, 0);
    const program = new ByteWriter().u8(0).uleb(defined.length).bytes(defined.finish());
    expect(run(program).path(4)).toBe("/src/late.c");
  });

  it("finds rows in sequences that are not in order, and none between them", () => {
    const program = setAddress(new ByteWriter(), CODE + 100).u8(1, 2, 10, 0, 1, 1);
    setAddress(program, CODE + 50)
      .u8(3)
      .sleb(8)
      .u8(1, 1, 2, 20, 0, 1, 1);
    const table = run(program);
    const lineAt = (offset: number): number | undefined => {
      const row = table.rowAt(CODE + offset);
      return row === undefined ? undefined : table.rows.lines[row];
    };
    expect([49, 50, 69, 70, 99, 100, 109, 110].map(lineAt)).toEqual([
      undefined,
      9,
      9,
      undefined,
      undefined,
      1,
      1,
      undefined,
    ]);
    // Of two rows at one address the last counts.
    expect(table.rowAt(CODE + 60)).toBe(3);
  });
});

describe("tables of DWARF 5", () => {
  /** Columns of name and folder; an MD5 sum besides for files. */
  function version5(files: ByteWriter): ByteWriter {
    const rest = new ByteWriter()
      .u8(1, 1, 1, -5, 14, 13, ...OPERANDS.slice(0, 12))
      .u8(1, 1, 8) // directories: DW_LNCT_path, DW_FORM_string
      .u8(2)
      .string("/build")
      .string("include")
      .bytes(files.finish());
    return new ByteWriter().sized(new ByteWriter().u16(5).u8(4, 0).sized(rest));
  }

  it("counts files and folders from 0, and passes over other columns", () => {
    const files = new ByteWriter().u8(3, 1, 8, 2, 0x0b, 5, 0x1e).u8(3);
    for (const [name, folder] of [
      ["main.c", 0],
      ["types.h", 1],
      ["/abs.h", 1],
    ] as const) {
      files.string(name).u8(folder).bytes(new Uint8Array(16));
    }
    const table = read(version5(files));
    expect([0, 1, 2, 3].map((file) => table.path(file))).toEqual([
      "/build/main.c",
      "/src/include/types.h",
      "/abs.h",
      undefined,
    ]);
  });

  it("refuses a million files without a byte each", () => {
    expect(() => read(version5(new ByteWriter().u8(0).uleb(1_000_000)))).toThrow("neither name");
    const flags = new ByteWriter().u8(1, 1, 0x19).uleb(1_000_000);
    expect(() => read(version5(flags))).toThrow("form 25");
  });
});
