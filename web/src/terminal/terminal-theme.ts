import type { ITheme } from "@xterm/xterm";

/** xterm.js's names for colours, and our tokens for them (styles/tokens.css). */
const TOKENS = {
  background: "--terminal-back",
  foreground: "--terminal-text",
  cursor: "--terminal-cursor",
  cursorAccent: "--terminal-back",
  selectionBackground: "--terminal-selection",
  selectionInactiveBackground: "--terminal-selection",
  scrollbarSliderBackground: "--border",
  scrollbarSliderHoverBackground: "--border-control",
  scrollbarSliderActiveBackground: "--border-control",
  black: "--terminal-black",
  red: "--terminal-red",
  green: "--terminal-green",
  yellow: "--terminal-yellow",
  blue: "--terminal-blue",
  magenta: "--terminal-magenta",
  cyan: "--terminal-cyan",
  white: "--terminal-white",
  brightBlack: "--terminal-bright-black",
  brightRed: "--terminal-bright-red",
  brightGreen: "--terminal-bright-green",
  brightYellow: "--terminal-bright-yellow",
  brightBlue: "--terminal-bright-blue",
  brightMagenta: "--terminal-bright-magenta",
  brightCyan: "--terminal-bright-cyan",
  brightWhite: "--terminal-bright-white",
} as const satisfies { readonly [Name in keyof ITheme]?: string };

/**
 * The terminal's colours as they are now. xterm.js takes no CSS variables, and the tokens are
 * `light-dark()`: only a property that has a colour for its value gives the one that holds.
 * @param element whose colours they are; it gets a child for a moment
 */
export function readTerminalTheme(element: HTMLElement): ITheme {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const colours = Object.entries(TOKENS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colours);
}

/** A length or a list of fonts of the tokens. */
export function readToken(element: HTMLElement, token: string): string {
  return getComputedStyle(element).getPropertyValue(token).trim();
}
