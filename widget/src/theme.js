// The page's own colours.

// White on a dark accent, black on a light one, by its luminance (y), with at least 4.5 to 1.
const side = (most) => `clamp(0, (0.18 - y) * 999, ${most})`;
const READABLE = `color(from var(--accent) xyz ${side(0.95)} ${side(1)} ${side(1.09)})`;

/** data-accent and data-accent-text of the element. */
export function applyTheme({ dataset, style }) {
  if (!dataset.accent) return;
  style.setProperty("--accent", dataset.accent);
  style.setProperty("--on-accent", dataset.accentText || READABLE);
}
