import { describe, expect, it } from "vitest";
import type { CodePlace, CodeSymbol } from "../debug-info.js";
import type { FunctionRecord } from "../function-record.js";
import { indexFunctions } from "./index-functions.js";

/** Sections 1 and 2 begin here, counted from the base address. */
const SECTION_STARTS = [0, 0, 0x1000];

function symbol(name: string, section: number, offset: number, size: number): CodeSymbol {
  return { name, place: { section, offset }, size };
}

/** A record with one line, and perhaps an inlined call over its first two bytes. */
function record(name: string, section: number, start: number, size: number, call?: string) {
  const inlined = { callFile: "a.c", callLine: 9, callColumn: 1, inlined: [] };
  return {
    name,
    section,
    start,
    size,
    rows: [{ offset: 0, file: "a.c", line: start + 1, column: 2 }],
    inlined: call === undefined ? [] : [{ name: call, ranges: [[0, 2] as const], ...inlined }],
  };
}

function index(symbols: readonly CodeSymbol[], records: readonly FunctionRecord[]) {
  const covers = ({ place, size }: CodeSymbol, at: CodePlace): boolean =>
    place.section === at.section && place.offset <= at.offset && at.offset < place.offset + size;
  return indexFunctions(
    {
      functions: () => records,
      symbols: () => symbols,
      symbolAt: (at) => symbols.findLast((candidate) => covers(candidate, at)),
    },
    (section) => SECTION_STARTS[section] ?? 0,
  );
}

const unknown = { file: "??", line: 0, column: 0 };

describe("indexFunctions", () => {
  it("takes symbols and their lines, counted from the base address", () => {
    const { functions } = index(
      [symbol("f", 1, 0, 8), symbol("g", 2, 4, 6)],
      [record("f", 1, 0, 8), record("g", 2, 4, 6, "inner")],
    );
    expect(functions).toMatchObject([
      {
        name: "f",
        start: 0,
        size: 8,
        rows: [
          { offset: 0, line: 1 },
          { offset: 8, ...unknown },
        ],
      },
      { name: "g", start: 0x1004, size: 6, inlined: [{ name: "inner", ranges: [[0, 2]] }] },
    ]);
  });

  it("adds the lines of the padding to the function in front of it", () => {
    const { functions } = index(
      [symbol("f", 1, 0, 8), symbol("g", 1, 0x10, 8)],
      [record("f", 1, 0, 8), record("??", 1, 8, 4), record("g", 1, 0x10, 8)],
    );
    expect(functions[0]).toMatchObject({ name: "f", size: 8 });
    expect(functions[0]?.rows).toEqual([
      { offset: 0, file: "a.c", line: 1, column: 2 },
      { offset: 8, file: "a.c", line: 9, column: 2 },
      { offset: 12, ...unknown },
    ]);
    expect(functions.map(({ name }) => name)).toEqual(["f", "g"]);
  });

  it("joins the parts of one symbol", () => {
    const { functions } = index(
      [symbol("f", 1, 4, 12)],
      [record("f", 1, 4, 4, "first"), record("f", 1, 12, 4, "second")],
    );
    expect(functions).toHaveLength(1);
    expect(functions[0]?.rows.map(({ offset, line }) => [offset, line])).toEqual([
      [0, 5],
      [4, 0],
      [8, 13],
      [12, 0],
    ]);
    expect(functions[0]?.inlined.map(({ ranges }) => ranges)).toEqual([[[0, 2]], [[8, 10]]]);
  });

  it("takes functions that no symbol covers by their own name", () => {
    const { functions } = index(
      [symbol("f", 1, 0, 8)],
      [record("f", 1, 0, 8), record("weak", 1, 8, 4)],
    );
    expect(functions.map(({ name, start, size }) => [name, start, size])).toEqual([
      ["f", 0, 8],
      ["weak", 8, 4],
    ]);
  });

  it("tells the further names of a place apart from the one that debuggers pick", () => {
    const { functions, aliases } = index(
      [symbol("_text", 1, 0, 8), symbol("_stext", 1, 0, 8), symbol("f", 1, 0, 8)],
      [record("f", 1, 0, 8)],
    );
    expect(functions.map(({ name }) => name)).toEqual(["f"]);
    expect(aliases).toEqual([
      { name: "_text", start: 0 },
      { name: "_stext", start: 0 },
    ]);
  });

  it("has no rows where only the symbol is known", () => {
    const bare = { ...record("f", 1, 0, 8), rows: [{ offset: 0, ...unknown }] };
    expect(index([symbol("f", 1, 0, 8)], [bare]).functions[0]?.rows).toEqual([]);
  });
});
