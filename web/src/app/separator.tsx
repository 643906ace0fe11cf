import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useMemo } from "preact/hooks";
import { kept } from "./kept.js";
import type { Layout } from "./panes.js";
import "./separator.css";

interface SeparatorProps {
  /** Also the name of the CSS variable with the size: `--split-NAME`. */
  readonly name: string;
  /** What its size is kept for: in another layout it is another one. */
  readonly layout: Layout;
  readonly label: string;
  /** The id of the pane that it resizes. */
  readonly controls: string;
  /** How the line lies: a vertical one moves sideways. */
  readonly orientation: "vertical" | "horizontal";
  /** The pane lies behind the line: moving right makes it smaller. */
  readonly reversed?: boolean;
  /** Sizes in percent of the workbench. */
  readonly standard: number;
  readonly min: number;
  readonly max: number;
}

const STEP_PERCENT = 2;

/**
 * A line between two panes that can be moved with the pointer and the keyboard, as the ARIA
 * Authoring Practices describe a window splitter. Its parent is what the sizes are relative to.
 */
export function Separator(props: SeparatorProps): JSX.Element {
  const { name, layout, orientation, min, max, standard, reversed = false } = props;
  const setting = useMemo(
    () =>
      kept(`split.${layout}.${name}`, standard, (stored) =>
        typeof stored === "number" && stored >= min && stored <= max ? stored : undefined,
      ),
    [layout, name, standard, min, max],
  );
  const size = useSignal(setting.read());

  const resize = (percent: number): void => {
    size.value = Math.min(max, Math.max(min, percent));
    setting.write(size.value);
  };

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const [less, more] =
      orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const direction = reversed ? -1 : 1;
    if (event.key === less) resize(size.value - direction * STEP_PERCENT);
    else if (event.key === more) resize(size.value + direction * STEP_PERCENT);
    else if (event.key === "Home") resize(min);
    else if (event.key === "End") resize(max);
    else if (event.key === "Enter") resize(standard);
    else return;
    event.preventDefault();
  };

  const onPointerMove = (event: TargetedPointerEvent<HTMLElement>): void => {
    const line = event.currentTarget;
    const area = line.parentElement?.getBoundingClientRect();
    if (!line.hasPointerCapture(event.pointerId) || area === undefined) return;
    const along =
      orientation === "vertical"
        ? (event.clientX - area.left) / area.width
        : (event.clientY - area.top) / area.height;
    resize(100 * (reversed ? 1 - along : along));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> takes no focus; this separator is moved.
    <div
      class={`separator separator--${orientation} separator--${name}`}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-controls={props.controls}
      aria-orientation={orientation}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={Math.round(size.value)}
      ref={(line) => {
        line?.parentElement?.style.setProperty(`--split-${name}`, `${size.value}%`);
      }}
      onKeyDown={onKeyDown}
      onDblClick={() => resize(standard)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    />
  );
}
