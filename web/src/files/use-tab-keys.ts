import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface TabKeys {
  /** Other tabs are left alone. */
  readonly isOurs: (path: string) => boolean;
  /** F2 on the tab of a file. */
  readonly onRename: (path: string) => void;
  /** Right-click on it, or the key for that: Menu, Shift+F10. */
  readonly onMenu: (path: string) => void;
}

/** What file managers do on a file, on the editor's tabs. `inside` is something beside them. */
export function useTabKeys(inside: RefObject<HTMLElement | null>, keys: TabKeys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const bar = inside.current?.closest<HTMLElement>(".editor-tabs");
    if (bar == null) return;
    /** The tabs have the paths as their titles. */
    const pathOf = ({ target }: Event): string | undefined => {
      const tab = target instanceof Element ? target.closest<HTMLElement>("[role=tab]") : null;
      return tab !== null && current.current.isOurs(tab.title) ? tab.title : undefined;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const path = event.key === "F2" ? pathOf(event) : undefined;
      if (path === undefined) return;
      event.preventDefault();
      current.current.onRename(path);
    };
    const onContextMenu = (event: MouseEvent): void => {
      const path = pathOf(event);
      if (path === undefined) return;
      event.preventDefault();
      whenReleased(event, () => current.current.onMenu(path));
    };
    bar.addEventListener("keydown", onKeyDown);
    bar.addEventListener("contextmenu", onContextMenu);
    return () => {
      bar.removeEventListener("keydown", onKeyDown);
      bar.removeEventListener("contextmenu", onContextMenu);
    };
  }, [inside]);
}

/**
 * Some systems ask for a menu when the mouse's button goes down; and when it comes up again, the
 * browser closes what was opened by then (HTML Living Standard, "light dismiss").
 */
function whenReleased(event: MouseEvent, then: () => void): void {
  if (event.buttons === 0) then();
  else addEventListener("pointerup", () => setTimeout(then), { once: true, capture: true });
}
