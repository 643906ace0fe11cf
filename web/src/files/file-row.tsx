import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isBuilt } from "../editor/tab-names.js";
import { Icon } from "../icons.js";
import { DeleteQuestion } from "./delete-question.js";

export interface FileRowProps {
  readonly name: string;
  readonly isBusy: boolean;
  /** Its name is being changed. */
  readonly isRenaming: boolean;
  readonly onOpen: () => void;
  /** A new name, or undefined: none after all. */
  readonly onRename: (name: string | undefined) => void;
  readonly onStartRenaming: () => void;
  readonly onDownload: () => void;
  /** @returns whether it can be undone: else it is asked for once more, and `onDelete` called then */
  readonly canBringBack: () => Promise<boolean>;
  readonly onDelete: () => void;
}

/** One file of the folder, and what can be done with it. */
export function FileRow(props: FileRowProps): JSX.Element {
  const { name, isBusy, isRenaming, onOpen, onStartRenaming, onDownload, onDelete } = props;
  const isAsking = useSignal(false);
  const askDelete = async (): Promise<void> => {
    if (await props.canBringBack()) onDelete();
    else isAsking.value = true;
  };
  if (isRenaming) {
    return (
      <li class="files-menu__item">
        <RenameForm name={name} isBusy={isBusy} onRename={props.onRename} />
      </li>
    );
  }
  if (isAsking.value) {
    return (
      <li class="files-menu__item">
        <DeleteQuestion
          what={name}
          consequence="It does not come back, unless it is built again."
          isBusy={isBusy}
          onAnswer={(isYes) => {
            isAsking.value = false;
            if (isYes) onDelete();
          }}
        />
      </li>
    );
  }
  return (
    <li class="files-menu__item" data-file={name}>
      {isBuilt(name) ? (
        <span class="files-menu__name files-menu__name--built">{name}</span>
      ) : (
        <button type="button" class="files-menu__name files-menu__open" onClick={onOpen}>
          {name}
        </button>
      )}
      <IconButton
        icon="pencil"
        verb="Rename"
        name={name}
        isDisabled={isBusy}
        onClick={onStartRenaming}
      />
      <IconButton
        icon="download"
        verb="Download"
        name={name}
        isDisabled={isBusy}
        onClick={onDownload}
      />
      <IconButton
        icon="trash"
        verb="Delete"
        name={name}
        isDisabled={isBusy}
        onClick={() => void askDelete()}
      />
    </li>
  );
}

function IconButton({
  icon,
  verb,
  name,
  isDisabled,
  onClick,
}: {
  readonly icon: "pencil" | "download" | "trash";
  readonly verb: string;
  readonly name: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`${verb} ${name}`}
      title={verb}
      // Not `disabled`, which would take the focus away from whoever works by the keyboard.
      aria-disabled={isDisabled}
      onClick={() => {
        if (!isDisabled) onClick();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function RenameForm({
  name,
  isBusy,
  onRename,
}: Pick<FileRowProps, "name" | "isBusy" | "onRename">): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    // The name without its ending, as file managers do.
    const end = name.lastIndexOf(".");
    field.current?.setSelectionRange(0, end > 0 ? end : name.length);
  }, [name]);
  return (
    <form
      class="files-menu__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onRename(field.current?.value ?? name);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // It ends the renaming, and does not close the menu.
        event.preventDefault();
        event.stopPropagation();
        onRename(undefined);
      }}
    >
      <input
        class="field"
        type="text"
        aria-label={`New name of ${name}`}
        defaultValue={name}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        ref={field}
      />
      <button type="submit" class="button">
        Rename
      </button>
      <button type="button" class="button button--quiet" onClick={() => onRename(undefined)}>
        Cancel
      </button>
    </form>
  );
}
