import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { nameOf } from "../editor/tab-names.js";
import { visibleName } from "../files/file-name.js";
import { readSources } from "../files/folder-sources.js";
import { Icon } from "../icons.js";
import { copyText } from "../kernel/copy-text.js";
import { useLab } from "../lab-context.js";
import { shareable } from "./share-folder.js";
import "./share-button.css";

interface Made {
  readonly address: string;
  readonly text: string;
  readonly isCopied: boolean;
}

/** Puts a link on the clipboard that carries the sources of a folder. */
export function ShareButton({
  folder,
  onBefore,
}: {
  readonly folder: string;
  /** Writes what the editor has not written yet. */
  readonly onBefore: () => Promise<void>;
}): JSX.Element {
  const { actions } = useLab();
  const made = useSignal<Made | undefined>(undefined);
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);

  // It is the other folder's.
  useEffect(() => {
    made.value = undefined;
    problem.value = "";
  }, [folder, made, problem]);

  const share = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    made.value = undefined;
    problem.value = "";
    try {
      await onBefore();
      const { folder: sources, leftOut } = shareable(folder, await readSources(actions, folder));
      // Fetched by those who share.
      const { makeShareLink } = await import("./share-link.js");
      const { address, advice } = makeShareLink(location.href, sources);
      const isCopied = await copyText(address);
      const names = sources.files.map(({ path }) => path).join(", ");
      const without =
        leftOut.length === 0 ? "" : `, without ${leftOut.map(visibleName).join(", ")}`;
      const start = isCopied
        ? "Copied"
        : "The browser does not let the page copy it; take it from here";
      const text = `${start}: ${advice} It carries ${names}${without}.`;
      made.value = { address, isCopied, text };
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
    isBusy.value = false;
    if (made.value?.isCopied === false) requestAnimationFrame(() => field.current?.select());
  };

  return (
    <div class="share-button">
      <button
        type="button"
        class="button"
        aria-disabled={isBusy.value}
        title={`A link with the sources of ${nameOf(folder)} in it`}
        onClick={() => void share()}
      >
        <Icon name="link" />
        Copy share link
      </button>
      {made.value !== undefined && (
        <input
          class="field share-button__link"
          type="text"
          readOnly
          aria-label="The share link"
          value={made.value.address}
          ref={field}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
      <p role="status" class="share-button__outcome">
        {made.value?.text ?? problem.value}
      </p>
    </div>
  );
}
