/**
 * The one palette of everything that is drawn: plots, report, page, diagram. Colours are Okabe and Ito's ("Color universal design", 2008),
 * which stay apart for every kind of colour blindness; the dark variants are their lighter hues. Training and validation keep theirs everywhere.
 */
export interface Palette {
  readonly background: string;
  readonly text: string;
  /** Axis labels, notes. */
  readonly muted: string;
  readonly axis: string;
  readonly grid: string;
  readonly train: string;
  readonly validation: string;
  /** For anything else that needs telling apart, in this order. */
  readonly series: readonly string[];
}

export const light: Palette = {
  background: '#ffffff',
  text: '#1f2328',
  muted: '#59636e',
  axis: '#8c959f',
  grid: '#e6e9ec',
  train: '#0072b2',
  validation: '#d55e00',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#6e5a00', '#59636e'],
};

export const dark: Palette = {
  background: '#14171a',
  text: '#e6edf3',
  muted: '#9aa4ae',
  axis: '#6e7781',
  grid: '#2a2f35',
  train: '#56b4e9',
  validation: '#f0a35e',
  series: ['#56b4e9', '#f0a35e', '#4cc9a0', '#e5a5cb', '#f0c75e', '#9ad3f5', '#c9b458', '#9aa4ae'],
};

/** No web font: the reader's own; one of the last three is what a Linux machine without a desktop has. */
export const fontStack = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", "DejaVu Sans", Arial, sans-serif';
