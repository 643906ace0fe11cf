import { emptyRows } from "./empty";
import { mmxInsertExtractRows } from "./insert-extract";
import { mmxMoveRows } from "./move";

/** What only MMX has: its arithmetic stands with that of SSE, in `../sse/`. */
export function mmxRows(): void {
  emptyRows();
  mmxInsertExtractRows();
  mmxMoveRows();
}
