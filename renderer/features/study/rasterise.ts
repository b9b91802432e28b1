/**
 * An SVG file as PNG, drawn by the browser.
 * @param pixels so many for each unit of the picture
 * @throws Error where the browser cannot draw it
 */
export async function rasterise(
  { svg, width, height }: { svg: string; width: number; height: number },
  pixels: number,
): Promise<Blob> {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * pixels;
  canvas.height = height * pixels;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large to be drawn.');
  return blob;
}
