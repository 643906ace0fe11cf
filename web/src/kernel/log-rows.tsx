import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { KernelRecord } from "../../../emulator/console/kernel-log.js";
import { LogLayout } from "./log-layout.js";
import { formatTime, levelName, logAsText } from "./log-text.js";

/** Rows that are drawn above and below what is seen: about a turn of a mouse wheel. */
const SPARE_ROWS = 12;
/** The most messages that are kept drawn for a selection that reaches out of sight. */
const MOST_SELECTED = 2000;
/** Narrower than this, in characters, times are shortened, and the columns are closer. */
const NARROW_COLUMNS = 70;
const LEVEL_COLUMNS = 7;
const WIDE_TIME_COLUMNS = 15;
const NARROW_TIME_COLUMNS = 9;

/** How the text is looked at: all in pixels but the columns. */
interface View {
  readonly rowHeight: number;
  /** Characters that fit beside each other in the whole row. */
  readonly columns: number;
  readonly height: number;
}

const LOOKS = ["emerg", "emerg", "emerg", "err", "warn", "plain", "plain", "debug"] as const;

/** Messages in rows, of which only those that are seen are in the document. */
export function LogRows({
  records,
  whenEmpty,
}: {
  readonly records: readonly KernelRecord[];
  readonly whenEmpty: string;
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, probe] = useView(scroller);
  const [scrolledTo, setScrolledTo] = useState(0);
  const [follows, setFollows] = useState(true);
  const selected = useSelectedRange(scroller);

  const isNarrow = view.columns < NARROW_COLUMNS;
  const timeColumns = isNarrow ? NARROW_TIME_COLUMNS : WIDE_TIME_COLUMNS;
  const textColumns = view.columns - timeColumns - LEVEL_COLUMNS;
  const before = useRef<LogLayout>(undefined);
  const layout = useMemo(
    () => new LogLayout(records, textColumns, before.current),
    [records, textColumns],
  );
  before.current = layout;

  // The end stays in sight, or what is in sight stays where it is: the oldest messages go away
  // above it when there are too many, and all of them when the guest goes back.
  const anchor = useRef<{ readonly sequence: number; readonly offset: number }>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (follows) {
      // More than there is: the browser stops at the end, and need not be asked where that is.
      element.scrollTop = layout.rows * view.rowHeight;
    } else if (anchor.current !== undefined) {
      const index = layout.indexOfSequence(anchor.current.sequence);
      const wanted = layout.firstRowOf(index) * view.rowHeight + anchor.current.offset;
      element.scrollTop = wanted;
      setScrolledTo(wanted);
    }
  }, [layout, view, follows]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < view.rowHeight;
    // Where the end is, is known without being told: one drawing for each frame is enough.
    if (follows && isAtEnd) return;
    const index = layout.indexAt(Math.floor(scrollTop / view.rowHeight));
    anchor.current = {
      sequence: records[index]?.sequence ?? 0,
      offset: scrollTop - layout.firstRowOf(index) * view.rowHeight,
    };
    setScrolledTo(scrollTop);
    setFollows(isAtEnd);
  };

  const onCopy = (event: ClipboardEvent): void => {
    const range = selected.current;
    // Within one message the browser copies what is marked; over several, whole messages.
    if (range === undefined || range.first === range.last) return;
    event.clipboardData?.setData(
      "text/plain",
      logAsText(
        records.slice(layout.indexOfSequence(range.first), layout.indexOfSequence(range.last + 1)),
      ),
    );
    event.preventDefault();
  };

  const end = Math.max(0, layout.rows * view.rowHeight - view.height);
  const top = follows ? end : scrolledTo;
  const first = layout.indexAt(Math.floor(top / view.rowHeight) - SPARE_ROWS);
  const last = layout.indexAt(Math.ceil((top + view.height) / view.rowHeight) + SPARE_ROWS);
  const drawn = withSelected(first, last, selected.current, layout);
  return (
    <>
      <div
        class="log-view__scroller"
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Messages of the kernel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        onScroll={onScroll}
        onCopy={onCopy}
        style={{ "--time-columns": timeColumns, "--level-columns": LEVEL_COLUMNS }}
      >
        <span class="log-view__probe" ref={probe} aria-hidden="true">
          {"0".repeat(100)}
        </span>
        {records.length === 0 && <p class="log-view__empty">{whenEmpty}</p>}
        <div class="log-view__rows" style={{ height: `${layout.rows * view.rowHeight}px` }}>
          {drawn.map((index) => {
            const record = records[index];
            return (
              record !== undefined && (
                <LogRow
                  key={record.sequence}
                  record={record}
                  pieces={layout.piecesOf(index)}
                  top={layout.firstRowOf(index) * view.rowHeight}
                  isNarrow={isNarrow}
                />
              )
            );
          })}
        </div>
      </div>
      {!follows && (
        <button
          type="button"
          class="button log-view__follow"
          onClick={() => {
            setFollows(true);
            scroller.current?.focus();
          }}
        >
          Follow the end
        </button>
      )}
    </>
  );
}

