import type { Place } from './journey.ts'

/** A town of the picture. */
export interface Town {
  readonly name: string
  readonly place: Place
  readonly population: number
  readonly passed: boolean
}

const width = 900
const height = 330

/** Towns as dots, those the lorry came through named, and its way. */
export function drawJourney(towns: readonly Town[], way: readonly Place[]): string {
  const xs = way.map(([x]) => x)
  const ys = way.map(([, y]) => y)
  const [west, east] = [Math.min(...xs) - 1, Math.max(...xs) + 1]
  const [south, north] = [Math.min(...ys) - 2, Math.max(...ys) + 2]
  const x = ([longitude]: Place): string => (((longitude - west) / (east - west)) * width).toFixed(1)
  const y = ([, latitude]: Place): string => (((north - latitude) / (north - south)) * height).toFixed(1)
  const shown = towns.filter(({ place: [a, b] }) => a > west && a < east && b > south && b < north)
  const dots = shown.map(
    ({ place, passed }) =>
      `<circle cx="${x(place)}" cy="${y(place)}" r="${passed ? 3 : 0.8}" fill="${passed ? '#c2410c' : '#94a3b8'}"/>`,
  )
  const names = shown
    .filter(({ passed }) => passed)
    .toSorted((a, b) => b.population - a.population)
    .slice(0, 10)
    .map(
      ({ name, place }) =>
        `<text x="${x(place)}" y="${Number(y(place)) - 6}" font-size="11">${escapeText(name)}</text>`,
    )
  const points = way.map((place) => `${x(place)},${y(place)}`).join(' ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" text-anchor="middle">`,
    ...dots,
    `<polyline points="${points}" fill="none" stroke="#1d4ed8" stroke-width="1.5"/>`,
    ...names,
    '</svg>',
  ].join('')
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
}
