import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { DeleteQuestion } from "./delete-question.js";
import { shortFolder } from "./file-operations.js";

/** Deletes a folder of the user's own, once that was asked. */
export function DeleteFolder({
  folder,
  isBusy,
  onDelete,
}: {
  readonly folder: string;
  readonly isBusy: boolean;
  readonly onDelete: () => void;
}): JSX.Element {
  const isAsking = useSignal(false);
  if (isAsking.value) {
    return (
      <DeleteQuestion
        what={shortFolder(folder)}
        consequence="All that is in it goes for good."
        isBusy={isBusy}
        onAnswer={(isYes) => {
          isAsking.value = false;
          if (isYes) onDelete();
        }}
      />
    );
  }
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        isAsking.value = true;
      }}
    >
      <Icon name="trash" />
      Delete this folder
    </button>
  );
}
