import type { JSX } from "preact";

export function EditorPane(): JSX.Element {
  return <div class="bar"><h2 class="bar__title">Editor</h2></div>;
}
