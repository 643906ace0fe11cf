import { expect, type Locator, type Page } from "@playwright/test";

export type PaneName = "Course" | "Terminal" | "Editor" | "Kernel";

/** A restored machine answers within a second; the rest is for a machine that is busy. */
const START_MS = 30_000;
/** A program in the guest, on a busy machine. */
const GUEST_MS = 20_000;
/** How often something is looked at that the page does not wait for by itself. */
const LOOK_MS = [50, 50, 100];

/** The page, by what a person sees and a screen reader says. */
export class LabPage {
  readonly page: Page;
  /** What the machine does. */
  readonly gauge: Locator;
  /** What is wrong with the machine. */
  readonly banner: Locator;
  readonly notices: Locator;
  readonly terminal: Locator;
  readonly terminalInput: Locator;

  constructor(page: Page) {
    this.page = page;
    this.gauge = page.getByRole("group", { name: "Machine" });
    this.banner = page.getByRole("alert").filter({ has: page.getByRole("button") });
    this.notices = page.getByRole("log", { name: "Notices" });
    this.terminal = this.pane("Terminal");
    this.terminalInput = page.getByRole("textbox", { name: /^Terminal of the guest/ });
  }

  /** Opens the page, and waits for a machine that can be used. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.isReady();
  }

  async isReady(): Promise<void> {
    await expect(this.gauge).toContainText(/Idle|Running/, { timeout: START_MS });
  }

  pane(name: PaneName): Locator {
    const options = { name, exact: true };
    return this.page.getByRole("region", options).or(this.page.getByRole("tabpanel", options));
  }

  /** Brings a pane to the front, where several share a place. */
  async show(name: PaneName): Promise<Locator> {
    const tab = this.page
      .getByRole("tablist", { name: "Panes" })
      .getByRole("tab", { name: new RegExp(`^${name}`) });
    const pane = this.pane(name);
    await expect(tab.or(pane).first()).toBeVisible();
    if (!(await pane.isVisible())) await tab.click();
    await expect(pane).toBeVisible();
    return pane;
  }

  /** The lines that the terminal shows now. */
  async terminalText(): Promise<string> {
    // xterm.js hides its rows from screen readers unless its mode for them is on.
    const rows = await this.page.locator(".xterm-rows > div").allTextContents();
    return rows
      .map((row) => row.replaceAll("\u00a0", " ").trimEnd())
      .join("\n")
      .trimEnd();
  }

  async terminalShows(expected: RegExp, timeout = GUEST_MS): Promise<void> {
    await expect
      .poll(() => this.terminalText(), { timeout, intervals: LOOK_MS, message: "the terminal" })
      .toMatch(expected);
  }

