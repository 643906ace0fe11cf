import { type ReadonlySignal, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** public/start-up.js reads it before the first paint. */
const KEY = "kspace.theme";

/** Light or dark, by the person's choice or the system's. */
export class ThemeChoice {
  readonly #choice = signal<Theme>("system");
  readonly choice: ReadonlySignal<Theme> = this.#choice;
  /** Changes whenever the colours do: for what cannot follow CSS by itself. */
  readonly #changes = signal(0);
  readonly changes: ReadonlySignal<number> = this.#changes;

  constructor() {
    const { theme } = document.documentElement.dataset;
    this.#choice.value = theme === "light" || theme === "dark" ? theme : "system";
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#changes.value++;
    });
  }

  /** What is seen now, whoever chose it. */
  get isDark(): boolean {
    const choice = this.#choice.value;
    if (choice !== "system") return choice === "dark";
    // Read, so that who renders by it does so again.
    this.#changes.value;
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  choose(theme: Theme): void {
    this.#choice.value = theme;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    this.#changes.value++;
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Without storage it lasts as long as the page.
    }
  }
}
