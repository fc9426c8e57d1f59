// The looks in which every screen has to pass: on a phone and on a desk, by day and by night.

export interface Appearance {
  name: string;
  colorScheme: "light" | "dark";
  viewport: { width: number; height: number };
}

export const appearances: readonly Appearance[] = (["light", "dark"] as const).flatMap((colorScheme) =>
  [
    { width: 320, height: 640 },
    { width: 1280, height: 800 },
  ].map((viewport) => ({ name: `${colorScheme}, ${viewport.width} px`, colorScheme, viewport })),
);
