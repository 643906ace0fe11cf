import type { JSX } from "preact";
import type { Report } from "../../../emulator/reports/report.js";
import "./report-registers.css";

/** What the registers held in kernel mode. */
export function ReportRegisters({
  registers,
  arch,
}: Pick<Report, "registers" | "arch">): JSX.Element {
  const digits = arch === "x86-64" ? 16 : 8;
  return (
    <dl class="report-registers">
      {[...registers].map(([name, value]) => (
        <div class="report-registers__one" key={name}>
          <dt>{name}</dt>
          <dd>{value.toString(16).padStart(digits, "0")}</dd>
        </div>
      ))}
    </dl>
  );
}
