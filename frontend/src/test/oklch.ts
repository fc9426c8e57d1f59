/** Red, green and blue as light, not as written: 0 is none, 1 is all. */
export type Light = [red: number, green: number, blue: number];

/** `oklch(0.5 0.1 150)` as light; below 0 or above 1 where a screen cannot show it. */
export function lightOf(colour: string): Light {
  const found = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(colour);
  if (!found) throw new Error(`not an opaque oklch colour: ${colour}`);
  const [lightness = 0, chroma = 0, hue = 0] = found.slice(1).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

/** WCAG's contrast of two colours, from 1 to 21. */
export function contrast(one: Light, other: Light): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(light: Light): number {
  const [red, green, blue] = light.map((part) => Math.min(1, Math.max(0, part))) as Light;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
