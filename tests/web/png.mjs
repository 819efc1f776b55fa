// Reduces the size of screenshots to a palette of 256 colours, which is enough for pages of text.

import { crc32, deflateSync } from "node:zlib";

/** Runs in the browser, which decodes the PNG: returns a palette and the index of each pixel. */
async function toPalette(source) {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${source}`)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const colours = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  // Merges similar colours into the most frequent of them, dropping low bits until 256 are left.
  const frequent = [...colours.keys()].sort((a, b) => colours.get(b) - colours.get(a));
  const indices = new Map();
  let palette;
  for (let bits = 0; bits < 8; bits += 1) {
    const mask = ((0xff << bits) & 0xff) * 0x010101;
    const groups = new Map();
    palette = [];
    for (const colour of frequent) {
      const group = colour & mask;
      if (!groups.has(group)) groups.set(group, palette.push(colour) - 1);
      indices.set(colour, groups.get(group));
    }
    if (palette.length <= 256) break;
  }
  let pixels = "";
  for (let at = 0; at < data.length; at += 4) {
    pixels += String.fromCharCode(indices.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]));
  }
  return { width, height, palette, pixels: btoa(pixels) };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** The same image with at most 256 colours. The PNG is decoded in `page`, any open page. */
export async function shrink(png, page) {
  const { width, height, palette, pixels } = await page.evaluate(toPalette, png.toString("base64"));
  const indices = Buffer.from(pixels, "base64");
  const rows = [];
  for (let y = 0; y < height; y += 1) rows.push(Buffer.of(0), indices.subarray(y * width, (y + 1) * width));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits per pixel
  header[9] = 3; // colour type: index into the palette
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]))),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
