import type { Projection } from './projection.ts'

/** A bar of a round length, about a fifth of the picture, with its length beside it. */
export function scaleBar(projection: Projection, latitude: number): string {
  const { width, height } = projection
  const longest = width / 5 / projection.pixels(1, latitude)
  const power = 10 ** Math.floor(Math.log10(longest))
  const metres = [5, 2, 1].map((factor) => factor * power).find((length) => length <= longest)!
  const bar = Math.round(projection.pixels(metres, latitude))
  const text = metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`
  const y = height - 8
  return (
    `<path d="M12 ${y - 4}v4h${bar}v-4" fill="none" stroke="#555"/>` +
    `<text x="${12 + bar + 6}" y="${y}" fill="#555">${text}</text>`
  )
}
