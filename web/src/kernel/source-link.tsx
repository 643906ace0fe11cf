import type { JSX } from "preact";
import type { SourceLocation } from "../../../emulator/debuginfo/debug-info.js";
import { formatLocation } from "../../../emulator/reports/report-text.js";
import { useLab } from "../lab-context.js";
import "./source-link.css";

const HOME = "/home/student/";

/** A place in a source: opens it in the editor. */
export function SourceLink({
  location,
}: {
  readonly location: Pick<SourceLocation, "file" | "line" | "column">;
}): JSX.Element {
  const { store } = useLab();
  const { file, line, column } = location;
  return (
    <button
      type="button"
      class="source-link"
      title={file}
      onClick={() =>
        // 0 stands for code of no line or column of its own.
        store.show({ path: file, line: Math.max(1, line), column: Math.max(1, column) })
      }
    >
      {shortLocation(location)}
    </button>
  );
}

function shortLocation(location: Pick<SourceLocation, "file" | "line" | "column">): string {
  const text = formatLocation({ function: "", ...location });
  return text.startsWith(HOME) ? `~/${text.slice(HOME.length)}` : text;
}
