/** What a search over so many stops takes. */
export interface GrowthRow {
  readonly stops: number
  /** Thousands of iterations per CPU second. */
  readonly rate: number
  /** MB beside the matrix. */
  readonly memory: number
}

const [width, height, left, bottom] = [640, 360, 50, 310]
const series = [
  { key: 'rate', label: '1,000 iterations per CPU s', colour: '#b8432f' },
  { key: 'memory', label: 'memory, MB', colour: '#2f6db8' },
] as const
const decades = [0.1, 1, 10, 100, 1_000]

/** Lines over the number of stops; both scales grow by factors. */
export function growthPlot(rows: readonly GrowthRow[]): string {
  const share = (value: number, least: number, most: number): number =>
    (Math.log(Math.max(value, least)) - Math.log(least)) / (Math.log(most) - Math.log(least))
  const x = (stops: number): number =>
    left + 20 + share(stops, rows[0]!.stops, rows.at(-1)!.stops) * (width - left - 230)
  const y = (value: number): number => bottom - share(value, decades[0]!, decades.at(-1)!) * (bottom - 30)
  const lines = decades.map(
    (value) =>
      `<path d="M${left} ${y(value).toFixed(1)}H${width - 200}" stroke="#ddd"/><text x="${left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value}</text>`,
  )
  const marks = rows.map(
    ({ stops }) => `<text x="${x(stops).toFixed(0)}" y="${bottom + 20}" text-anchor="middle">${stops}</text>`,
  )
  const drawn = series.map(({ key, label, colour }) => {
    const points = rows.map((row) => [x(row.stops).toFixed(1), y(row[key]).toFixed(1)] as const)
    const dots = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3"/>`).join('')
    const last = (y(rows.at(-1)![key]) + 4).toFixed(0)
    return `<g fill="${colour}"><polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<text x="${width - 194}" y="${last}">${label}</text></g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>What route optimisation takes over the number of stops</title>',
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...[...lines, ...marks, ...drawn],
    `<text x="${left}" y="${height - 8}">stops with capacities alone, ten to a vehicle</text>`,
    '</svg>\n',
  ].join('\n')
}
