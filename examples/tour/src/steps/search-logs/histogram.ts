import type { Row } from '@exprsn/logs/store'

const blocks = ' ▁▂▃▄▅▆▇█'

/** Counts as one line of the terminal, a sign each. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts)
  return counts.map((count) => blocks[Math.ceil((count / most) * (blocks.length - 1))]).join('')
}

/** Lines over time as bars, those of one kind in another colour, for the status page. */
export function histogramPicture(all: readonly Row[], marked: readonly Row[], title: string): string {
  const [width, height, left, bottom] = [640, 200, 10, 170]
  const counts = all.map(({ count }) => Number(count))
  const most = Math.max(1, ...counts)
  const step = (width - 2 * left) / Math.max(1, all.length)
  const markedAt = new Map(marked.map(({ time, count }) => [time, Number(count)]))
  const bars = all.map(({ time }, index) => {
    const bar = (count: number, colour: string): string => {
      const tall = (count / most) * (bottom - 30)
      return `<rect x="${(left + index * step).toFixed(1)}" y="${(bottom - tall).toFixed(1)}" width="${(step * 0.9).toFixed(1)}" height="${tall.toFixed(1)}" fill="${colour}"/>`
    }
    return bar(counts[index]!, '#8fb4d9') + bar(markedAt.get(time!) ?? 0, '#c0392b')
  })
  const label = (at: number, anchor: string, text: string): string =>
    `<text x="${at}" y="190" font-size="12" text-anchor="${anchor}" fill="#444">${text}</text>`
  const hour = (row: Row | undefined): string => String(row?.time ?? '').slice(11, 16)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    `<text x="${left}" y="18" font-size="14" fill="#222">${title}</text>`,
    ...bars,
    label(left, 'start', hour(all[0])),
    label(width - left, 'end', hour(all.at(-1))),
    '</svg>',
  ].join('')
}
