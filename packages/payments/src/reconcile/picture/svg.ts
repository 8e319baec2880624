import { escapeHtml } from './escape-html.ts'

/** A size or a place, without more digits than a screen shows. */
export function place(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Text at a place. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  size = 12,
): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" font-size="${size}">${escapeHtml(text)}</text>`
}

/** A filled rectangle that says on hovering what it stands for. */
export function bar(x: number, y: number, width: number, height: number, fill: string, title: string): string {
  const [left, top, w, h] = [x, y, Math.max(0, width), Math.max(0, height)].map(place)
  return `<rect x="${left}" y="${top}" width="${w}" height="${h}" fill="${fill}"><title>${escapeHtml(title)}</title></rect>`
}

/** Colours with their names, in a row. */
export function legend(x: number, y: number, entries: readonly (readonly [fill: string, name: string])[]): string {
  let left = x
  return entries
    .map(([fill, name]) => {
      const here = left
      left += 30 + name.length * 7
      return `${bar(here, y - 10, 12, 12, fill, name)}${label(here + 17, y, name)}`
    })
    .join('')
}

/** The picture: a title and what it says in words for those who do not see it. */
export function svg(width: number, height: number, title: string, words: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" fill="#1a1a1a">` +
    `<title id="t">${escapeHtml(title)}</title><desc id="d">${escapeHtml(words)}</desc>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>${label(20, 26, title, 'start', 16)}${parts.join('')}</svg>\n`
  )
}