function LogRow({
  record,
  pieces,
  top,
  isNarrow,
}: {
  readonly record: KernelRecord;
  readonly pieces: readonly string[];
  readonly top: number;
  readonly isNarrow: boolean;
}): JSX.Element {
  return (
    <div
      class={`log-view__record log-view__record--${LOOKS[record.level]}`}
      data-sequence={record.sequence}
      style={{ top: `${top}px` }}
    >
      <span class="log-view__time">
        {isNarrow ? record.seconds.toFixed(3).padStart(8) : formatTime(record)}
      </span>
      <span class="log-view__level">{levelName(record)}</span>
      <span class="log-view__text">
        {pieces.map((piece, row) => (
          <span class="log-view__piece" key={row}>
            {piece === "" ? "\u200b" : piece}
          </span>
        ))}
      </span>
    </div>
  );
}

/** What is seen, and what is selected: that would be lost with its rows. */
function withSelected(
  first: number,
  last: number,
  selected: { readonly first: number; readonly last: number } | undefined,
  layout: LogLayout,
): number[] {
  const drawn = new Set<number>();
  if (selected !== undefined && selected.first !== selected.last) {
    const from = layout.indexOfSequence(selected.first);
    const to = layout.indexOfSequence(selected.last);
    if (to - from < MOST_SELECTED) for (let index = from; index <= to; index++) drawn.add(index);
  }
  for (let index = first; index <= last; index++) drawn.add(index);
  return [...drawn].sort((a, b) => a - b);
}

/** How many rows and columns fit, kept up to date. */
function useView(scroller: { readonly current: HTMLDivElement | null }) {
  const probe = useRef<HTMLSpanElement>(null);
  const [view, setView] = useState<View>({ rowHeight: 18, columns: 100, height: 600 });
  useLayoutEffect(() => {
    const element = scroller.current;
    const letters = probe.current;
    if (element === null || letters === null) return;
    const measure = (): void => {
      const { width, height } = letters.getBoundingClientRect();
      const style = getComputedStyle(element);
      const padding = 2 * Number.parseFloat(style.fontSize);
      if (width === 0 || height === 0) return;
      setView({
        rowHeight: height,
        columns: Math.floor(((element.clientWidth - padding) / width) * 100),
        height: element.clientHeight,
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // The font may come later, or change its size with the screen's.
    observer.observe(letters);
    return () => observer.disconnect();
  }, [scroller]);
  return [view, probe] as const;
}

/** The messages that a selection reaches over, by the kernel's numbers. */
function useSelectedRange(scroller: { readonly current: HTMLDivElement | null }) {
  const range = useRef<{ readonly first: number; readonly last: number }>(undefined);
  useEffect(() => {
    const look = (): void => {
      const selection = document.getSelection();
      const ends = [selection?.anchorNode, selection?.focusNode].map((node) =>
        sequenceAt(node, scroller.current),
      );
      const [a, b] = ends;
      range.current =
        selection?.isCollapsed !== false || a === undefined || b === undefined
          ? undefined
          : { first: Math.min(a, b), last: Math.max(a, b) };
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [scroller]);
  return range;
}

function sequenceAt(node: Node | null | undefined, within: Element | null): number | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>("[data-sequence]");
  if (row == null || within?.contains(row) !== true) return undefined;
  return Number(row.dataset.sequence);
}
