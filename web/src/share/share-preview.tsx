import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { shortFolder } from "../files/file-operations.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { ArrivedShare } from "./arrived-share.js";
import { firstOf, placeFor, putShared } from "./put-shared.js";
import { SharedFiles } from "./shared-files.js";
import type { SharedFolder } from "./shared-folder.js";
import "./share-preview.css";

/** What a share link carries, to be looked at; nothing is written or run until that is asked for. */
export function SharePreview(): JSX.Element | null {
  const share = useMemo(() => new ArrivedShare(pageAddress, loadOpen), []);
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const wasShown = useRef(false);
  const arrived = share.arrived.value;

  useEffect(() => {
    const look = (): void => void share.look();
    look();
    // A link that is opened in a page that is open already.
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [share]);
  useEffect(() => {
    if (arrived === undefined) {
      // Now that it is drawn without the dialog: until then, the focus is in that.
      if (wasShown.current) focusTerminal();
      wasShown.current = false;
      return;
    }
    wasShown.current = true;
    if (dialog.current?.open === false) dialog.current.showModal();
    // What it is, before what can be done with it.
    title.current?.focus();
  }, [arrived]);

  if (arrived === undefined) return null;
  return (
    <dialog
      class="share-preview"
      ref={dialog}
      aria-labelledby="share-preview-title"
      // Also by Escape, which takes nothing.
      onClose={() => share.decided()}
    >
      <div class="share-preview__content">
        <h2 id="share-preview-title" class="share-preview__title" tabIndex={-1} ref={title}>
          {arrived.kind === "folder" ? "Sources that came with the link" : "The link did not open"}
        </h2>
        {arrived.kind === "folder" ? (
          <Arrived folder={arrived.folder} onDecided={() => dialog.current?.close()} />
        ) : (
          <>
            <p>{arrived.message}</p>
            <div class="share-preview__choices">
              <button
                type="button"
                class="button button--primary"
                onClick={() => dialog.current?.close()}
              >
                Close
              </button>
            </div>
          </>
        )}
      </div>
    </dialog>
  );
}

function Arrived({
  folder,
  onDecided,
}: {
  readonly folder: SharedFolder;
  readonly onDecided: () => void;
}): JSX.Element {
  const { store, actions, panes } = useLab();
  const place = useSignal<string | undefined>(undefined);
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const isReady = store.start.value.phase === "ready";

  useEffect(() => {
    place.value = undefined;
    problem.value = "";
    if (!isReady) return;
    placeFor(actions, folder).then(
      (free) => {
        place.value = free;
      },
      (error) => {
        problem.value = error instanceof Error ? error.message : String(error);
      },
    );
  }, [isReady, actions, folder, place, problem]);

  const put = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = "";
    try {
      const path = await putShared(actions, folder);
      onDecided();
      panes.show("editor");
      const first = firstOf(folder);
      if (first !== undefined) store.show({ path: `${path}/${first}`, line: 1, column: 1 });
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
    isBusy.value = false;
  };

  const into = place.value === undefined ? "~/shared" : shortFolder(place.value);
  return (
    <>
      <p>
        Somebody’s folder <strong>{folder.name}</strong>, to be read only. Nothing of it is in your
        files, and nothing of it runs, unless you put it there and start it yourself. A module runs
        as part of the lab’s kernel, and reaches nothing outside of this tab.
      </p>
      <SharedFiles key={folder.name} files={folder.files} first={firstOf(folder)} />
      <p role="status" class="share-preview__status">
        {problem.value !== ""
          ? problem.value
          : isReady
            ? ""
            : "They can be put into your files when the machine has started."}
      </p>
      <div class="share-preview__choices">
        <button type="button" class="button" onClick={onDecided}>
          <Icon name="trash" />
          Discard
        </button>
        <button
          type="button"
          class="button button--primary"
          disabled={place.value === undefined || isBusy.value}
          onClick={() => void put()}
        >
          <Icon name="folder" />
          {`Put them into ${into}`}
        </button>
      </div>
    </>
  );
}

/**
 * The preview was there before anything had the focus: typing goes to the guest, as from the start.
 * A terminal that is not there yet takes it by itself.
 */
function focusTerminal(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>("#pane-terminal .xterm-helper-textarea")?.focus();
}

const pageAddress = {
  get fragment(): string {
    return location.hash;
  },
  clear(): void {
    // No new entry in the history, and no event.
    history.replaceState(history.state, "", location.pathname + location.search);
  },
};

async function loadOpen() {
  const { openShareFragment } = await import("./share-link.js");
  return openShareFragment;
}
