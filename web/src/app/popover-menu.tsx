import type { ComponentChildren, JSX, TargetedToggleEvent } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "../icons.js";
import "./popover-menu.css";

interface PopoverMenuProps {
  readonly icon: IconName;
  readonly name: string;
  /** Shown beside the icon where there is room. */
  readonly word?: string;
  readonly children: ComponentChildren;
}

const GAP_PX = 4;
const MARGIN_PX = 8;
/** A panel takes all of a window that is narrower. */
const NARROW_PX = 700;

/**
 * A button with a panel under it. The panel is a popover: the browser closes it by Escape and by
 * a click elsewhere, and gives the focus back.
 */
export function PopoverMenu({ icon, name, word, children }: PopoverMenuProps): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);

  // Under its button, and within the window: CSS anchors are not in all browsers yet.
  const place = (event: TargetedToggleEvent<HTMLElement>): void => {
    const anchor = button.current?.getBoundingClientRect();
    if (event.newState !== "open" || anchor === undefined) return;
    const panel = event.currentTarget;
    const width = document.documentElement.clientWidth;
    const top = anchor.bottom + GAP_PX;
    panel.style.top = `${top}px`;
    panel.style.maxHeight = `calc(100dvh - ${top + MARGIN_PX}px)`;
    panel.style.right = `${width < NARROW_PX ? MARGIN_PX : width - anchor.right}px`;
  };

  return (
    <>
      <button
        type="button"
        class={word === undefined ? "icon-button" : "button button--quiet"}
        aria-label={name}
        title={name}
        popovertarget={id}
        ref={button}
      >
        <Icon name={icon} />
        {word !== undefined && <span class="header__word">{word}</span>}
      </button>
      <div id={id} class="popover-menu" popover="auto" onBeforeToggle={place}>
        {children}
      </div>
    </>
  );
}
