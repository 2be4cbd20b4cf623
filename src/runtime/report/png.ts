/** SVG to PNG at twice the size, by resvg. Letters come from the fonts of this machine. */
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';

const font: ResvgRenderOptions['font'] = { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' };

/** False where the machine has no font at all: pictures then have no lettering, while SVGs keep theirs. */
export function fontsPresent(): boolean {
  const probe = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="sans-serif" font-size="12">8</text></svg>', { font });
  return probe.getBBox() !== undefined;
}

/** `svg` must not depend on media queries (plotSvg's scheme `light`). */
export function pngOf(svg: string, scale = 2): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font, logLevel: 'off' }).render().asPng();
}
