import { computed, type ReadonlySignal, signal } from "@preact/signals";

export type Pane = "course" | "terminal" | "editor" | "kernel";

/** How many panes the window has room for. */
export type Layout = "narrow" | "medium" | "wide" | "full";

/** From left to right and downwards, as one reads them: that is the way of the focus, too. */
export const PANES: readonly Pane[] = ["course", "editor", "kernel", "terminal"];

/** Panes that share one place, of which one is shown. */
export type PaneGroup = readonly Pane[];

const GROUPS: Readonly<Record<Layout, readonly PaneGroup[]>> = {
  narrow: [["course", "terminal", "editor", "kernel"]],
  medium: [["course", "editor", "kernel"], ["terminal"]],
  wide: [["course"], ["editor", "kernel"], ["terminal"]],
  full: [["course"], ["editor"], ["terminal"], ["kernel"]],
};

/** Which panes are shown. In each group it is the one that was last asked for. */
export class Panes {
  readonly #layout = signal<Layout>("wide");
  /** The last one asked for is the first. */
  readonly #recent = signal<readonly Pane[]>(["course", "editor", "terminal", "kernel"]);

  readonly layout: ReadonlySignal<Layout> = this.#layout;
  readonly shown: ReadonlySignal<ReadonlySet<Pane>> = computed(() => {
    const first = (group: PaneGroup) => this.#recent.value.find((pane) => group.includes(pane));
    return new Set(GROUPS[this.#layout.value].flatMap((group) => first(group) ?? []));
  });
  /** The panes that tabs switch between; empty where all have room. */
  readonly tabs: ReadonlySignal<PaneGroup> = computed(
    () => GROUPS[this.#layout.value].find((group) => group.length > 1) ?? [],
  );

  setLayout(layout: Layout): void {
    this.#layout.value = layout;
  }

  /** May be called in an effect, which then does not run again when another pane is shown. */
  show(pane: Pane): void {
    this.#recent.value = [pane, ...this.#recent.peek().filter((other) => other !== pane)];
  }
}
