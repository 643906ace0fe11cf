import type { JSX } from "preact";
import type { InstructionRow, ListingRow } from "../../../emulator/reports/disassembly/listing.js";
import { formatOperandValues } from "../../../emulator/reports/disassembly/operand-values.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import "./report-listing.css";
import { SourceLink } from "./source-link.js";

/** Code as the disassembler shows it, with the source lines that it comes from. */
export function ReportListing({
  rows,
  label,
}: {
  readonly rows: readonly ListingRow[];
  readonly label: string;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="code-block report-listing" aria-label={label} tabIndex={0}>
      {rows.map((row, index) => (
        <Row key={index} row={row} />
      ))}
    </section>
  );
}

function Row({ row }: { readonly row: ListingRow }): JSX.Element {
  switch (row.kind) {
    case "function":
      return (
        <p class="report-listing__function">
          {`${row.functions.map((name) => `${visible(name)}()`).join(" inlined into ")}:`}
        </p>
      );
    case "source":
      return (
        <p class="report-listing__source">
          <SourceLink location={{ file: row.file, line: row.line, column: 0 }} />
          {row.text !== undefined && <span>{visible(row.text)}</span>}
        </p>
      );
    case "instruction":
      return <Instruction row={row} />;
  }
}

function Instruction({ row }: { readonly row: InstructionRow }): JSX.Element {
  const values = row.values === undefined ? "" : formatOperandValues(row.values);
  const remarks = [row.meaning ?? "", values].filter((remark) => remark !== "");
  return (
    <p
      class={
        row.trapping
          ? "report-listing__instruction report-listing__instruction--trapping"
          : "report-listing__instruction"
      }
    >
      <span class="report-listing__mark">
        <span aria-hidden="true">{row.trapping ? "➤" : ""}</span>
        {row.trapping && <span class="visually-hidden">Here: </span>}
      </span>
      <span class="report-listing__place">{placeOf(row)}</span>
      <span class="report-listing__bytes">{formatBytes(row.bytes)}</span>
      <span class="report-listing__text">
        {row.reference === undefined
          ? visible(row.text)
          : `${visible(row.text.padEnd(6))} <${visible(row.reference)}>`}
        {remarks.length > 0 && (
          <span class="report-listing__remark">{visible(remarks.join("; "))}</span>
        )}
      </span>
    </p>
  );
}

function placeOf({ symbol, offset, address }: InstructionRow): string {
  // The function stands above the rows; its name in each would be noise.
  if (symbol !== undefined && offset !== undefined) return `+0x${offset.toString(16)}`;
  return address === undefined ? "" : address.toString(16);
}

function formatBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
