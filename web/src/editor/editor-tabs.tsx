import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { BuildButtons } from "../build/build-buttons.js";
import { FilesMenu } from "../files/files-menu.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { OpenFiles } from "./open-files.js";
import { folderTitle, nameOf, tabTitle } from "./tab-names.js";

/** Which section's files, which of them are open, and which else can be. */
export function EditorTabs({ files }: { readonly files: OpenFiles }): JSX.Element {
  const { store } = useLab();
  const list = useRef<HTMLDivElement>(null);
  const tabs = files.tabs.value;
  const active = files.active.value;
  const folder = files.folder.value;
  const others = files.others.value.filter((path) => !tabs.includes(path));

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({
      block: "nearest",
      inline: "nearest",
    });
  }, [active]);

  const open = (path: string): void => {
    store.open(path);
    void files.open(path);
  };

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const at = tabs.indexOf(active ?? "");
    if (event.key === "Delete" && active !== undefined && files.canClose(active)) {
      void files.close(active);
      return;
    }
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = steps[event.key];
    const path = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (path === undefined) return;
    event.preventDefault();
    open(path);
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]');
    buttons[tabs.indexOf(path)]?.focus();
  };

  return (
    <div class="bar editor-tabs">
      <select
        class="field editor-tabs__folder"
        aria-label="Section"
        value={folder}
        onChange={({ currentTarget }) => void files.openFolder(currentTarget.value)}
      >
        {files.folders.value.map((path) => (
          <option key={path} value={path}>
            {folderTitle(path)}
          </option>
        ))}
      </select>
      <div
        class="tabs editor-tabs__list"
        role="tablist"
        aria-label="Open files"
        ref={list}
        onKeyDown={onKeyDown}
      >
        {tabs.map((path) => {
          const isActive = path === active;
          return (
            <button
              key={path}
              type="button"
              class="tab"
              role="tab"
              id={isActive ? "editor-tab-active" : undefined}
              aria-selected={isActive}
              aria-controls="editor-panel"
              tabIndex={isActive ? 0 : -1}
              title={path}
              onClick={() => open(path)}
            >
              {tabTitle(path, folder)}
            </button>
          );
        })}
      </div>
      {active !== undefined && files.canClose(active) && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Close ${nameOf(active)}`}
          title={`Close ${nameOf(active)}`}
          onClick={() => void files.close(active)}
        >
          <Icon name="close" />
        </button>
      )}
      <span class="bar__space" />
      {others.length > 0 && (
        <select
          class="field editor-tabs__more"
          aria-label="Open another file of this section"
          value=""
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            currentTarget.value = "";
            if (value !== "") open(value);
          }}
        >
          <option value="">Open…</option>
          {others.map((path) => (
            <option key={path} value={path}>
              {nameOf(path)}
            </option>
          ))}
        </select>
      )}
      <FilesMenu files={files} />
      <BuildButtons />
    </div>
  );
}
