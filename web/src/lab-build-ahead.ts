import { computed, effect } from "@preact/signals";
import type { FileEvent } from "../../emulator/browser/protocol.js";
import { courseOf } from "./course/course-model.js";
import type { PageLab } from "./lab-context.js";
import { isMetered } from "./offline/metered.js";

const SOURCE = /(\.[ch]|\/Makefile)$/;

/**
 * Fetches what builds need when one is near: when the section that is shown has a step to do that
 * edits or builds, or a source was written in the page. So the person seldom waits for 12 MB.
 */
export function prepareBuildsAhead(lab: PageLab): void {
  if (isMetered()) return;
  const { store, actions } = lab;
  const course = courseOf(lab);
  const isReady = computed(() => store.start.value.phase === "ready");
  const isAtBuild = computed(() => {
    const { sections } = course.progress.value;
    const shown = sections.find(({ section }) => section.id === course.selected.value);
    const toDo = shown?.steps.filter(({ state }) => state !== "done") ?? [];
    return toDo.some(({ action }) => action?.kind === "edit" || action?.kind === "build");
  });
  effect(() => {
    if (isReady.value && isAtBuild.value) actions.prepareBuilds();
  });
  actions.onFiles((files) => {
    if (isReady.peek() && files.some(isEdit)) actions.prepareBuilds();
  });
}

function isEdit({ path, change, origin }: FileEvent): boolean {
  return change === "written" && origin === "host" && SOURCE.test(path);
}
