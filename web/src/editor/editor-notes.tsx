import type { Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { EditedFile } from "./edited-file.js";
import type { Comparison } from "./editor-pane.js";
import type { Content } from "./open-files.js";
import { folderOf, nameOf } from "./tab-names.js";
import type { WriteOrder } from "./write-order.js";

interface NotesProps {
  readonly path: string;
  readonly content: Content;
  readonly comparison: Signal<Comparison | undefined>;
  readonly order: WriteOrder;
}

/** What a person has to know of the file in front, above its text. */
export function EditorNotes({ path, content, comparison, order }: NotesProps): JSX.Element | null {
  if (comparison.value !== undefined) {
    const { before, after } = comparison.value;
    return (
      <Note>
        {`${before.path}, compared with ${after.path}.`}
        <Action
          label="Back to the text"
          onClick={() => {
            comparison.value = undefined;
          }}
        />
      </Note>
    );
  }
  switch (content.kind) {
    case "edit":
      return (
        <Note>
          What you have changed in <code>{nameOf(content.source)}</code>, and what the course
          changes in it. Other edits of yours are in no step’s way.
        </Note>
      );
    case "source":
      return <Note>A source of the kernel that runs in the lab, to be read only.</Note>;
    case "file":
      return (
        <FileNotes
          path={path}
          file={content.file}
          original={content.original}
          comparison={comparison}
          order={order}
        />
      );
    case "loading":
    case "absent":
      return null;
  }
}

function FileNotes({
  path,
  file,
  original,
  comparison,
  order,
}: Omit<NotesProps, "content"> & {
  readonly file: EditedFile;
  readonly original: string | undefined;
}): JSX.Element | null {
  const name = nameOf(path);
  const compare = (title: string, text: string): void => {
    comparison.value = {
      path,
      before: { path: title, text },
      after: { path: `your ${name}`, text: file.text },
    };
  };
  const state = file.state.value;
  switch (state.kind) {
    case "conflict":
      return (
        <Note look="warning" isUrgent>
          {`${name} was changed elsewhere while you typed, in the guest or in another tab. Your text is kept here, and not written.`}
          <Action
            label="Compare"
            onClick={() => compare(`${name} as it is in the guest`, state.theirs)}
          />
          <Action label="Write mine" onClick={() => void file.keepMine()} />
          <Action label="Take the other" onClick={() => file.takeTheirs()} />
        </Note>
      );
    case "removed":
      return (
        <Note look="warning" isUrgent>
          {`${name} was removed in the guest. Its text is still here.`}
          <Action label="Write it again" onClick={() => void file.save()} />
        </Note>
      );
    case "failed":
      return (
        <Note look="danger" isUrgent>
          {`${name} could not be written; your text is kept here. ${state.message}`}
          <Action label="Try again" onClick={() => void file.save()} />
        </Note>
      );
    default: {
      const isChanged = original !== undefined && file.text !== original;
      const made = madeFrom(name);
      const isOlder =
        made !== undefined && order.isOlder(`${folderOf(path)}/${made}`, path, isChanged);
      if (!isChanged && !isOlder) return null;
      return (
        <Note>
          {isChanged && `The course’s ${name}, with changes of yours. `}
          {isOlder && (
            <>
              <code>{made}</code> is not built from this text yet.
            </>
          )}
          {isChanged && (
            <Action
              label="Show what you changed"
              onClick={() => compare(`the course’s ${name}`, original)}
            />
          )}
        </Note>
      );
    }
  }
}

/** What is made of a source of the course's. */
function madeFrom(name: string): string | undefined {
  return { "hello.c": "hello.ko", "hello-test.c": "a.out" }[name];
}

function Note({
  look,
  isUrgent = false,
  children,
}: {
  readonly look?: "warning" | "danger";
  readonly isUrgent?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div
      class={look === undefined ? "editor-note" : `note editor-note note--${look}`}
      role={isUrgent ? "alert" : undefined}
    >
      {children}
    </div>
  );
}

function Action({
  label,
  onClick,
}: {
  readonly label: string;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="button editor-note__action" onClick={onClick}>
      {label}
    </button>
  );
}
