import { useComputed, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { CoursePanel } from "../course/course-panel.js";
import { CourseStrip } from "../course/course-strip.js";
import { EditorPane } from "../editor/editor-pane.js";
import { KernelPane } from "../kernel/kernel-pane.js";
import { useLab } from "../lab-context.js";
import { TerminalPane } from "../terminal/terminal-pane.js";
import { followWindow } from "./layout.js";
import { PaneTabs } from "./pane-tabs.js";
import { PANES, type Pane } from "./panes.js";
import { Separator } from "./separator.js";
import "./workbench.css";

const CONTENT: Readonly<Record<Pane, { readonly name: string; readonly Content: ComponentType }>> =
  {
    course: { name: "Course", Content: CoursePanel },
    editor: { name: "Editor", Content: EditorPane },
    terminal: { name: "Terminal", Content: TerminalPane },
    kernel: { name: "Kernel", Content: KernelPane },
  };

/**
 * The four panes. All of them are there all the time, so that a terminal keeps its screen and an
 * editor its undo; the layout and the tabs only decide which are shown and where.
 */
export function Workbench(): JSX.Element {
  const { store, panes } = useLab();
  const area = useRef<HTMLElement>(null);
  // It stays the same when more is found out about one, which is no reason to show it again.
  const autopsyId = useComputed(() => store.autopsy.value?.id);
  useEffect(() => followWindow(panes), [panes]);
  useSignalEffect(() => {
    if (store.target.value !== undefined) panes.show("editor");
  });
  useSignalEffect(() => {
    if (store.askedForReports.value > 0) panes.show("kernel");
  });
  useSignalEffect(() => {
    if (autopsyId.value === undefined) return;
    // In the editor's place, beside the course and the terminal; nobody is pulled away from what
    // they write, and a phone's only pane stays what it is.
    const isWriting = document.activeElement?.closest("#pane-editor") != null;
    const hasRoom = panes.layout.peek() === "wide" && !isWriting;
    const isBlocked = store.autopsy.peek()?.autopsy.finding.kind === "blocked";
    if (hasRoom && !isBlocked) panes.show("kernel");
  });
  const layout = panes.layout.value;
  const tabs = panes.tabs.value;
  const shown = panes.shown.value;
  return (
    <main class={`workbench workbench--${layout}`} ref={area}>
      {tabs.length > 0 && <PaneTabs tabs={tabs} />}
      {PANES.map((pane) => {
        const { name, Content } = CONTENT[pane];
        const tabbed = tabs.includes(pane);
        const isShown = shown.has(pane);
        // The course goes on while another pane has its place.
        const hasStrip = isShown && !shown.has("course") && (layout === "narrow" || !tabbed);
        return (
          <section
            key={pane}
            id={`pane-${pane}`}
            class={`workbench__pane workbench__pane--${pane}`}
            role={tabbed ? "tabpanel" : "region"}
            aria-label={name}
            tabIndex={-1}
            hidden={!isShown}
          >
            {hasStrip && <CourseStrip />}
            <Content />
          </section>
        );
      })}
      {(layout === "wide" || layout === "full") && (
        <Separator
          key={`${layout}-course`}
          layout={layout}
          name="course"
          label="Width of the course"
          controls="pane-course"
          orientation="vertical"
          standard={layout === "full" ? 24 : 32}
          min={18}
          max={50}
        />
      )}
      {layout !== "narrow" && (
        <Separator
          key={`${layout}-upper`}
          layout={layout}
          name="upper"
          label="Height of the editor"
          controls="pane-editor"
          orientation="horizontal"
          standard={52}
          min={15}
          max={85}
        />
      )}
      {layout === "full" && (
        <Separator
          key={`${layout}-kernel`}
          layout={layout}
          name="kernel"
          label="Width of the kernel's side"
          controls="pane-kernel"
          orientation="vertical"
          reversed
          standard={30}
          min={18}
          max={45}
        />
      )}
    </main>
  );
}
