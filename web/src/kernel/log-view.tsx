import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import {
  KERNEL_LOG_LEVEL_NAMES,
  type KernelLogLevel,
} from "../../../emulator/console/kernel-log.js";
import { useLab } from "../lab-context.js";
import { CopyButton } from "./copy-button.js";
import { EVERYTHING, filterLog } from "./log-filter.js";
import { LogRows } from "./log-rows.js";
import { logAsText } from "./log-text.js";
import "./log-view.css";
import { useEachFrame } from "./use-each-frame.js";
import { useIsSeen } from "./use-is-seen.js";

/** The choices, and what they let pass; the kernel's names tell the levels apart in the rows. */
const LEVELS: readonly (readonly [KernelLogLevel, string])[] = [
  [7, "All levels"],
  [6, `${KERNEL_LOG_LEVEL_NAMES[6]} and worse`],
  [5, `${KERNEL_LOG_LEVEL_NAMES[5]} and worse`],
  [4, `${KERNEL_LOG_LEVEL_NAMES[4]} and worse`],
  [3, `${KERNEL_LOG_LEVEL_NAMES[3]} and worse`],
  [2, `${KERNEL_LOG_LEVEL_NAMES[2]} and worse`],
];

/** The kernel's messages as they come. */
export function LogView(): JSX.Element {
  const { store } = useLab();
  const [place, isSeen] = useIsSeen<HTMLDivElement>();
  const records = useEachFrame(store.kernelLog, isSeen);
  const [filter, setFilter] = useState(EVERYTHING);
  const shown = useMemo(() => filterLog(records, filter), [records, filter]);
  const isFiltered = shown !== records;
  const count = isFiltered
    ? `${shown.length.toLocaleString("en")} of ${records.length.toLocaleString("en")} messages`
    : `${records.length.toLocaleString("en")} message${records.length === 1 ? "" : "s"}`;
  return (
    <div class="log-view" ref={place}>
      <div class="log-view__controls">
        <input
          class="field log-view__search"
          type="search"
          placeholder="Filter"
          aria-label="Show messages with this text"
          value={filter.text}
          onInput={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
        />
        <select
          class="field"
          aria-label="Show messages of this level"
          value={filter.level}
          onChange={({ currentTarget }) =>
            setFilter({ ...filter, level: Number(currentTarget.value) as KernelLogLevel })
          }
        >
          {LEVELS.map(([level, title]) => (
            <option key={level} value={level}>
              {title}
            </option>
          ))}
        </select>
        <CopyButton label="Copy" text={() => logAsText(shown)} />
        <span class="log-view__count">{count}</span>
      </div>
      <LogRows
        records={shown}
        whenEmpty={
          records.length === 0
            ? "The kernel's messages appear here when it starts."
            : "No message of the kernel's matches the filter."
        }
      />
    </div>
  );
}
