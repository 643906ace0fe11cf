import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatBytes } from "../app/machine-text.js";
import { previewText } from "./preview-text.js";
import type { SharedFile } from "./shared-folder.js";

/** The files of a shared folder with their sizes, and the text of one of them. */
export function SharedFiles({
  files,
  first,
}: {
  readonly files: readonly SharedFile[];
  /** The path of the one that is shown until another one is asked for. */
  readonly first: string | undefined;
}): JSX.Element {
  const selected = useSignal<number | undefined>(undefined);
  const at = selected.value ?? files.findIndex(({ path }) => path === first);
  const file = files[at];
  return (
    <div class="shared-files">
      <ul class="shared-files__list" aria-label="Files of the link">
        {files.map(({ path, text }, index) => (
          <li key={path}>
            <button
              type="button"
              class="shared-files__file"
              aria-pressed={index === at}
              onClick={() => {
                selected.value = index;
              }}
            >
              <span class="shared-files__name">{path}</span>
              <span class="shared-files__size">{sizeOf(text)}</span>
            </button>
          </li>
        ))}
      </ul>
      {file !== undefined && <FilePreview file={file} />}
    </div>
  );
}

function FilePreview({ file }: { readonly file: SharedFile }): JSX.Element {
  const { text, isCut, hasHidden } = useMemo(() => previewText(file.text), [file]);
  return (
    <div class="shared-files__preview">
      {hasHidden && (
        <p class="note note--warning">
          This text has characters in it that are not seen, or that turn its direction. Here they
          stand by their numbers, as in <code>{"<U+202E>"}</code>.
        </p>
      )}
      {isCut && <p class="note">Only the beginning is shown here.</p>}
      <section
        // Scrolled by the keyboard, too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        tabIndex={0}
        class="shared-files__text"
        aria-label={`Text of ${file.path}`}
      >
        <pre>{text === "" ? "(empty)" : text}</pre>
      </section>
    </div>
  );
}

function sizeOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1000 ? `${bytes} bytes` : formatBytes(bytes);
}
