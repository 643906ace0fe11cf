import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { shortPath } from "../build/place-name.js";
import type { PlacedDeclaration } from "./kernel-declarations.js";
import { folderOf } from "./tab-names.js";

export interface DeclarationFinder {
  /** @throws (rejects) when a header could not be read */
  find(name: string, source: string): Promise<PlacedDeclaration | undefined>;
  /** Opens the file that has a declaration, there. */
  open(declaration: PlacedDeclaration): void;
}

/** Longer than for a problem's mark: a pointer rests on names while one reads. */
const HOVER_MS = 500;

/**
 * Shows how a function or macro is declared when the pointer rests on a call of it, and opens the
 * declaration of the one at the cursor by Alt-Enter.
 */
export function declarationHover({ find, open }: DeclarationFinder): Extension {
  const declarationAt = async (
    state: EditorState,
    position: number,
  ): Promise<{ readonly from: number; readonly declaration: PlacedDeclaration } | undefined> => {
    const called = calledAt(state, position);
    if (called === undefined) return undefined;
    // A header that does not come is told where somebody asks to see it.
    const declaration = await find(called.name, state.sliceDoc()).catch(() => undefined);
    return declaration && { from: called.from, declaration };
  };
  return [
    hoverTooltip(
      async ({ state }, position) => {
        const found = await declarationAt(state, position);
        if (found === undefined) return null;
        return {
          pos: found.from,
          above: true,
          create: () => ({ dom: tooltip(found.declaration, open) }),
        };
      },
      { hoverTime: HOVER_MS },
    ),
    keymap.of([
      {
        key: "Alt-Enter",
        run: ({ state }: EditorView) => {
          const { head } = state.selection.main;
          if (calledAt(state, head) === undefined) return false;
          void declarationAt(state, head).then((found) => found && open(found.declaration));
          return true;
        },
      },
    ]),
  ];
}

/** The name of what is called or declared at a place; undefined where there is none. */
function calledAt(
  state: EditorState,
  position: number,
): { readonly name: string; readonly from: number } | undefined {
  const word = state.wordAt(position);
  if (word === null) return undefined;
  const name = state.sliceDoc(word.from, word.to);
  const line = state.doc.lineAt(word.to);
  const isCalled = /^\s*\(/.test(state.sliceDoc(word.to, line.to));
  if (!isCalled || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  const { name: node } = syntaxTree(state).resolveInner(word.from, 1);
  return /^(?:Type)?Identifier$/.test(node) ? { name, from: word.from } : undefined;
}

function tooltip(
  declaration: PlacedDeclaration,
  open: (declaration: PlacedDeclaration) => void,
): HTMLElement {
  const { path, line, text } = declaration;
  const box = document.createElement("div");
  box.className = "declaration-hover";
  const code = document.createElement("pre");
  code.textContent = text;
  const link = document.createElement("button");
  link.type = "button";
  link.className = "source-link";
  // A header of the kernel's is named from the top of its tree.
  const folder = path.startsWith("/") ? folderOf(path) : "";
  link.textContent = `${shortPath(path, folder)}:${line}`;
  link.addEventListener("click", () => open(declaration));
  box.append(code, link);
  return box;
}
