// Makes a screenshot small: text on paper has few colours, so that a palette of 256 says it all.

import { crc32, deflateSync } from "node:zlib";

/** Runs in the browser, which knows how to read a PNG: a palette, and for each pixel its place in it. */
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
  // Colours that are alike become the most frequent one of them, as coarsely as it takes.
  const frequent = [...colours.keys()].sort((a, b) => colours.get(b) - colours.get(a));
  const places = new Map();
  let palette;
  for (let bits = 0; bits < 8; bits += 1) {
    const mask = ((0xff << bits) & 0xff) * 0x010101;
    const groups = new Map();
    palette = [];
    for (const colour of frequent) {
      const group = colour & mask;
      if (!groups.has(group)) groups.set(group, palette.push(colour) - 1);
      places.set(colour, groups.get(group));
    }
    if (palette.length <= 256) break;
  }
  let pixels = "";
  for (let at = 0; at < data.length; at += 4) {
    pixels += String.fromCharCode(places.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]));
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

/** The same picture with at most 256 colours. `page` lends its browser. */
export async function shrink(png, page) {
  const { width, height, palette, pixels } = await page.evaluate(toPalette, png.toString("base64"));
  const indices = Buffer.from(pixels, "base64");
  const rows = [];
  for (let y = 0; y < height; y += 1) rows.push(Buffer.of(0), indices.subarray(y * width, (y + 1) * width));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits for a pixel
  header[9] = 3; // which is a place in a palette
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]))),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
