import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./help-dialog.css";
import { describeGuest } from "./machine-text.js";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["Ctrl+S"], "builds the folder of the file in the editor; the file is saved first"],
  [["Ctrl+Enter"], "builds it, loads the module and runs its test program"],
  [["Esc"], "cancels a build or a run, but in the terminal, where programs know it"],
  [["F4", "Shift+F4"], "the next or previous problem that the compiler has found"],
  [["Alt+Enter"], "in the editor: opens the declaration of the function or macro at the cursor"],
  [["F6", "Shift+F6"], "the next or previous pane; the way out of the terminal and the editor"],
  [["F8"], "rescue, when the machine is frozen, panicked or off"],
  [["F2"], "on a tab of the editor: another name for the file; the Menu key: all else"],
  [["Ctrl+C"], "in the terminal: interrupts the program in the guest"],
  [["Ctrl+Shift+C", "Ctrl+Shift+V"], "in the terminal: copy, paste"],
  [["Arrow keys", "Home", "End", "Enter"], "on a line between panes: moves it; Enter sets it back"],
];

/** What the page is and which keys it knows. */
export function HelpDialog(): JSX.Element {
  const { store, theme } = useLab();
  const dialog = useRef<HTMLDialogElement>(null);
  const info = store.info.value;
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Help"
        title="Help"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="help" />
      </button>
      <dialog
        class="help-dialog"
        ref={dialog}
        aria-labelledby="help-title"
        onClick={(event) => {
          // The dialog's own box is filled by its content: a click on it is one beside it.
          if (event.target === event.currentTarget) event.currentTarget.close();
        }}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.close()}
      >
        <div class="help-dialog__content">
          <div class="help-dialog__head">
            <h2 id="help-title">kspace</h2>
            <button
              type="button"
              class="icon-button"
              aria-label="Close"
              onClick={() => dialog.current?.close()}
            >
              <Icon name="close" />
            </button>
          </div>
          <p>
            A real Linux kernel runs in this tab, in an emulated PC. You load modules of your own
            into it, break it, see what it says, and put it back in a fraction of a second.
          </p>
          <HelpPicture isDark={theme.isDark} />
          <h3>How to work</h3>
          <ul class="help-dialog__list">
            <li>
              The course has four sections. Each step has a button that does it; typing the same
              into the terminal counts as well.
            </li>
            <li>
              The terminal is the machine's first serial line, with a shell on it. A place like{" "}
              <code>hello.c:57</code> in it is a link: it opens the editor at that line.
            </li>
            <li>
              The editor's files are the guest's files below <code>/home/student</code>. Your edits
              are kept in this browser.
            </li>
            <li>
              Build makes a module of your sources, as the folder's Makefile says. Run goes on from
              there: it takes a snapshot, loads the module and runs its test program, all of it
              typed at the terminal. A machine that is down is rescued first.
            </li>
            <li>
              The folder beside the editor's tabs makes, renames, deletes, uploads and downloads
              files, all of them as a zip that builds on any Linux machine. A share link carries the
              sources in itself; whoever opens it sees them first, and nothing of them runs.
            </li>
            <li>
              The kernel's side shows its log, the reports in it with the source lines that they
              lead to, and the modules that are loaded.
            </li>
            <li>
              When the machine freezes, a bar says so and offers Rescue: the machine goes back to
              its last snapshot, and your files stay as they are.
            </li>
          </ul>
          <h3>Keys</h3>
          <dl class="help-dialog__keys">
            {KEYS.map(([keys, what]) => (
              <div key={what}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key} class="key">
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <h3>How building works</h3>
          <p>
            The compiler runs in this browser, beside the guest: clang 16, which the guest's kernel
            was built with, and with the options of the kernel's own build. It is downloaded for the
            first build, some 11 MB with the kernel's headers, and kept. <code>make</code> and{" "}
            <code>gcc</code> in the guest hand your files to it, too.
          </p>
          <h3>What runs here</h3>
          <p>
            {info === undefined
              ? "The machine has not started yet. "
              : `${describeGuest(info)}, with ${info.memoryBytes / 2 ** 20} MiB of memory. `}
            Registers are called <code>eip</code> and <code>eax</code> where a 64-bit kernel has{" "}
            <code>rip</code> and <code>rax</code>. Nothing leaves this browser; after the first
            visit the page works without a network.
          </p>
          <p>
            Licences: <a href="./licenses.md">of the page's libraries</a>,{" "}
            <a href="./images/README.md">of the kernel and the programs in the guest</a>.
          </p>
        </div>
      </dialog>
    </>
  );
}

/** Downloaded when it is seen: the dialog is closed at first. */
function HelpPicture({ isDark }: { readonly isDark: boolean }): JSX.Element {
  return (
    <figure class="help-dialog__picture">
      <img
        src={`./screenshots/freeze-${isDark ? "dark" : "light"}.webp`}
        alt={
          "The page with a frozen machine: on the left the steps of section 3, on the right the " +
          "course's edit above the terminal, and over all of it a bar that says where the CPU " +
          "is stuck, with the button Rescue."
        }
        width={1280}
        height={880}
        loading="lazy"
        // It is not kept for visits without a network.
        onError={(event) => {
          event.currentTarget.hidden = true;
        }}
        onLoad={(event) => {
          event.currentTarget.hidden = false;
        }}
      />
    </figure>
  );
}
