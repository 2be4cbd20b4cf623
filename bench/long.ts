/** A program of about as many lines as asked for: named cells, values, layers of many kinds, repeats, branches and comments. Valid. */
export function longProgram(lines: number): string {
  const out = ['# A long program.', 'model Long', 'data {', '  synthetic shapes 600 classes=4', '  image 32x32 rgb', '}', ''];
  // Units enough that 20,000 lines stay below 20,000 layers.
  const cells = Math.max(1, Math.floor(lines / 16));
  for (let i = 0; i < cells; i++) {
    out.push(`let width_${i}=${8 + (i % 5)}`);
    out.push(`# The unit number ${i}.`);
    out.push(`cell unit_${i}(filters, rate=.25) <`, '  dropout rate', '  conv filters 3x3 same bias=off; batch_norm', '  relu', '>', '');
  }
  out.push('network <');
  for (let i = 0; out.length < lines - 8; i++) {
    const at = (2 * Math.floor(i / 8) + (i % 8 === 3 ? 1 : 0)) % cells;
    switch (i % 8) {
      case 0:
        out.push(`  conv width_${at} 3x3 same  # ${i}`);
        break;
      case 1:
        out.push(`  unit_${at} width_${at}`);
        break;
      case 2:
        out.push('  # Then as before.', '  layer_norm; elu', '');
        break;
      case 3:
        out.push(`  unit_${at} (width_${at} + 2) rate=.1`);
        break;
      case 4:
        out.push('  residual project < conv 12 1x1; relu; conv 12 1x1 >');
        break;
      case 5:
        out.push('  # Two ways side by side.', '  branch < conv 4 1x1 >', '         < conv 4 3x3 same > merge=concat');
        break;
      case 6:
        out.push('  repeat 2 < conv 8 same; relu >');
        break;
      default:
        out.push(`  conv (width_${at} * 2) 1x1 activation=relu name="layer_${i}"`);
    }
  }
  out.push('  global_avg_pool', '  dense classes', '>', 'fit { epochs 2 }');
  return `${out.join('\n')}\n`;
}