  /** Types a line at the guest's prompt, key by key. */
  async type(line: string): Promise<void> {
    await this.show("Terminal");
    await this.terminalInput.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** Types a line, and waits for what it prints and for the next prompt. */
  async run(line: string, expected: RegExp = /(?:)/, timeout = GUEST_MS): Promise<void> {
    await this.terminalShows(/[$#]$/);
    await this.type("clear");
    await this.terminalShows(/^\S+[$#]$/);
    await this.type(line);
    const prompt = "\\n\\S+:\\S*[$#]$";
    await this.terminalShows(
      new RegExp(`(?=[\\s\\S]*?(?:${expected.source}))[\\s\\S]*${prompt}`, "m"),
      timeout,
    );
  }

  /** Section 4 of the course, once its module is there: its write() makes an oops. */
  async oops(): Promise<void> {
    await this.run("cd ~/4-debugging && sudo insmod ./hello.ko", /hello: loaded/);
    await this.run("./a.out", /^Segmentation fault/);
  }

  /** Section 3 of the course, once its module is there: it takes a lock and never gives it back. */
  async freeze(): Promise<void> {
    await this.type("cd ~/3-locking && sudo insmod ./hello.ko && ./a.out");
    await this.isFrozen();
  }

  async isFrozen(): Promise<void> {
    await expect(this.banner).toContainText("frozen", { timeout: GUEST_MS });
    await expect(this.gauge).toContainText("Frozen");
  }

  async rescue(): Promise<void> {
    await this.banner.getByRole("button", { name: "Rescue" }).click();
    await expect(this.banner).toBeHidden();
    await this.isReady();
  }

  /** Brings a section's folder into the editor. */
  async openFolder(section: string): Promise<Locator> {
    const editor = await this.show("Editor");
    const folder = editor.getByRole("combobox", { name: "Section", exact: true });
    // The editor opens its first file when the machine is there.
    await expect(folder.getByRole("option", { name: section })).toBeAttached();
    await folder.selectOption({ label: section });
    return editor;
  }

  /** The menu of a folder's files, where it is open. */
  get filesMenu(): Locator {
    return this.page.getByRole("region", { name: "Files", exact: true });
  }

  /** Opens the menu of the files in a section's folder. */
  async openFilesMenu(section: string): Promise<Locator> {
    const editor = await this.openFolder(section);
    await editor.getByRole("button", { name: `Files in ~/${section}` }).click();
    await expect(this.filesMenu).toBeVisible();
    return this.filesMenu;
  }

  /** What the files' menu says of what was done last. */
  async filesAre(said: string): Promise<void> {
    await expect(this.filesMenu.getByRole("status").first()).toContainText(said);
  }

  async closeFilesMenu(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.filesMenu).toBeHidden();
  }

  /**
   * Opens a file in the editor by its section's folder and its name.
   * @param label of the text that is shown then, if it is not the file's own
   */
  async openFile(section: string, name: string, label?: string): Promise<Locator> {
    const editor = await this.openFolder(section);
    // Other sections have files of the same name.
    const tab = editor.getByRole("tab").and(editor.getByTitle(`/home/student/${section}/${name}`));
    const others = editor.getByRole("combobox", { name: /^Open another file/ });
    const option = others.getByRole("option", { name, exact: true });
    await expect(tab.or(option).first()).toBeAttached();
    if ((await tab.count()) > 0) await tab.click();
    else await others.selectOption({ label: name });
    await expect(tab).toHaveAttribute("aria-selected", "true");
    const text = editor.getByRole("textbox", {
      name: label ?? new RegExp(`/${section}/${name}\\b`),
    });
    await expect(text).toBeVisible();
    return text;
  }

  /** Adds a line at the end of a file, by typing it into the editor. */
  async editFile(section: string, name: string, line: string): Promise<void> {
    const text = await this.openFile(section, name);
    await text.focus();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
    await expect(text).toContainText(line);
    await expect(this.pane("Editor").getByText("Saved", { exact: true })).toBeVisible();
  }

  /** The tab of a section, which also says how far it is done. */
  section(number: number): Locator {
    const tabs = this.page.getByRole("tablist", { name: "Sections of the course" });
    return tabs.getByRole("tab", { name: new RegExp(`^${number}\\b`) });
  }

  async isSectionDone(number: number): Promise<void> {
    await expect(this.section(number)).toHaveAccessibleName(/, (\d+) of \1 steps done$/);
  }

  /** A step of the section that is shown: its title, with how it stands. */
  step(number: number, status: "next" | "done" | "done early" | "open"): Locator {
    const name = new RegExp(`^Step ${number}, ${status}:`);
    return this.pane("Course").getByRole("button", { name });
  }

  /** What does the step that comes next; of one that edits, what makes the edit. */
  nextStepAction(): Locator {
    const step = this.pane("Course").locator("[aria-current=step]");
    return step
      .getByRole("button", { name: /^(Type at the terminal|Open|Show|Rescue|Build)/ })
      .and(this.page.locator(":not(.step-actions) > button"))
      .or(step.getByRole("button", { name: "Do it for me" }));
  }

  /** Clicks on a link in the terminal's screen. */
  async clickLinkInTerminal(text: RegExp): Promise<void> {
    const { x, y } = await this.pointAtTerminal(text);
    // What is under the pointer is a link.
    await expect(this.page.locator(".xterm-cursor-pointer")).toBeAttached();
    await this.page.mouse.click(x, y);
  }

  /** Moves the pointer to the last line of the terminal's screen that holds a text. */
  async pointAtTerminal(text: RegExp): Promise<{ readonly x: number; readonly y: number }> {
    // xterm.js lies over its rows and finds out by itself what is under the pointer.
    const row = this.page.locator(".xterm-rows > div").filter({ hasText: text }).last();
    const box = await row.boundingBox();
    if (box === null) throw new Error(`The terminal does not show ${text}.`);
    const [x, y] = [box.x + 20, box.y + box.height / 2];
    await this.page.mouse.move(x - 10, y);
    await this.page.mouse.move(x, y);
    return { x, y };
  }
}
