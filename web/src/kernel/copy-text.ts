/**
 * Puts text on the clipboard.
 * @returns whether it is there: a browser may forbid it
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Missing on pages that come by plain HTTP from another machine.
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Denied: the older way may still be allowed, since a click led here.
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
