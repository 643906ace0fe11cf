import { untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { hostTimers } from "../../../emulator/console/timers.js";
import { buildOf, type SourceEditor } from "../build/build-model.js";
import { BuildPanel } from "../build/build-panel.js";
import type { Problem } from "../build/problems.js";
import { courseOf } from "../course/course-model.js";
import { useLab } from "../lab-context.js";
import type { SourceTarget } from "../lab-store.js";
import type { FileState } from "./edited-file.js";
import { EditorNotes } from "./editor-notes.js";
import "./editor-pane.css";
import { EditorStatus } from "./editor-status.js";
import { EditorSurface } from "./editor-surface.js";
import { EditorTabs } from "./editor-tabs.js";
import { type NamedText, OpenFiles } from "./open-files.js";
import { folderOf, HOME, isPatch, isUserPath, nameOf } from "./tab-names.js";
import { WriteOrder } from "./write-order.js";

/** Two versions of the file in front, looked at side by side. */
export interface Comparison {
  readonly path: string;
  readonly before: NamedText;
  readonly after: NamedText;
}

/** How long a message stays below the text, ms. */
const ANNOUNCED_MS = 5000;

/** The sources: the user's own to be edited, the kernel's to be read. */
export function EditorPane(): JSX.Element {
  const lab = useLab();
  const { store, actions } = lab;
  const files = useMemo(() => new OpenFiles(actions, hostTimers()), [actions]);
  const order = useMemo(() => new WriteOrder(actions), [actions]);
  const pane = useRef<HTMLDivElement>(null);
  const announcement = useSignal("");
  const cursor = useSignal({ line: 1, column: 1 });
  const comparison = useSignal<Comparison | undefined>(undefined);
  const differences = useSignal<number | undefined>(undefined);
  const isReady = useComputed(() => store.start.value.phase === "ready").value;

  useEffect(() => () => files[Symbol.dispose](), [files]);
  useEffect(() => () => order[Symbol.dispose](), [order]);
  useEffect(() => {
    const attached = buildOf(lab).attach(sourceEditor(files));
    return () => attached[Symbol.dispose]();
  }, [lab, files]);
  useEffect(() => {
    if (isReady) {
      files.begin(`${HOME}/${courseOf(lab).selected.peek()}`).catch(() => undefined);
    }
  }, [lab, files, isReady]);
  useSignalEffect(() => {
    const section = courseOf(lab).selected.value;
    // The files of the section that one is at, but nobody is pulled away from what they type.
    const isTyping = pane.current?.querySelector(".cm-focused") != null;
    if (isTyping) return;
    untracked(() => files.openFolder(`${HOME}/${section}`)).catch(() => undefined);
  });
  useSignalEffect(() => {
    const target = store.target.value;
    if (target === undefined) return;
    comparison.value = undefined;
    announcement.value = announcementOf(target, buildOf(lab).current.peek());
    // What it looks at on its way is no reason to show the place again.
    untracked(() => files.show(target)).catch(() => undefined);
  });
  useSignalEffect(() => {
    if (announcement.value === "") return;
    const timer = setTimeout(() => {
      announcement.value = "";
    }, ANNOUNCED_MS);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    const save = (): void => void files.saveAll();
    addEventListener("pagehide", save);
    document.addEventListener("visibilitychange", save);
    return () => {
      removeEventListener("pagehide", save);
      document.removeEventListener("visibilitychange", save);
    };
  }, [files]);

  const active = files.active.value;
  if (comparison.value !== undefined && comparison.value.path !== active) {
    comparison.value = undefined;
  }
  if (active === undefined) {
    const isEmpty = files.folder.value !== "";
    return (
      <div class="editor-pane" ref={pane}>
        {isEmpty && <EditorTabs files={files} />}
        <p class="editor-pane__empty">
          {isEmpty
            ? "This folder has no file to be edited. The menu above makes one, or takes yours."
            : "The sources appear here when the lab has started."}
        </p>
      </div>
    );
  }
  return (
    <div class="editor-pane" ref={pane}>
      <EditorTabs files={files} />
      <div
        class="editor-pane__panel"
        id="editor-panel"
        role="tabpanel"
        aria-labelledby="editor-tab-active"
      >
        <EditorNotes
          key={active}
          path={active}
          content={files.content.value}
          comparison={comparison}
          order={order}
        />
        <EditorSurface
          files={files}
          comparison={comparison}
          onCursor={(line, column) => {
            cursor.value = { line, column };
          }}
          differences={differences}
        />
      </div>
      <BuildPanel />
      <EditorStatus
        content={files.content.value}
        differences={differences.value}
        cursor={cursor}
        announcement={announcement}
      />
    </div>
  );
}

/** What a place in front is: where it is, or what is wrong there. */
function announcementOf(target: SourceTarget, problem: Problem | undefined): string {
  const { path, line, column } = problem?.place ?? {};
  const isThere = path === target.path && line === target.line && column === target.column;
  if (problem !== undefined && isThere) return `${problem.severity}: ${problem.message}`;
  if (isPatch(target.path)) return "Your change, beside the course’s";
  return `${nameOf(target.path)}, line ${target.line}`;
}

/** What is built is what the editor shows. */
function sourceEditor(files: OpenFiles): SourceEditor {
  return {
    get shown() {
      const path = files.active.peek() ?? "";
      const folder = isUserPath(path) ? folderOf(path) : files.folder.peek();
      return folder === "" ? undefined : { folder, path };
    },
    save: async (folder) => {
      await files.saveAll();
      // What is typed from now on is for the next build.
      return files.edited
        .peek()
        .filter(({ path, state }) => folderOf(path) === folder && isStuck(state.peek()))
        .map(({ path }) => nameOf(path));
    },
  };
}

/** Somebody has to do something before it is written. */
function isStuck({ kind }: FileState): boolean {
  return kind === "conflict" || kind === "removed" || kind === "failed";
}
