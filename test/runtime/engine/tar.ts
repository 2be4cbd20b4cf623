/** A ustar archive of texts. */
export function tar(files: Record<string, string>): Uint8Array {
  const blocks = Object.entries(files).map(([name, text]) => {
    const block = Buffer.alloc(512 + Math.ceil(text.length / 512) * 512);
    block.write(name, 0);
    block.write(text.length.toString(8).padStart(11, '0'), 124);
    block.write('0', 156);
    block.write(text, 512);
    return block;
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
